/**
 * How long the digests and blocks of hash functions are (FIPS 180-4).
 *
 * @module
 */

import type { HashName } from "./signature-algorithm.ts";

/** Octets of each hash function's output. */
export const HASH_OCTETS: { readonly [hash in HashName]: number } = {
  "SHA-1": 20,
  "SHA-224": 28,
  "SHA-256": 32,
  "SHA-384": 48,
  "SHA-512": 64,
};

/** Octets of the blocks that each hash function works on. */
export const HASH_BLOCK_OCTETS: { readonly [hash in HashName]: number } = {
  "SHA-1": 64,
  "SHA-224": 64,
  "SHA-256": 64,
  "SHA-384": 128,
  "SHA-512": 128,
};
