/**
 * Where `serve` listens and whom it may answer, from its flags and from what systemd hands over.
 *
 * @module
 */

import type { Host } from "../host.ts";
import type { ListenPlace } from "../listeners.ts";
import { type FlagValues, invalid } from "./flags.ts";
import { UsageError } from "./usage-error.ts";

/** The first descriptor that systemd hands over (sd_listen_fds(3)). */
const FIRST_DESCRIPTOR = 3;

/** What the flags say about the place. @throws {UsageError} */
export function servePlace(host: Host, values: FlagValues, processId: number): ListenPlace {
  const port = values.integer("port");
  if (port < 0 || port > 65_535) throw invalid("port", String(port), "a port is 0 to 65535");
  const hopLimit = values.integer("hop-limit");
  if (hopLimit !== -1 && (hopLimit < 1 || hopLimit > 255)) {
    throw invalid("hop-limit", String(hopLimit), "a hop limit is 1 to 255, or -1 for the system's own");
  }
  const handed = host.environment("LISTEN_FDS") ?? "";
  const descriptors = /^\d+$/.test(handed) ? Number(handed) : 0;
  if (descriptors > 0 && host.environment("LISTEN_PID") === String(processId)) {
    if (descriptors > 1) {
      throw new UsageError(
        "ERR_USAGE_INVALID_VALUE",
        `systemd hands over ${descriptors} sockets, and one is served: leave one Listen… line in the socket unit`,
      );
    }
    return { kind: "descriptor", descriptor: FIRST_DESCRIPTOR };
  }
  const path = values.text("unix-socket");
  if (path !== undefined) {
    if (values.mentioned.has("port") || values.mentioned.has("bind")) {
      throw new UsageError("ERR_USAGE_EXCLUSIVE_FLAGS", "--unix-socket stands in the place of --bind and --port");
    }
    return { kind: "unix", path };
  }
  const hostname = (values.text("bind") ?? "127.0.0.1").replace(/^\[(.*)\]$/, "$1");
  if (!hostname.includes(":") && !/^\d{1,3}(\.\d{1,3}){3}$/.test(hostname) && hostname !== "localhost") {
    throw invalid("bind", hostname, "must be an IP address");
  }
  return { kind: "tcp", hostname, port };
}

/** What is answered at an address. */
export interface ServeScope {
  readonly mode: "both" | "imds" | "container";
  /** What a person should know. */
  readonly notes: readonly string[];
}

/**
 * Which endpoints an address may have: what other machines can reach serves whoever has the authorization token alone,
 * and only when that is meant.
 *
 * @param reachable whether other machines can reach it
 * @throws {UsageError}
 */
export function serveScope(values: FlagValues, hostname: string, reachable: boolean): ServeScope {
  const mode = values.text("mode") as ServeScope["mode"];
  const hopLimit = values.integer("hop-limit");
  const otherLimit = values.mentioned.has("hop-limit") && hopLimit !== 64 && hopLimit !== -1;
  if (!reachable) {
    const note = `--hop-limit ${hopLimit} is not set, and need not be: nothing leaves this machine`;
    return { mode, notes: otherLimit ? [note] : [] };
  }
  if (!values.boolean("allow-other-machines")) {
    throw new UsageError(
      "ERR_USAGE_MISSING_FLAG",
      `${hostname} lets other machines ask for credentials; if that is meant, add --allow-other-machines: they then ` +
        "need the authorization token, which travels unencrypted",
    );
  }
  if (mode === "imds" || (mode === "both" && values.mentioned.has("mode"))) {
    throw new UsageError(
      "ERR_USAGE_INVALID_VALUE",
      `--mode ${mode} is for this machine alone: others need an authorization token, which IMDS has not`,
    );
  }
  if (otherLimit) {
    throw new UsageError(
      "ERR_USAGE_INVALID_VALUE",
      `--hop-limit ${hopLimit} cannot be set by this runtime; a socket unit of systemd can (IPTTL=${hopLimit})`,
    );
  }
  return { mode: "container", notes: [] };
}

/** Where the authorization token goes. @throws {UsageError} when there is no place for it, or it is none for SDKs */
export function tokenFilePath(
  host: Host,
  values: FlagValues,
  port: number | undefined,
  prefix: string = "anyrole-token",
): string {
  const given = values.text("token-file");
  if (given !== undefined) {
    if (!/^(\/|[A-Za-z]:[\\/])/.test(given)) {
      throw invalid("token-file", given, "must be an absolute path: SDKs look from other directories");
    }
    return given;
  }
  const name = port === undefined ? prefix : `${prefix}-${port}`;
  // systemd names several directories with colons between them.
  const runtime = host.environment("RUNTIME_DIRECTORY")?.split(":")[0] || host.environment("XDG_RUNTIME_DIR");
  if (runtime) return `${runtime}/${name}`;
  const home = host.environment("HOME") || host.environment("USERPROFILE");
  if (home) return `${home}/.${name}`;
  throw new UsageError(
    "ERR_USAGE_MISSING_FLAG",
    "there is no directory for the authorization token (XDG_RUNTIME_DIR, HOME): pass --token-file",
  );
}
