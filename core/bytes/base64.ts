/**
 * Base64 (RFC 4648 §4) and base64url (§5), strict: the alphabet, the padding and the unused bits are all checked.
 *
 * Secret: keys pass as well. Digits are looked up in a table of two cache lines, unless the engine encodes by itself; text
 * cannot be wiped.
 *
 * @module
 */

import type { Bytes } from "./bytes.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** What the digit with this code stands for; -1: it is no digit. */
const VALUES: Int8Array = /* @__PURE__ */ values();

function values(): Int8Array {
  const table = new Int8Array(128).fill(-1);
  for (let i = 0; i < 64; i++) table[ALPHABET.charCodeAt(i)] = i;
  return table;
}

/** Writes octets as padded base64 without line breaks; by the engine itself where it can (ECMAScript 2026). */
export function encodeBase64(octets: Uint8Array & { toBase64?(): string }): string {
  if (octets.toBase64) return octets.toBase64();
  let text = "";
  for (let i = 0; i < octets.length; i += 3) {
    const left = octets.length - i;
    // An octet that is not there counts as zero.
    const group = (octets[i]! << 16) | (octets[i + 1]! << 8) | octets[i + 2]!;
    text += ALPHABET[group >> 18]! + ALPHABET[(group >> 12) & 63]! +
      (left > 1 ? ALPHABET[(group >> 6) & 63]! : "=") + (left > 2 ? ALPHABET[group & 63]! : "=");
  }
  return text;
}

/** Writes octets as base64url without padding (RFC 7515 §2). */
export function encodeBase64Url(octets: Uint8Array): string {
  return encodeBase64(octets).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** Reads padded base64 without white space; undefined for anything else. */
export function decodeBase64(text: string): Bytes | undefined {
  if (text.length % 4 !== 0) return undefined;
  return decodeDigits(text, text.replace(/==?$/, "").length);
}

/** Reads base64url without padding; undefined for anything else. */
export function decodeBase64Url(text: string): Bytes | undefined {
  if (/[+/=]/.test(text)) return undefined;
  return decodeDigits(text.replace(/-/g, "+").replace(/_/g, "/"), text.length);
}

function decodeDigits(text: string, digits: number): Bytes | undefined {
  if (digits % 4 === 1) return undefined;
  const octets = new Uint8Array(digits * 3 / 4);
  let held = 0;
  let at = 0;
  for (let i = 0; i < digits; i++) {
    const value = VALUES[text.charCodeAt(i)] ?? -1;
    if (value < 0) return undefined;
    held = (held << 6) | value;
    // Every digit but the first of four completes an octet; what is above it falls away.
    const place = i % 4;
    if (place > 0) octets[at++] = held >> (6 - 2 * place);
  }
  // The bits that belong to no octet are zero in the one canonical encoding.
  return (held & ((1 << ((4 - (digits % 4)) % 4 * 2)) - 1)) === 0 ? octets : undefined;
}
