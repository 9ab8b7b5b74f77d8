/**
 * Checksums bit by bit, as the polynomial division is defined, with bigints: no table, no halves.
 *
 * @module
 */

import type { Bytes } from "../../../../core/bytes/bytes.ts";

/** A reflected CRC that begins with ones and ends inverted; `polynomial` as specifications write it. */
export function naiveCrc(data: Bytes, polynomial: bigint, bits: number): Bytes {
  const mask = (1n << BigInt(bits)) - 1n;
  let reversed = 0n;
  for (let bit = 0; bit < bits; bit++) if (polynomial >> BigInt(bit) & 1n) reversed |= 1n << BigInt(bits - 1 - bit);
  let sum = mask;
  for (const octet of data) {
    sum ^= BigInt(octet);
    for (let bit = 0; bit < 8; bit++) sum = sum & 1n ? sum >> 1n ^ reversed : sum >> 1n;
  }
  sum ^= mask;
  return Uint8Array.from({ length: bits / 8 }, (_, i) => Number(sum >> BigInt(bits - 8 - 8 * i) & 0xffn));
}
