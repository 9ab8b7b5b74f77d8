/**
 * PBKDF2 (RFC 8018 §5.2) and scrypt (RFC 7914) without a platform, within limits: their parameters come from files.
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";
import { CryptoError } from "../crypto-error.ts";
import { HASH_OCTETS } from "../hash-octets.ts";
import type { KeyDerivation } from "../provider.ts";
import { hashFunction } from "./hash.ts";
import { pbkdf2, scrypt } from "./noble/hashes.ts";

/** The most PBKDF2 iterations, counted over all blocks of the derived key: twice the longest vector of RFC 6070. */
export const MAX_PBKDF2_ITERATIONS = 33_554_432;

/** The most memory that scrypt may take for its table, 128 · N · r octets, and for its blocks, 128 · p · r octets. */
export const MAX_SCRYPT_MEMORY = 268_435_456;

/** The most work that scrypt may take: N · r · p. OpenSSL's default for PKCS#8 is 2¹⁷. */
export const MAX_SCRYPT_WORK = 16_777_216;

/** The longest key that is derived, in octets. */
export const MAX_DERIVED_OCTETS = 1024;

/**
 * Derives key octets of a password.
 *
 * Secret: password and result. Best effort: nothing branches on the password, but scrypt reads its table at places
 * that follow from it, as it is defined (RFC 7914 §5, step 3).
 *
 * @throws {CryptoError} `ERR_CRYPTO_LIMIT` when parameters are out of range or ask for too much
 */
export function deriveKey(derivation: KeyDerivation, password: Bytes): Bytes {
  const { length, salt } = derivation;
  demand(derivation, isCount(length) && length <= MAX_DERIVED_OCTETS, `a key of ${length} octets`);
  if (derivation.name === "PBKDF2") {
    const { hash, iterations } = derivation;
    const rounds = iterations * Math.ceil(length / HASH_OCTETS[hash]);
    demand(derivation, isCount(iterations) && rounds <= MAX_PBKDF2_ITERATIONS, `${iterations} iterations`);
    return pbkdf2(hashFunction(hash), password, salt, { c: iterations, dkLen: length });
  }
  const { cost: N, blockSize: r, parallelization: p } = derivation;
  demand(derivation, isCount(N) && N > 1 && Number.isInteger(Math.log2(N)), `a cost of ${N}, not a power of two`);
  demand(derivation, isCount(r) && isCount(p), `block size ${r} and parallelization ${p}`);
  const memory = 128 * r * Math.max(N, p);
  demand(derivation, memory <= MAX_SCRYPT_MEMORY, `${memory} octets of memory`);
  demand(derivation, N * r * p <= MAX_SCRYPT_WORK, `a cost of ${N} × ${r} × ${p}`);
  return scrypt(password, salt, { N, r, p, dkLen: length, maxmem: 128 * r * (N + p + 1) });
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0;
}

function demand(derivation: KeyDerivation, accepted: boolean, what: string): void {
  if (!accepted) {
    const { name } = derivation;
    throw new CryptoError("ERR_CRYPTO_LIMIT", name, `Cannot derive key with ${name}: ${what} is not accepted`);
  }
}
