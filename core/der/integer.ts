/**
 * INTEGER contents (X.690 §8.3): two's complement, big-endian, as short as possible.
 *
 * @module
 */

import { encodeHex } from "../bytes/hex.ts";
import { DerError } from "./der-error.ts";

/** Demands that contents are a minimal INTEGER. */
export function checkInteger(content: Uint8Array, reading: string, offset: number): void {
  if (content.length === 0) throw new DerError("ERR_DER_VALUE", reading, offset, "an INTEGER has contents");
  if (content.length > 1) {
    const first = content[0]!;
    const sign = content[1]! & 0x80;
    if ((first === 0 && sign === 0) || (first === 0xff && sign !== 0)) {
      throw new DerError("ERR_DER_VALUE", reading, offset, "the INTEGER is not minimal");
    }
  }
}

/** Demands that contents are a minimal INTEGER that is not negative. */
export function checkUnsignedInteger(content: Uint8Array, reading: string, offset: number): void {
  checkInteger(content, reading, offset);
  if (content[0]! & 0x80) throw new DerError("ERR_DER_VALUE", reading, offset, "the INTEGER is negative");
}

/** The value of an INTEGER that must lie between `least` and `most` (both within 48 bits). */
export function smallInteger(
  content: Uint8Array,
  least: number,
  most: number,
  reading: string,
  offset: number,
): number {
  checkInteger(content, reading, offset);
  let value = content[0]! & 0x80 ? -1 : 0;
  for (let i = 0; i < content.length && i < 7; i++) value = value * 256 + content[i]!;
  if (content.length > 6 || value < least || value > most) {
    throw new DerError("ERR_DER_VALUE", reading, offset, `the INTEGER is not between ${least} and ${most}`);
  }
  return value;
}

/** Decimal text of INTEGER contents, of any size: the form of serial numbers in SigV4 credentials. */
export function decimalInteger(content: Uint8Array): string {
  if (content.length <= 6 && !(content[0]! & 0x80)) {
    let value = 0;
    for (let i = 0; i < content.length; i++) value = value * 256 + content[i]!;
    return String(value);
  }
  // In one step: octet by octet the time would grow with the square of the length, which a stranger chooses.
  const octets = BigInt(`0x${encodeHex(content)}`);
  return String(content[0]! & 0x80 ? BigInt.asIntN(8 * content.length, octets) : octets);
}
