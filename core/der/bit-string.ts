/**
 * BIT STRING contents (X.690 §8.6, §11.2).
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { DerError } from "./der-error.ts";

/** Bits, the first one in the top bit of the first octet. */
export interface BitString {
  /** Bits of the last octet that do not count, 0 to 7; they are zero. */
  readonly unusedBits: number;
  /** The octets, a view. */
  readonly octets: Bytes;
}

/** Reads BIT STRING contents. */
export function readBitString(content: Bytes, reading: string, offset: number): BitString {
  const unusedBits = content[0];
  if (unusedBits === undefined || unusedBits > 7 || (unusedBits > 0 && content.length === 1)) {
    throw new DerError("ERR_DER_VALUE", reading, offset, "the count of unused bits is wrong");
  }
  if ((content[content.length - 1]! & ((1 << unusedBits) - 1)) !== 0 && unusedBits > 0) {
    throw new DerError("ERR_DER_VALUE", reading, offset, "unused bits are not zero");
  }
  return { unusedBits, octets: content.subarray(1) };
}

/** Whether bit `index` is set; bits beyond the end are not. */
export function hasBit(bits: BitString, index: number): boolean {
  return ((bits.octets[index >> 3] ?? 0) & (0x80 >> (index & 7))) !== 0;
}
