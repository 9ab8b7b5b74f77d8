/**
 * SHA-1, SHA-2 (FIPS 180-4) and HMAC (RFC 2104) without a platform.
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";
import type { HashName } from "../signature-algorithm.ts";
import { type CHash, hmac, sha1, sha224, sha256, sha384, sha512 } from "./noble/hashes.ts";

/** Hashes the data. Best effort: constant time for data of one length. */
export function hash(name: HashName, data: Bytes): Bytes {
  return hashFunction(name)(data);
}

/** HMAC of the data. Secret: key. Best effort: constant time for keys and data of one length. */
export function hmacOf(name: HashName, key: Bytes, data: Bytes): Bytes {
  return hmac(hashFunction(name), key, data);
}

/** The function that a name means. */
export function hashFunction(name: HashName): CHash {
  switch (name) {
    case "SHA-1":
      return sha1;
    case "SHA-224":
      return sha224;
    case "SHA-256":
      return sha256;
    case "SHA-384":
      return sha384;
    case "SHA-512":
      return sha512;
  }
}
