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
  {
    name: "cache-secret-file",
    type: "string",
    help:
      "File of 16 to 4096 octets that seals the cache: keys of devices whose signatures are never the same (EC) need " +
      "one to share credentials; or -, fd:N, env:NAME",
  },
];

/**
 * The cache; undefined when it is not to be used. It is not with `--no-verify-ssl` either: what somebody said who may
 * have been anybody is not kept.
 *
 * Secret: what is in the file of `--cache-secret-file`, which is kept as long as the cache.
 *
 * @throws {UsageError} `--minimum-life` is no session's, or the secret is too short
 * @throws {HostError} the secret cannot be read
 */
export function cacheOfFlags(host: Host, values: FlagValues): SharedSessions | undefined {
  const life = values.mentioned.has("minimum-life") ? values.integer("minimum-life") : undefined;
  if (life !== undefined && (life < 0 || life > LONGEST_SECONDS)) {
    throw invalid("minimum-life", String(life), `must be from 0 to ${LONGEST_SECONDS}`);
  }
  if (values.boolean("no-cache") || values.boolean("no-verify-ssl")) return undefined;
  const file = values.text("cache-secret-file");
  const secret = file === undefined ? undefined : host.readFile(file, MAX_SECRET_LENGTH);
  if (secret !== undefined && secret.length < MIN_SECRET_LENGTH) {
    throw invalid("cache-secret-file", "…", `must have at least ${MIN_SECRET_LENGTH} octets`);
  }
  return sharedCache(host, { minimumLifeSeconds: life, secret }, (error) => {
    if (values.boolean("debug")) host.writeError(logLine(host.now(), `no cache: ${errorLine(error)}`));
  });
}

const LONGEST_SECONDS = 43_200;

/** Of the secret, in octets. */
const MIN_SECRET_LENGTH = 16;
const MAX_SECRET_LENGTH = 4096;
