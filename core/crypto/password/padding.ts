/**
 * Padding of block ciphers (RFC 8018 §6.1.1): as many octets as are missing, each of that number.
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";

/**
 * A copy without the padding; undefined when that is wrong. The argument is overwritten.
 *
 * Secret: argument and result. Not constant-time: files are no oracle.
 *
 * @param plain at least one block
 * @param block octets of a block
 */
export function removePadding(plain: Bytes, block: number): Bytes | undefined {
  const padding = plain[plain.length - 1]!;
  const right = padding >= 1 && padding <= block && plain.subarray(-padding).every((octet) => octet === padding);
  const result = right ? plain.slice(0, plain.length - padding) : undefined;
  plain.fill(0);
  return result;
}
