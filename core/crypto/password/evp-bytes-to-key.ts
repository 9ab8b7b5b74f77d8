/**
 * Key derivation of encrypted PEM: OpenSSL's EVP_BytesToKey with MD5 and one iteration (PBKDF1 of RFC 8018 §5.1,
 * continued until there are enough octets).
 *
 * Legacy: one MD5 stands between a guess and the key. Kept to read old files.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../bytes/bytes.ts";
import { wipe } from "../../bytes/wipe.ts";
import { md5 } from "./md5.ts";

/**
 * Derives `length` octets of the password and eight octets of salt.
 *
 * Secret: password and result. Best effort: what was hashed is overwritten.
 */
export function evpBytesToKey(password: Bytes, salt: Bytes, length: number): Bytes {
  const derived = new Uint8Array(length);
  let hash: Bytes = new Uint8Array(0);
  for (let at = 0; at < length; at += 16) {
    const input = concatBytes([hash, password, salt]);
    wipe(hash);
    hash = md5(input);
    wipe(input);
    derived.set(hash.subarray(0, Math.min(16, length - at)), at);
  }
  wipe(hash);
  return derived;
}
