/**
 * UTF-8 (RFC 3629), strict, without `TextEncoder`, and with `TextDecoder` for long texts alone where there is one: some
 * hosts of the core have none.
 *
 * @module
 */

import type { Bytes } from "./bytes.ts";
import { encodeHex } from "./hex.ts";

/** Encodes text as UTF-8; an unpaired surrogate becomes U+FFFD, as `TextEncoder` does. */
export function encodeUtf8(text: string): Bytes {
  const octets = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return encodeBeyondAscii(text);
    octets[i] = code;
  }
  return octets;
}

/** The same by percent-encoding, the one UTF-8 encoder of the language itself: slower for ASCII. */
export function encodeBeyondAscii(text: string): Bytes {
  const escaped = encodeURIComponent(text.replace(/[\ud800-\udfff]/gu, "\ufffd")).match(/%..|./g) ?? [];
  return Uint8Array.from(escaped, (part) => part[1] ? Number("0x" + part.slice(1)) : part.charCodeAt(0));
}

/** Decodes UTF-8; undefined for overlong forms, surrogates, values above U+10FFFF and cut sequences. */
export function decodeUtf8(octets: Uint8Array): string | undefined {
  const { TextDecoder } = globalThis as { readonly TextDecoder?: PlatformDecoder };
  try {
    if (TextDecoder !== undefined && octets.length >= LONG) {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(octets);
    }
    let i = 0;
    while (octets[i]! < 0x80) i++;
    // Beyond ASCII by percent-encoding, the one UTF-8 decoder of the language itself.
    return i === octets.length ? decodeLatin1(octets) : decodeURIComponent(encodeHex(octets).replace(/../g, "%$&"));
  } catch {
    return undefined; // It is no UTF-8.
  }
}

/** From this length on, in octets, the platform's decoder is sooner done, where there is one. */
const LONG = 100;

type PlatformDecoder = new (label: string, options: { readonly fatal: true; readonly ignoreBOM: true }) => {
  decode(octets: Uint8Array): string;
};

/** The text's characters as octets, one each; undefined when one is above U+00FF. */
export function encodeLatin1(text: string): Bytes | undefined {
  const octets = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) return undefined;
    octets[i] = code;
  }
  return octets;
}

/** Each octet as the character of the same number (ISO 8859-1; also the way to read ASCII). */
export function decodeLatin1(octets: Uint8Array): string {
  let text = "";
  for (let i = 0; i < octets.length; i += 0x2000) {
    text += String.fromCharCode.apply(undefined, octets.subarray(i, i + 0x2000) as unknown as number[]);
  }
  return text;
}
