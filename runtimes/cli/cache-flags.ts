/**
 * From the flags of the cache to the sessions that processes share.
 *
 * @module
 */

import type { SharedSessions } from "../../core/credentials/shared-sessions.ts";
import type { Host } from "../host.ts";
import { sharedCache } from "../shared/credential-store/shared-cache.ts";
import { errorLine } from "./error-line.ts";
import { type Flag, type FlagValues, invalid } from "./flags.ts";
import { logLine } from "./log-line.ts";

/** The flags. */
export const CACHE_FLAGS: readonly Flag[] = [
  { name: "no-cache", type: "boolean", help: "Neither take credentials of the shared cache nor keep them there" },
  {
    name: "minimum-life",
    type: "integer",
    help: "Seconds that credentials of the cache must still live; default: 900, or half of their life",
  },
];

/**
 * The cache; undefined when it is not to be used. It is not with `--no-verify-ssl` either: what somebody said who may
 * have been anybody is not kept.
 *
 * @throws {UsageError} `--minimum-life` is no session's
 */
export function cacheOfFlags(host: Host, values: FlagValues): SharedSessions | undefined {
  const life = values.mentioned.has("minimum-life") ? values.integer("minimum-life") : undefined;
  if (life !== undefined && (life < 0 || life > LONGEST_SECONDS)) {
    throw invalid("minimum-life", String(life), `must be from 0 to ${LONGEST_SECONDS}`);
  }
  if (values.boolean("no-cache") || values.boolean("no-verify-ssl")) return undefined;
  return sharedCache(host, { minimumLifeSeconds: life }, (error) => {
    if (values.boolean("debug")) host.writeError(logLine(host.now(), `no cache: ${errorLine(error)}`));
  });
}

const LONGEST_SECONDS = 43_200;
