/**
 * The flags of `emulator`.
 *
 * @module
 */

import type { Flag } from "./flags.ts";

/** The port when none is given. */
export const DEFAULT_EMULATOR_PORT = 4577;

/** The flags. */
export const EMULATOR_FLAGS: readonly Flag[] = [
  { name: "port", type: "integer", default: DEFAULT_EMULATOR_PORT, help: "TCP port; 0: any that is free" },
  { name: "host", type: "string", default: "127.0.0.1", help: "Address to listen on" },
  {
    name: "allow-other-machines",
    type: "boolean",
    help: "Let --host be reachable for others, who can then use the emulator and see what it holds",
  },
  { name: "tls", type: "boolean", help: "Serve HTTPS with a certificate of the emulator's own CA" },
  {
    name: "tls-ca-file",
    type: "string",
    help: "Where to write that CA's certificate; default: STATE.ca.pem, or anyrole-emulator-ca.pem",
  },
  { name: "tls-name", type: "string", repeatable: true, help: "A further name or address of the server" },
  { name: "state", type: "string", help: "File that keeps everything; default: nothing is kept" },
  {
    name: "preset",
    type: "string",
    default: "documented",
    oneOf: ["lenient", "documented", "paranoid"],
    help: "lenient: no quotas, rates or signatures of callers; documented: all; paranoid: denies on every doubt",
  },
  { name: "region", type: "string", default: "us-east-1", help: "Region of requests that name none" },
  { name: "account", type: "string", default: "123456789012", help: "Account that everything belongs to" },
  { name: "seed", type: "string", help: "Make identifiers that are the same in every run" },
  { name: "events", type: "string", help: "File that the event log is appended to, JSON lines" },
];
