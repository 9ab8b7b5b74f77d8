/**
 * HKDF with SHA-256 (RFC 5869): keys of a secret that is strong but not uniform.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { wipe } from "../bytes/wipe.ts";
import type { Sha256 } from "./sha256.ts";

/** Which key to derive. */
export interface HkdfOptions {
  /** Says what the key is for: keys with different texts know nothing of each other. */
  readonly info: Bytes;
  /** Octets wanted, at most 8160. */
  readonly length: number;
  /** Need not be secret; default: 32 zeros (RFC 5869 §2.2). */
  readonly salt?: Bytes | undefined;
}

/**
 * Derives a key.
 *
 * Secret: the secret and the result; best effort: intermediate keys are overwritten, what the hash keeps of them is not.
 *
 * @param secret input keying material of any length: not a password, which takes a slower derivation
 * @throws {RangeError} when `length` is more than 255 hashes
 * @see {@link https://www.rfc-editor.org/rfc/rfc5869#section-2 RFC 5869 §2}
 */
export function hkdfSha256(sha256: Sha256, secret: Bytes, { info, length, salt }: HkdfOptions): Bytes {
  if (!Number.isInteger(length) || length < 0 || length > 255 * HASH_OCTETS) {
    throw new RangeError('"length" must be a whole number of octets, at most 8160');
  }
  const extracted = sha256.hmac(salt ?? new Uint8Array(HASH_OCTETS)).digest(secret);
  const expand = sha256.hmac(extracted);
  const key = new Uint8Array(length);
  let block: Bytes = new Uint8Array(0);
  for (let at = 0, count = 1; at < length; at += HASH_OCTETS, count++) {
    const message = new Uint8Array(block.length + info.length + 1);
    message.set(block);
    message.set(info, block.length);
    message[message.length - 1] = count;
    wipe(block);
    block = expand.digest(message);
    wipe(message);
    key.set(block.subarray(0, length - at), at);
  }
  wipe(extracted, block);
  return key;
}

const HASH_OCTETS = 32;
