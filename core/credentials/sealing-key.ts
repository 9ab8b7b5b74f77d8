/**
 * The key that sessions are sealed with before they are stored, derived of the private key that they were made with: who
 * can open them could have made them.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { encodeUtf8 } from "../bytes/text.ts";
import { wipe } from "../bytes/wipe.ts";
import { hkdfSha256 } from "../crypto/hkdf.ts";
import { encodePkcs8 } from "../crypto/pkcs8-encoding.ts";
import type { PrivateKey } from "../crypto/private-key.ts";
import type { Sha256 } from "../crypto/sha256.ts";
import type { SessionIdentity } from "../session/request.ts";

/** An identity whose sessions can be sealed. */
export interface SealingIdentity extends SessionIdentity {
  /**
   * The key to seal with, 32 octets; absent when the identity has none, as one whose private key stays in a device.
   *
   * Secret: the answer.
   */
  readonly sealingKey?: (() => Bytes) | undefined;
}

/**
 * The sealing key of a private key that is at hand: HKDF-SHA-256 of its PKCS#8 octets.
 *
 * Secret: the key and the result. Best effort: the PKCS#8 octets are overwritten.
 */
export function sealingKeyOf(key: PrivateKey, sha256: Sha256): Bytes {
  const pkcs8 = encodePkcs8(key);
  const derived = sealingKeyOfSecret(pkcs8, sha256);
  wipe(pkcs8);
  return derived;
}

/**
 * The sealing key of any secret of at least 16 octets.
 *
 * Secret: argument and result.
 *
 * @throws {RangeError} when the secret is shorter
 */
export function sealingKeyOfSecret(secret: Bytes, sha256: Sha256): Bytes {
  if (secret.length < 16) throw new RangeError('"secret" must have at least 16 octets; it is a key, not a password');
  return hkdfSha256(sha256, secret, { info: encodeUtf8("anyrole sealed session 1: AES-256-GCM"), length: 32 });
}
