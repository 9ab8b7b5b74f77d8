/**
 * The floors of the house: which part a file belongs to, and what each part may import.
 *
 * @module
 */

/** Floors of core, from the ground up; folders of one floor do not know each other. */
const FLOORS: readonly (readonly string[])[] = [
  ["bytes"],
  ["der", "pem", "aws"],
  ["crypto"],
  ["keys"],
  ["x509"],
  ["sign"],
  ["path", "sigv4", "selection", "policy", "issue"],
  ["session"],
  ["decision", "credentials"],
  ["fetch"],
];

const GROUND: readonly string[] = ["base-error.ts", "ports.ts", "response-body.ts", "time-limit.ts", "version.ts"];

const ROOF = FLOORS.length;

/** Ranks of the parts of `runtimes/`; parts of one rank do not know each other. */
const RUNTIME_RANKS: Readonly<Record<string, number>> = {
  host: 0,
  shared: 1,
  endpoints: 2,
  emulator: 3,
  cli: 3,
  node: 4,
  deno: 4,
  bun: 4,
  edge: 4,
  wasm: 4,
};

/** Where a file lives. */
export interface Place {
  readonly house: "core" | "runtimes" | "hsm-bridge";
  /** The folder that a file may import from freely. */
  readonly part: string;
  /** Floor or rank; a file imports from lower ones. */
  readonly level: number;
}

/** The place of a published file; undefined for a folder that the design does not know. */
export function placeOf(path: string): Place | undefined {
  const [house, folder, ...rest] = path.split("/");
  if (house === "hsm-bridge") return { house, part: "hsm-bridge", level: 0 };
  if (house === "core") {
    if (rest.length === 0) {
      // The files at the top of core: some lie on the ground, with the octets; two are the roof.
      if (GROUND.includes(folder!)) return { house, part: "bytes", level: 0 };
      if (folder === "mod.ts" || folder === "errors.ts") return { house, part: "roof", level: ROOF };
      return undefined;
    }
    const level = FLOORS.findIndex((folders) => folders.includes(folder!));
    return level < 0 ? undefined : { house, part: folder!, level };
  }
  if (house === "runtimes") {
    const part = rest.length === 0 ? "host" : folder!;
    const level = RUNTIME_RANKS[part];
    return level === undefined ? undefined : { house, part, level };
  }
  return undefined;
}

/** Why `from` may not import `to` this way, or undefined when it may. Both are published files of ours. */
export function objection(from: Place, to: Place, kind: "value" | "type" | "dynamic"): string | undefined {
  if (from.house === "core") return fromCore(from, to);
  if (from.house === "hsm-bridge") return fromBridge(to);
  return fromRuntimes(from, to, kind);
}

function fromCore(from: Place, to: Place): string | undefined {
  if (to.house !== "core") return "core knows no runtime";
  if (to.part === from.part || to.level < from.level) return undefined;
  return to.level === from.level ? "sideways: both are on one floor" : "upwards";
}

function fromBridge(to: Place): string | undefined {
  if (to.house === "hsm-bridge") return undefined;
  if (to.house === "runtimes") return "the bridge knows no runtime";
  const allowed = to.level <= 5 || to.part === "selection" || to.part === "issue";
  return allowed ? undefined : "the bridge uses floors 0 to 5, selection and issue";
}

function fromRuntimes(from: Place, to: Place, kind: "value" | "type" | "dynamic"): string | undefined {
  if (to.house === "core") return undefined;
  if (from.part === "edge" && to.part !== "edge") return "edge uses core alone";
  const lazily = from.part === "cli" &&
    (to.house === "hsm-bridge" || to.part === "emulator" || to.part === "endpoints");
  if (lazily) return kind === "dynamic" ? undefined : "the command line reaches it by import() alone";
  if (to.house === "hsm-bridge") return "only the command line reaches the bridge";
  if (to.part === from.part || to.level < from.level) return undefined;
  return to.level === from.level ? "sideways" : "upwards";
}
