/**
 * ASN.1 character strings as text (X.680 §41; RFC 5280 §4.1.2.4).
 *
 * @module
 */

import { decodeLatin1, decodeUtf8 } from "../bytes/text.ts";
import { TAG } from "./tag.ts";

/**
 * Text of a character string's contents; undefined when the contents break the type's alphabet or encoding, or when
 * the tag names no character string. TeletexString is read as ISO 8859-1, as deployed software does.
 */
export function decodeString(tag: number, content: Uint8Array): string | undefined {
  switch (tag) {
    case TAG.utf8String:
      return decodeUtf8(content);
    case TAG.printableString:
      return matching(content, /^[A-Za-z0-9 '()+,\-./:=?]*$/);
    case TAG.ia5String:
      return matching(content, /^[\0-\x7f]*$/);
    case TAG.visibleString:
      return matching(content, /^[\x20-\x7e]*$/);
    case TAG.numericString:
      return matching(content, /^[0-9 ]*$/);
    case TAG.teletexString:
      return decodeLatin1(content);
    case TAG.bmpString:
      return wide(content, 2);
    case TAG.universalString:
      return wide(content, 4);
    default:
      return undefined;
  }
}

/** Whether text fits PrintableString (X.680 §41.4). */
export function isPrintable(text: string): boolean {
  return /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text);
}

function matching(content: Uint8Array, alphabet: RegExp): string | undefined {
  const text = decodeLatin1(content);
  return alphabet.test(text) ? text : undefined;
}

/** Big-endian code units of two octets (UCS-2: no surrogates) or four (UCS-4). */
function wide(content: Uint8Array, size: number): string | undefined {
  if (content.length % size !== 0) return undefined;
  let text = "";
  for (let i = 0; i < content.length; i += size) {
    let point = 0;
    for (let k = 0; k < size; k++) point = point * 256 + content[i + k]!;
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return undefined;
    text += String.fromCodePoint(point);
  }
  return text;
}
