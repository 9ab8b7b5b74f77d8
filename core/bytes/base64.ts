/**
 * Base64 (RFC 4648 §4) and base64url (§5), strict: the alphabet, the padding and the unused bits are all checked.
 *
 * Secret: keys pass as well. The time depends on which digits are letters, figures and signs; text cannot be wiped.
 *
 * @module
 */

import type { Bytes } from "./bytes.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Writes octets as padded base64 without line breaks. */
export function encodeBase64(octets: Uint8Array): string {
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
  const octets = new Uint8Array(Math.floor((digits * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (let i = 0; i < digits; i++) {
    const value = base64Digit(text.charCodeAt(i));
    if (value < 0) return undefined;
    held = ((held << 6) | value) & 0xfff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      octets[at++] = (held >> bits) & 0xff;
    }
  }
  // The bits that belong to no octet are zero in the one canonical encoding.
  return (held & ((1 << bits) - 1)) === 0 ? octets : undefined;
}

function base64Digit(code: number): number {
  if (code >= 0x41 && code <= 0x5a) return code - 0x41;
  if (code >= 0x61 && code <= 0x7a) return code - 0x47;
  if (code >= 0x30 && code <= 0x39) return code + 4;
  if (code === 0x2b) return 62;
  return code === 0x2f ? 63 : -1;
}
