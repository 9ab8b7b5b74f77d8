/**
 * The flags of `serve`.
 *
 * @module
 */

import { CACHE_FLAGS } from "./cache-flags.ts";
import { CREDENTIAL_FLAGS } from "./flag-tables.ts";
import type { Flag } from "./flags.ts";

/** The port when none is given: the original helper's. */
export const DEFAULT_SERVE_PORT = 9911;

/** The hop limit when none is given, which is the one of the operating systems. */
export const DEFAULT_HOP_LIMIT = 64;

/** How long an authorization token stands in its file, in seconds, when nobody says. */
export const DEFAULT_TOKEN_ROTATION_SECONDS = 3600;

/** The flags: those of the commands that make a session, with as many roles as are wanted, and those of the server. */
export const SERVE_FLAGS: readonly Flag[] = /* @__PURE__ */ serveFlags();

function serveFlags(): readonly Flag[] {
  return [
    ...CREDENTIAL_FLAGS.concat(CACHE_FLAGS).map((flag): Flag =>
      flag.name === "role-arn"
        ? {
          ...flag,
          repeatable: true,
          help: "ARN of a role, or NAME=ARN; the first is served by default, all of them by their names",
        }
        : flag
    ),
    { name: "port", type: "integer", default: DEFAULT_SERVE_PORT, help: "TCP port; 0: any that is free" },
    {
      name: "hop-limit",
      type: "integer",
      default: DEFAULT_HOP_LIMIT,
      help: "IP hop limit of answers; no runtime can set it: see IPTTL= of systemd's socket units",
    },
    { name: "bind", type: "string", default: "127.0.0.1", help: "Address to listen on, IPv4 or IPv6" },
    {
      name: "allow-other-machines",
      type: "boolean",
      help: "Let --bind be reachable for others, who then need the authorization token",
    },
    { name: "unix-socket", type: "string", help: "Path of a Unix socket to listen on instead of a port" },
    {
      name: "mode",
      type: "string",
      default: "both",
      oneOf: ["both", "imds", "container"],
      help: "imds: as on EC2; container: as on ECS and EKS, with an authorization token; both",
    },
    {
      name: "token-file",
      type: "string",
      help: "Where to write the authorization token; default: anyrole-token-PORT in the runtime or home directory",
    },
    {
      name: "token-rotation",
      type: "integer",
      default: DEFAULT_TOKEN_ROTATION_SECONDS,
      help: "Seconds after which the authorization token is replaced, at least 60; the old one is good as long again",
    },
    {
      name: "allowed-host",
      type: "string",
      repeatable: true,
      help: "A further name that clients may call the server by",
    },
  ];
}
