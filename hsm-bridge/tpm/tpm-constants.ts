/**
 * Numbers of TPM 2.0 that commands and structures are made of (TPM 2.0 Library, Part 2 §6).
 *
 * @module
 */

import type { HashName } from "../../core/crypto/signature-algorithm.ts";
import type { NamedCurve } from "../../core/crypto/public-key.ts";

/** TPM_ST: tags of structures. */
export const TAG = {
  noSessions: 0x8001,
  sessions: 0x8002,
  hashCheck: 0x8024,
} as const;

/** TPM_ALG: algorithms. */
export const ALGORITHM = {
  rsa: 0x0001,
  aes: 0x0006,
  keyedHash: 0x0008,
  sha256: 0x000b,
  null: 0x0010,
  rsaSsa: 0x0014,
  rsaEs: 0x0015,
  ecdsa: 0x0018,
  ecDaa: 0x001a,
  ecc: 0x0023,
  symmetricCipher: 0x0025,
  cfb: 0x0043,
} as const;

/** TPM_RH: handles that are always there. */
export const HANDLE = {
  owner: 0x40000001,
  null: 0x40000007,
  password: 0x40000009,
  endorsement: 0x4000000b,
  platform: 0x4000000c,
} as const;

/** TPMA_OBJECT: attributes of objects. */
export const ATTRIBUTE = {
  fixedTpm: 0x2,
  fixedParent: 0x10,
  sensitiveDataOrigin: 0x20,
  userWithAuth: 0x40,
  noDictionaryAttackProtection: 0x400,
  restricted: 0x10000,
  decrypt: 0x20000,
  sign: 0x40000,
} as const;

/** TPMA_SESSION: attributes of sessions. */
export const SESSION_ATTRIBUTE = {
  continueSession: 0x01,
  /** The first parameter of the command is encrypted. */
  decrypt: 0x20,
  /** The first parameter of the response is encrypted. */
  encrypt: 0x40,
} as const;

/** TPM_SE: kinds of sessions. */
export const SESSION_TYPE = { hmac: 0, policy: 1 } as const;

const HASHES: readonly (readonly [HashName, number])[] = [
  ["SHA-1", 0x0004],
  ["SHA-256", 0x000b],
  ["SHA-384", 0x000c],
  ["SHA-512", 0x000d],
];

/** TPM_ALG of a hash; undefined for one that TPMs do not number. */
export function hashAlgorithm(hash: HashName): number | undefined {
  return HASHES.find(([name]) => name === hash)?.[1];
}

/** The hash with this TPM_ALG; undefined for any other algorithm. */
export function hashName(algorithm: number): HashName | undefined {
  return HASHES.find(([, number]) => number === algorithm)?.[0];
}

/** TPM_ECC_CURVE of a named curve. */
export const CURVES: { readonly [curve in NamedCurve]: number } = { "P-256": 3, "P-384": 4, "P-521": 5 };
