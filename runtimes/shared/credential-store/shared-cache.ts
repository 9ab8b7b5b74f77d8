/**
 * Sessions that the processes of one user share, in files.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import { sealingProvider } from "../../../core/credentials/sealing-key.ts";
import { type SharedSessions, shareSessions } from "../../../core/credentials/shared-sessions.ts";
import type { CredentialStore } from "../../../core/credentials/store.ts";
import type { CryptoProvider } from "../../../core/crypto/provider.ts";
import type { Host } from "../../host.ts";
import { cacheDirectory } from "./cache-directory.ts";
import { fileStore } from "./file-store.ts";

/** How sessions are shared. */
export interface SharedCacheOptions {
  /** Directory of the files; default: `ANYROLE_CACHE_DIR`, or the platform's place for caches. */
  readonly directory?: string | undefined;
  /** Where sessions are instead, sealed as in files; then processes of many machines share them, and `secret` is best. */
  readonly store?: CredentialStore | undefined;
  /** As of `shareSessions`. */
  readonly minimumLifeSeconds?: number | undefined;
  /** Secret: as of `shareSessions`; for identities whose private key is not at hand. */
  readonly secret?: Bytes | undefined;
}

/**
 * Makes the shared sessions of this user.
 *
 * @param onFailure told of what the files did not do, which costs a call at most
 * @throws {TypeError} an option that does not exist
 * @throws {RangeError} as of `shareSessions`
 * @returns undefined where the environment names no place for them
 */
export function sharedCache(
  host: Host,
  options: SharedCacheOptions,
  onFailure?: (error: unknown) => void,
): SharedSessions | undefined {
  const { directory, store: given, minimumLifeSeconds, secret, ...unknown } = options;
  for (const name of Object.keys(unknown)) throw new TypeError(`"cache" has no option "${name}"`);
  if (given !== undefined && directory !== undefined) throw new TypeError('"cache" has a "store" or a "directory"');
  const place = directory ?? cacheDirectory(host);
  const store = given ?? (place === undefined ? undefined : fileStore(host, place));
  if (store === undefined) return undefined;
  const { now, sleep, sha256 } = host;
  return shareSessions({
    store,
    minimumLifeSeconds,
    secret,
    crypto: host.crypto(),
    sha256,
    now,
    sleep,
    onFailure,
  });
}

/**
 * The same host, whose signers have sealing keys: identities that are made on it can share sessions.
 *
 * @param proof as of `sealingProvider`
 */
export function sealingHost(host: Host, proof: "at-once" | "put-off" = "at-once"): Host {
  let provider: CryptoProvider | undefined;
  return { ...host, crypto: () => provider ??= sealingProvider(host.crypto(), host.sha256, proof) };
}
