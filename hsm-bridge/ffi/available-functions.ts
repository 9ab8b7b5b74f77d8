/**
 * Which foreign functions this runtime has.
 *
 * @module
 */

import { HsmError } from "../hsm-error.ts";
import { type BunForeign, bunFunctions } from "./bun.ts";
import { type DenoForeign, denoFunctions } from "./deno.ts";
import type { ForeignFunctions } from "./foreign-functions.ts";
import { koffiFunctions, loadKoffi } from "./koffi.ts";
import { type NodeForeign, nodeFunctions } from "./node-ffi.ts";
import { type NodeProcess, nodeProcess } from "./platform.ts";
import { type FileThere, windowsLoading } from "./windows-loading.ts";

/** The backends, by the names that {@linkcode ForeignFunctions} carry. */
export type ForeignBackend = "Deno.dlopen" | "koffi" | "bun:ffi" | "node:ffi";

/**
 * The foreign functions of this runtime: Deno's own; in Bun and Node koffi where it is installed, because its calls
 * leave the event loop free, and otherwise `bun:ffi` or `node:ffi`.
 *
 * @param backend takes this one, or fails
 * @throws {HsmError} `ERR_HSM_FFI_UNAVAILABLE`: there is none here; the message says what to do
 */
export async function foreignFunctions(backend?: ForeignBackend): Promise<ForeignFunctions> {
  for (const [name, load] of Object.entries(LOADERS)) {
    const found = backend === undefined || backend === name ? await load() : undefined;
    if (found !== undefined) return found.platform === "windows" ? windowsLoading(found, await fileThere()) : found;
  }
  throw new HsmError(
    "ERR_HSM_FFI_UNAVAILABLE",
    `Cannot call C libraries: this runtime has no ${backend ?? "foreign functions"}; ` +
      "in Node install koffi (npm install koffi), or use Node 26, Deno with --allow-ffi, or Bun",
  );
}

type Loader = () => ForeignFunctions | undefined | Promise<ForeignFunctions | undefined>;

const LOADERS: Readonly<Record<ForeignBackend, Loader>> = {
  "Deno.dlopen": () => {
    const { Deno: deno } = globalThis as unknown as { Deno?: DenoForeign };
    return deno === undefined ? undefined : denoFunctions(deno);
  },
  "koffi": async () => {
    const process = nodeProcess();
    const koffi = process === undefined ? undefined : await loadKoffi();
    return koffi === undefined ? undefined : koffiFunctions(koffi, process!);
  },
  "bun:ffi": () => {
    const process = nodeProcess();
    if (process?.versions["bun"] === undefined) return undefined;
    const files = builtin<{ existsSync(path: string): boolean }>(process, "node:fs");
    return bunFunctions(builtin<BunForeign>(process, "bun:ffi")!, process, (path) => files!.existsSync(path));
  },
  "node:ffi": () => {
    const process = nodeProcess();
    const node = process === undefined ? undefined : builtin<NodeForeign>(process, "node:ffi");
    return node === undefined ? undefined : nodeFunctions(node, process!);
  },
};

/** Looks for files; Deno may not allow it. */
async function fileThere(): Promise<FileThere> {
  const { statSync } = await import("node:fs");
  return (path) => {
    try {
      statSync(path);
      return true;
    } catch (error) {
      return ["ENOENT", "ENOTDIR"].includes((error as { code?: string }).code ?? "") ? false : undefined;
    }
  };
}

function builtin<Module>(process: NodeProcess, name: string): Module | undefined {
  return process.getBuiltinModule?.(name) as Module | undefined;
}
