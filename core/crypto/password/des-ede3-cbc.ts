/**
 * Triple-DES with three keys in CBC mode (FIPS 46-3, SP 800-67), decryption only.
 *
 * Legacy: withdrawn as a standard, but many encrypted private keys still use it. Written after the standard's own
 * tables, bit by bit, because it runs once over a few kilobytes.
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";
import { CryptoError } from "../crypto-error.ts";
import { removePadding } from "./padding.ts";

/**
 * Decrypts, and takes off the padding of RFC 8018 §6.1.1.
 *
 * Secret: key and result. Not constant-time: the S-boxes are looked up in memory. Best effort: key schedules and the
 * plaintext of a failed attempt are overwritten.
 *
 * @param key 24 octets; parity bits are ignored
 * @param iv 8 octets
 * @throws {CryptoError} `ERR_CRYPTO_DECIPHER` when the length or the padding is wrong
 */
export function decryptTripleDesCbc(key: Bytes, iv: Bytes, data: Bytes): Bytes {
  if (data.length === 0 || data.length % 8 !== 0) throw undecipherable("the length is not a multiple of 8");
  const rounds = [
    // Decryption runs each round key backwards: D(k1) after E(k2) after D(k3).
    ...keySchedule(key.subarray(16, 24)).reverse(),
    ...keySchedule(key.subarray(8, 16)),
    ...keySchedule(key.subarray(0, 8)).reverse(),
  ];
  const plain = new Uint8Array(data.length);
  let previous = iv;
  for (let at = 0; at < data.length; at += 8) {
    const block = data.subarray(at, at + 8);
    // The final permutation of one pass and the initial one of the next cancel each other, bar the swap of halves.
    let bits = permute(toBits(block), IP);
    for (let pass = 0; pass < 3; pass++) bits = sixteenRounds(bits, rounds, 16 * pass);
    const octets = toOctets(permute(bits, FP));
    for (let i = 0; i < 8; i++) plain[at + i] = octets[i]! ^ previous[i]!;
    previous = block;
  }
  for (const round of rounds) round.fill(0);
  const result = removePadding(plain, 8);
  if (result === undefined) throw undecipherable("the padding is wrong");
  return result;
}

/** Sixteen rounds over the halves L and R, which come out swapped (FIPS 46-3, figure 1, without IP and its inverse). */
function sixteenRounds(bits: Bits, rounds: readonly Bits[], first: number): Bits {
  let left = bits.subarray(0, 32);
  let right = bits.subarray(32);
  for (let round = first; round < first + 16; round++) {
    const expanded = permute(right, E);
    const key = rounds[round]!;
    const chosen = new Uint8Array(32);
    for (let box = 0; box < 8; box++) {
      let index = 0;
      // The outer bits choose the row and come first in this table's index, the inner four the column.
      for (const bit of [0, 5, 1, 2, 3, 4]) index = 2 * index + (expanded[6 * box + bit]! ^ key[6 * box + bit]!);
      const value = parseInt(S[box]![index]!, 16);
      for (let bit = 0; bit < 4; bit++) chosen[4 * box + bit] = (value >> (3 - bit)) & 1;
    }
    const mixed = permute(chosen, P);
    for (let i = 0; i < 32; i++) mixed[i]! ^= left[i]!;
    left = right;
    right = mixed;
  }
  const swapped = new Uint8Array(64);
  swapped.set(right);
  swapped.set(left, 32);
  return swapped;
}

/** The sixteen round keys of eight octets (FIPS 46-3, appendix 1, KS). */
function keySchedule(key: Bytes): Bits[] {
  let cd = permute(toBits(key), PC1);
  const rounds: Bits[] = [];
  for (let round = 0; round < 16; round++) {
    const shift = round === 0 || round === 1 || round === 8 || round === 15 ? 1 : 2;
    const turned = new Uint8Array(56);
    for (let i = 0; i < 28; i++) {
      turned[i] = cd[(i + shift) % 28]!;
      turned[28 + i] = cd[28 + ((i + shift) % 28)]!;
    }
    cd = turned;
    rounds.push(permute(cd, PC2));
  }
  return rounds;
}

/** One bit an octet, the standard's bit 1 first. */
type Bits = Bytes;

/** The bits whose numbers, counted from 1, the table lists. */
function permute(bits: Bits, table: readonly number[]): Bits {
  const result = new Uint8Array(table.length);
  for (let i = 0; i < table.length; i++) result[i] = bits[table[i]! - 1]!;
  return result;
}

function toBits(octets: Uint8Array): Bits {
  const bits = new Uint8Array(8 * octets.length);
  for (let i = 0; i < bits.length; i++) bits[i] = (octets[i >> 3]! >> (7 - (i & 7))) & 1;
  return bits;
}

function toOctets(bits: Bits): Bytes {
  const octets = new Uint8Array(bits.length / 8);
  for (let i = 0; i < bits.length; i++) octets[i >> 3]! |= bits[i]! << (7 - (i & 7));
  return octets;
}

function undecipherable(state: string): CryptoError {
  return new CryptoError("ERR_CRYPTO_DECIPHER", "DES-EDE3-CBC", `Cannot decipher DES-EDE3-CBC: ${state}`);
}

/** Initial permutation. */
// deno-fmt-ignore
const IP = [
  58, 50, 42, 34, 26, 18, 10, 2, 60, 52, 44, 36, 28, 20, 12, 4,
  62, 54, 46, 38, 30, 22, 14, 6, 64, 56, 48, 40, 32, 24, 16, 8,
  57, 49, 41, 33, 25, 17, 9, 1, 59, 51, 43, 35, 27, 19, 11, 3,
  61, 53, 45, 37, 29, 21, 13, 5, 63, 55, 47, 39, 31, 23, 15, 7,
];

/** Its inverse. */
// deno-fmt-ignore
const FP = [
  40, 8, 48, 16, 56, 24, 64, 32, 39, 7, 47, 15, 55, 23, 63, 31,
  38, 6, 46, 14, 54, 22, 62, 30, 37, 5, 45, 13, 53, 21, 61, 29,
  36, 4, 44, 12, 52, 20, 60, 28, 35, 3, 43, 11, 51, 19, 59, 27,
  34, 2, 42, 10, 50, 18, 58, 26, 33, 1, 41, 9, 49, 17, 57, 25,
];

/** Expansion of R to 48 bits. */
// deno-fmt-ignore
const E = [
  32, 1, 2, 3, 4, 5, 4, 5, 6, 7, 8, 9,
  8, 9, 10, 11, 12, 13, 12, 13, 14, 15, 16, 17,
  16, 17, 18, 19, 20, 21, 20, 21, 22, 23, 24, 25,
  24, 25, 26, 27, 28, 29, 28, 29, 30, 31, 32, 1,
];

/** Permutation after the S-boxes. */
// deno-fmt-ignore
const P = [
  16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10,
  2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25,
];

/** Permuted choice 1: 56 of the key's 64 bits. */
// deno-fmt-ignore
const PC1 = [
  57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18,
  10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
  63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22,
  14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4,
];

/** Permuted choice 2: 48 of these. */
// deno-fmt-ignore
const PC2 = [
  14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10,
  23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
  41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48,
  44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
];

/** The S-boxes, row by row, one hexadecimal digit an entry. */
const S = [
  "e4d12fb83a6c59070f74e2d1a6cb953841e8d62bfc973a50fc8249175b3ea06d",
  "f18e6b34972dc05a3d47f28ec01a69b50e7ba4d158c6932fd8a13f42b67c05e9",
  "a09e63f51dc7b428d709346a285ecbf1d6498f30b12c5ae71ad069874fe3b52c",
  "7de3069a1285bc4fd8b56f03472c1ae9a690cb7df13e52843f06a1d8945bc72e",
  "2c417ab6853fd0e9eb2c47d150fa3986421bad78f9c5630eb8c71e2d6f09a453",
  "c1af92680d34e75baf427c9561de0b389ef528c3704a1db6432c95fabe17608d",
  "4b2ef08d3c975a61d0b7491ae35c2f8614bdc37eaf6805926bd814a7950fe23c",
  "d2846fb1a93e50c71fd8a374c56b0e927b419ce206adf35821e74a8dfc90356b",
];
