/**
 * Hexadecimal text (RFC 4648 §8), lower case out, either case in.
 *
 * @module
 */

import type { Bytes } from "./bytes.ts";

const DIGITS = "0123456789abcdef";

/** Writes octets as lower-case hexadecimal, two digits each; by the engine itself where it can (ECMAScript 2026). */
export function encodeHex(octets: Uint8Array & { toHex?(): string }): string {
  if (octets.toHex) return octets.toHex();
  let text = "";
  for (let i = 0; i < octets.length; i++) text += DIGITS[octets[i]! >> 4]! + DIGITS[octets[i]! & 15]!;
  return text;
}

/** Reads hexadecimal; undefined when the text has an odd length or any other character. */
export function decodeHex(text: string): Bytes | undefined {
  if (text.length % 2 !== 0) return undefined;
  const octets = new Uint8Array(text.length / 2);
  for (let i = 0; i < octets.length; i++) {
    const high = hexDigit(text.charCodeAt(2 * i));
    const low = hexDigit(text.charCodeAt(2 * i + 1));
    if (high < 0 || low < 0) return undefined;
    octets[i] = high * 16 + low;
  }
  return octets;
}

/** What the digit stands for; negative: it is no digit. */
function hexDigit(code: number): number {
  if (code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
