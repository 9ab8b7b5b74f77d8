/**
 * Arithmetic on integers of RSA's size: octet strings to integers and back (RFC 8017 §4), powers and inverses.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { decodeHex, encodeHex } from "../bytes/hex.ts";

/**
 * OS2IP: the integer that unsigned big-endian octets write; none is zero (RFC 8017 §4.2).
 *
 * Secret: of private components as well; variable time, and a bigint cannot be wiped.
 */
export function integerOf(octets: Uint8Array): bigint {
  return octets.length === 0 ? 0n : BigInt(`0x${encodeHex(octets)}`);
}

/**
 * I2OSP: the integer as unsigned big-endian octets (RFC 8017 §4.1).
 *
 * Public: variable time; signatures and what verifies them.
 *
 * @param length octets wanted; leading zeros fill up
 * @throws {RangeError} when the integer is negative or longer
 */
export function octetsOf(integer: bigint, length: number): Bytes {
  const octets = integer < 0n ? undefined : decodeHex(integer.toString(16).padStart(2 * length, "0"));
  if (octets === undefined || octets.length !== length) {
    throw new RangeError(`"integer" does not fit ${length} octets`);
  }
  return octets;
}

/** Bits of a positive integer, without leading zeros. */
export function bitLength(integer: bigint): number {
  const digits = integer.toString(16);
  return 4 * (digits.length - 1) + (32 - Math.clz32(Number.parseInt(digits[0]!, 16)));
}

/**
 * base ^ exponent mod modulus, by squaring and multiplying.
 *
 * Public: variable time, its course is the exponent's bits; for verification only.
 */
export function modPow(base: bigint, exponent: bigint, modulus: bigint): bigint {
  const reduced = base % modulus;
  let power = 1n;
  for (const bit of exponent.toString(2)) {
    power = power * power % modulus;
    if (bit === "1") power = power * reduced % modulus;
  }
  return power;
}

/**
 * base ^ exponent mod modulus with windows of four bits and one multiplication for each, whatever the bits are.
 *
 * Secret: exponent, modulus and base. Best effort: the sequence of operations depends on `bits` alone, but the
 * engine's bigint multiplication and division take time that depends on their operands, and the table of powers is
 * read at secret places. Callers blind the base.
 *
 * @param bits bits of the exponent to go through: at least its length
 */
export function secretModPow(base: bigint, exponent: bigint, modulus: bigint, bits: number): bigint {
  const powers = [1n];
  for (let i = 1; i < 16; i++) powers.push(powers[i - 1]! * base % modulus);
  const digits = exponent.toString(16).padStart(Math.ceil(bits / 4), "0");
  let power = 1n;
  for (const digit of digits) {
    power = power * power % modulus;
    power = power * power % modulus;
    power = power * power % modulus;
    power = power * power % modulus;
    power = power * powers[Number.parseInt(digit, 16)]! % modulus;
  }
  return power;
}

/**
 * The inverse of the integer, between 1 and modulus - 1, or undefined when they have a common factor; by the extended
 * Euclidean algorithm.
 *
 * Secret: variable time in its operands; callers pass random ones.
 */
export function modInverse(integer: bigint, modulus: bigint): bigint | undefined {
  let [remainder, next] = [modulus, ((integer % modulus) + modulus) % modulus];
  let [factor, nextFactor] = [0n, 1n];
  while (next !== 0n) {
    const quotient = remainder / next;
    [remainder, next] = [next, remainder - quotient * next];
    [factor, nextFactor] = [nextFactor, factor - quotient * nextFactor];
  }
  if (remainder !== 1n) return undefined;
  return factor < 0n ? factor + modulus : factor;
}
