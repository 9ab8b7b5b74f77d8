/**
 * The flags of `update`.
 *
 * @module
 */

import { CACHE_FLAGS } from "./cache-flags.ts";
import { CREDENTIAL_FLAGS } from "./flag-tables.ts";
import type { Flag } from "./flags.ts";

/** The profile when none is given. */
export const DEFAULT_PROFILE = "default";

/** The flags: those of the commands that make a session, and those of the file. */
export const UPDATE_FLAGS: readonly Flag[] = /* @__PURE__ */ CREDENTIAL_FLAGS.concat(CACHE_FLAGS, [
  {
    name: "profile",
    type: "string",
    repeatable: true,
    default: DEFAULT_PROFILE,
    help: "Profile to write; several get the same credentials",
  },
  { name: "once", type: "boolean", help: "Update once and end" },
]);
