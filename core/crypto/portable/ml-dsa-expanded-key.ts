/**
 * What an expanded ML-DSA private key says about itself: the public key t = A · s1 + s2, computed anew, and whether
 * t0 and tr, which the key carries as well, are the ones that follow from it (FIPS 204 §6.1, §7.2).
 *
 * Secret: s1, s2, t0. Variable time, once for each key that comes without its seed; `%` and rejection depend on
 * secret values.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../bytes/bytes.ts";
import { constantTimeEqual } from "../../bytes/constant-time.ts";
import type { MlDsaParameterSet } from "../signature-algorithm.ts";
import { shake128, shake256 } from "./noble/hashes.ts";

/** Octets of the expanded private key (FIPS 204 §4, table 2). */
export const ML_DSA_EXPANDED_OCTETS: { readonly [set in MlDsaParameterSet]: number } = {
  "ML-DSA-44": 2560,
  "ML-DSA-65": 4032,
  "ML-DSA-87": 4896,
};

/**
 * The public key of an expanded private key.
 *
 * @param expanded as long as the parameter set wants it
 * @returns undefined when a coefficient is out of range, or t0 or tr do not belong to the rest
 */
export function publicKeyOfExpanded(parameterSet: MlDsaParameterSet, expanded: Bytes): Bytes | undefined {
  const { k, l, eta } = DIMENSIONS[parameterSet];
  const etaBits = eta === 2 ? 3 : 4;
  const rho = expanded.subarray(0, 32);
  const tr = expanded.subarray(64, 128);
  let at = 128;
  const read = (bits: number, center: number): Int32Array | undefined => {
    const polynomial = unpack(expanded.subarray(at, at += 32 * bits), bits);
    for (let i = 0; i < N; i++) {
      polynomial[i] = center - polynomial[i]!;
      if (polynomial[i]! < (center === eta ? -eta : 1 - center)) return undefined;
    }
    return polynomial;
  };
  const zetas = rootsOfUnity();
  const s1: Int32Array[] = [];
  for (let i = 0; i < l; i++) {
    const polynomial = read(etaBits, eta);
    if (polynomial === undefined) return undefined;
    s1.push(forwardTransform(polynomial, zetas));
  }
  const s2: Int32Array[] = [];
  for (let i = 0; i < k; i++) {
    const polynomial = read(etaBits, eta);
    if (polynomial === undefined) return undefined;
    s2.push(polynomial);
  }
  const parts: Uint8Array[] = [rho];
  let difference = 0;
  for (let row = 0; row < k; row++) {
    const t0 = read(D, 1 << (D - 1));
    if (t0 === undefined) return undefined;
    const sum = new Int32Array(N);
    for (let column = 0; column < l; column++) {
      const entry = sampleMatrixEntry(rho, row, column);
      // At most 7 products below q: 26 bits.
      for (let i = 0; i < N; i++) sum[i]! += (entry[i]! * s1[column]![i]!) % Q;
    }
    const t = inverseTransform(sum, zetas);
    const high = new Int32Array(N);
    for (let i = 0; i < N; i++) {
      // Power2Round (FIPS 204 algorithm 35): t = t1 · 2^13 + t0 with -2^12 < t0 ≤ 2^12.
      const value = positive(t[i]! + s2[row]![i]!);
      const low = value & ((1 << D) - 1);
      const centered = low > 1 << (D - 1) ? low - (1 << D) : low;
      high[i] = (value - centered) >> D;
      difference |= centered ^ t0[i]!;
    }
    parts.push(pack10(high));
  }
  const publicKey = concatBytes(parts);
  const found = shake256(publicKey, { dkLen: 64 });
  return difference === 0 && constantTimeEqual(found, tr) ? publicKey : undefined;
}

/** RejNTTPoly (FIPS 204 algorithm 30) for entry (row, column) of ExpandA. Public: rho is part of the public key. */
function sampleMatrixEntry(rho: Bytes, row: number, column: number): Int32Array {
  const stream = shake128.create({}).update(rho).update(Uint8Array.of(column, row));
  const entry = new Int32Array(N);
  for (let i = 0; i < N;) {
    const block = stream.xof(168);
    for (let at = 0; at < block.length && i < N; at += 3) {
      const candidate = block[at]! | (block[at + 1]! << 8) | ((block[at + 2]! & 0x7f) << 16);
      if (candidate < Q) entry[i++] = candidate;
    }
  }
  return entry;
}

/** NTT (FIPS 204 algorithm 41); coefficients in, residues between 0 and q - 1 out. */
function forwardTransform(polynomial: Int32Array, zetas: Int32Array): Int32Array {
  const values = polynomial.map(positive);
  let index = 0;
  for (let length = 128; length >= 1; length >>= 1) {
    for (let start = 0; start < N; start += 2 * length) {
      const zeta = zetas[++index]!;
      for (let j = start; j < start + length; j++) {
        // Both factors are below 2^23, the product is exact in a double.
        const product = (zeta * values[j + length]!) % Q;
        values[j + length] = positive(values[j]! - product);
        values[j] = positive(values[j]! + product);
      }
    }
  }
  return values;
}

/** NTT⁻¹ (FIPS 204 algorithm 42); any integers in, residues between 0 and q - 1 out. */
function inverseTransform(transformed: Int32Array, zetas: Int32Array): Int32Array {
  const values = transformed.map(positive);
  let index = N;
  for (let length = 1; length < N; length <<= 1) {
    for (let start = 0; start < N; start += 2 * length) {
      const zeta = Q - zetas[--index]!;
      for (let j = start; j < start + length; j++) {
        const first = values[j]!;
        values[j] = positive(first + values[j + length]!);
        values[j + length] = (zeta * positive(first - values[j + length]!)) % Q;
      }
    }
  }
  // 8347681 = 256⁻¹ mod q.
  return values.map((value) => (value * 8347681) % Q);
}

/** zetas[i] = 1753 ^ (i with its eight bits reversed) mod q (FIPS 204 §7.5). */
function rootsOfUnity(): Int32Array {
  const zetas = new Int32Array(N);
  for (let exponent = 0, power = 1; exponent < N; exponent++) {
    let reversed = 0;
    for (let bit = 0; bit < 8; bit++) reversed |= ((exponent >> bit) & 1) << (7 - bit);
    zetas[reversed] = power;
    power = (power * 1753) % Q;
  }
  return zetas;
}

function positive(value: number): number {
  return ((value % Q) + Q) % Q;
}

/** BitUnpack without its centring (FIPS 204 algorithm 19): 256 integers of so many bits, little-endian. */
function unpack(octets: Uint8Array, bits: number): Int32Array {
  const values = new Int32Array(N);
  for (let i = 0, at = 0, held = 0, count = 0; i < N; i++) {
    while (count < bits) {
      held |= octets[at++]! << count;
      count += 8;
    }
    values[i] = held & ((1 << bits) - 1);
    held >>= bits;
    count -= bits;
  }
  return values;
}

/** SimpleBitPack of 256 integers of ten bits (FIPS 204 algorithm 16). */
function pack10(values: Int32Array): Uint8Array {
  const octets = new Uint8Array(320);
  for (let i = 0, at = 0; i < N; i += 4) {
    const [a, b, c, d] = [values[i]!, values[i + 1]!, values[i + 2]!, values[i + 3]!];
    octets[at++] = a;
    octets[at++] = (a >> 8) | (b << 2);
    octets[at++] = (b >> 6) | (c << 4);
    octets[at++] = (c >> 4) | (d << 6);
    octets[at++] = d >> 2;
  }
  return octets;
}

/** Coefficients of a polynomial. */
const N = 256;
/** q (FIPS 204 table 1). */
const Q = 8380417;
/** d: bits dropped from t. */
const D = 13;

/** Rows and columns of A, and the bound of s1 and s2 (FIPS 204 table 1). */
const DIMENSIONS: {
  readonly [set in MlDsaParameterSet]: { readonly k: number; readonly l: number; readonly eta: 2 | 4 };
} = {
  "ML-DSA-44": { k: 4, l: 4, eta: 2 },
  "ML-DSA-65": { k: 6, l: 5, eta: 4 },
  "ML-DSA-87": { k: 8, l: 7, eta: 2 },
};
