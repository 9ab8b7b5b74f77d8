/**
 * The flags of `env`.
 *
 * @module
 */

import { CACHE_FLAGS } from "./cache-flags.ts";
import { CREDENTIAL_FLAGS } from "./flag-tables.ts";
import type { Flag } from "./flags.ts";

/** The flags: those of the commands that make a session, and those of the text. */
export const ENV_FLAGS: readonly Flag[] = /* @__PURE__ */ CREDENTIAL_FLAGS.concat(CACHE_FLAGS, [
  {
    name: "format",
    type: "string",
    default: "sh",
    oneOf: ["sh", "fish", "powershell", "dotenv", "github-actions"],
    help: "sh, fish, powershell, dotenv, or github-actions, which masks secrets and writes to the file of GITHUB_ENV",
  },
  { name: "unset", type: "boolean", help: "Take the variables away again; needs no other flag but --format" },
]);
