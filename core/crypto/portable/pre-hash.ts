/**
 * The hash functions of HashML-DSA (FIPS 204 §5.4.1), by the names that NIST's test vectors use. CreateSession and
 * X.509 know pure ML-DSA alone; this is for conformance suites.
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";
import type { PreHash } from "./ml-dsa.ts";
import { sha224, sha256, sha384, sha512, shake128, shake256 } from "./noble/hashes.ts";
import { sha3_224, sha3_256, sha3_384, sha3_512, sha512_224, sha512_256 } from "./noble/pre-hashes.ts";

/** The hash function of that name; undefined when there is none. */
export function preHash(name: string): PreHash | undefined {
  const found = FUNCTIONS.find(([known]) => known === name);
  if (found === undefined) return undefined;
  const [, arc, digest] = found;
  return { oid: `2.16.840.1.101.3.4.2.${arc}`, digest };
}

// Name, last arc of the identifier under NIST's hashAlgs, function. The XOFs give twice their strength.
const FUNCTIONS: readonly (readonly [string, number, (message: Bytes) => Bytes])[] = [
  ["SHA2-256", 1, sha256],
  ["SHA2-384", 2, sha384],
  ["SHA2-512", 3, sha512],
  ["SHA2-224", 4, sha224],
  ["SHA2-512/224", 5, sha512_224],
  ["SHA2-512/256", 6, sha512_256],
  ["SHA3-224", 7, sha3_224],
  ["SHA3-256", 8, sha3_256],
  ["SHA3-384", 9, sha3_384],
  ["SHA3-512", 10, sha3_512],
  ["SHAKE-128", 11, (message) => shake128(message, { dkLen: 32 })],
  ["SHAKE-256", 12, (message) => shake256(message, { dkLen: 64 })],
];
