/**
 * UTF-8 (RFC 3629), strict, without `TextEncoder`: some hosts of the core have none.
 *
 * @module
 */

import type { Bytes } from "./bytes.ts";

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
  let i = 0;
  while (octets[i]! < 0x80) i++;
  // ASCII as a whole: a text that is put together of characters is as many strings until it is read.
  let text = decodeLatin1(octets.subarray(0, i));
  while (i < octets.length) {
    const lead = octets[i++]!;
    if (lead < 0x80) {
      text += String.fromCharCode(lead);
      continue;
    }
    const more = lead >= 0xc2 && lead <= 0xdf
      ? 1
      : lead >= 0xe0 && lead <= 0xef
      ? 2
      : lead >= 0xf0 && lead <= 0xf4
      ? 3
      : 0;
    if (more === 0 || i + more > octets.length) return undefined;
    let point = lead & (0x3f >> more);
    for (let k = 0; k < more; k++) {
      const next = octets[i++]!;
      if ((next & 0xc0) !== 0x80) return undefined;
      point = (point << 6) | (next & 63);
    }
    const least = more === 2 ? 0x800 : more === 3 ? 0x10000 : 0x80;
    if (point < least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return undefined;
    text += String.fromCodePoint(point);
  }
  return text;
}

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
