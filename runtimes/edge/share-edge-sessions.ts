/**
 * Sessions that isolates share through a store.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../core/bytes/text.ts";
import { type SharedSessions, shareSessions } from "../../core/credentials/shared-sessions.ts";
import type { CredentialStore } from "../../core/credentials/store.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import { webCryptoProvider } from "../../core/crypto/webcrypto-provider.ts";
import { sleep } from "../../core/session/sleep.ts";
import { edgeSha256 } from "./sha256.ts";

/** How isolates share. Unknown members are a TypeError. */
export interface EdgeSharingOptions {
  /** Where sealed sessions are: `durableObjectStore`, `kvStore`, `cacheStore`, `redisStore`, `nearStore`, or your own. */
  readonly store: CredentialStore;
  /**
   * Secret: what sessions are sealed with (AES-256-GCM), the same wherever they are shared: at least 16 octets, or a text
   * of at least 32 characters, of a generator of random numbers, as `openssl rand -base64 32`. It is a key, not a password.
   */
  readonly secret: string | Bytes;
  /** Seconds that a session of the store must still live; default: a quarter of an hour, or half of its life when that is less. */
  readonly minimumLifeSeconds?: number | undefined;
  /** The cryptographic library; default WebCrypto. */
  readonly crypto?: CryptoProvider | undefined;
  /** Told of what the store did not do, which costs a call at most; what it throws, or rejects with, is dropped. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
}

/**
 * Makes sessions shared: hand the result to `fromRolesAnywhere` as `sharing`. It is apart from it, so that programs that do
 * not share do not carry it. Promises are not shared between requests.
 *
 * Secret: the secret is kept.
 *
 * @throws {TypeError} an option that does not exist, or no secret
 * @throws {RangeError} the secret is too short, or `minimumLifeSeconds` is no number from 0 to 43200
 */
export function shareEdgeSessions(options: EdgeSharingOptions): SharedSessions {
  const { store, secret, minimumLifeSeconds, crypto = webCryptoProvider(), onFailure, ...unknown } = options;
  for (const name of Object.keys(unknown)) throw new TypeError(`shareEdgeSessions() has no option "${name}"`);
  return shareSessions({
    store,
    secret: secretOctets(secret),
    minimumLifeSeconds,
    crypto,
    sha256: edgeSha256,
    now: Date.now,
    sleep,
    onFailure,
  });
}

function secretOctets(secret: string | Bytes): Bytes {
  const isText = typeof secret === "string";
  if (!isText && !(secret instanceof Uint8Array)) throw new TypeError('"secret" must be a text or octets');
  if (secret.length < (isText ? 32 : 16)) {
    throw new RangeError('"secret" must have at least 32 characters, or 16 octets; it is a key, not a password');
  }
  return isText ? encodeUtf8(secret) : secret;
}
