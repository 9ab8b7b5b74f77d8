/**
 * DER writer (X.690 §10, §11): each function answers one whole element; nesting is passing elements to elements.
 *
 * @module
 */

import { type Bytes, compareBytes, concatBytes } from "../bytes/bytes.ts";
import { encodeLatin1, encodeUtf8 } from "../bytes/text.ts";
import { encodeObjectIdentifier } from "./object-identifier.ts";
import { contextConstructed, contextPrimitive, TAG } from "./tag.ts";
import { encodeTime } from "./time.ts";

/** One element with the given identifier octet around the joined contents. */
export function derElement(tag: number, ...contents: readonly Uint8Array[]): Bytes {
  let length = 0;
  for (const content of contents) length += content.length;
  const header = [tag];
  if (length < 0x80) header.push(length);
  else {
    const digits: number[] = [];
    for (let rest = length; rest; rest >>>= 8) digits.unshift(rest & 0xff);
    header.push(0x80 | digits.length, ...digits);
  }
  return concatBytes([new Uint8Array(header), ...contents]);
}

/** SEQUENCE of the given elements. */
export function derSequence(...elements: readonly Uint8Array[]): Bytes {
  return derElement(TAG.sequence, ...elements);
}

/** SET OF the given elements, which it puts into DER's order (X.690 §11.6). */
export function derSetOf(...elements: readonly Uint8Array[]): Bytes {
  return derElement(TAG.set, ...[...elements].sort(compareBytes));
}

/** INTEGER of a safe integer or a bigint. */
export function derInteger(value: number | bigint): Bytes {
  let rest = BigInt(value);
  const octets: number[] = [];
  do {
    octets.unshift(Number(rest & 0xffn));
    rest >>= 8n;
  } while (!((rest === 0n && octets[0]! < 0x80) || (rest === -1n && octets[0]! >= 0x80)));
  return derElement(TAG.integer, new Uint8Array(octets));
}

/** INTEGER of big-endian unsigned octets, of any length; leading zeros do not matter. */
export function derUnsignedInteger(octets: Uint8Array): Bytes {
  let start = 0;
  while (octets[start] === 0) start++;
  const digits = octets.subarray(start);
  const sign = digits.length === 0 || digits[0]! & 0x80 ? [0] : [];
  return derElement(TAG.integer, new Uint8Array(sign), digits);
}

/** OBJECT IDENTIFIER of a dotted form. */
export function derObjectIdentifier(dotted: string): Bytes {
  return derElement(TAG.objectIdentifier, encodeObjectIdentifier(dotted));
}

/** OCTET STRING. */
export function derOctetString(octets: Uint8Array): Bytes {
  return derElement(TAG.octetString, octets);
}

/** BIT STRING; `unusedBits` of the last octet do not count and must be zero. */
export function derBitString(octets: Uint8Array, unusedBits: number = 0): Bytes {
  return derElement(TAG.bitString, Uint8Array.of(unusedBits), octets);
}

/** BOOLEAN. */
export function derBoolean(value: boolean): Bytes {
  return derElement(TAG.boolean, Uint8Array.of(value ? 0xff : 0));
}

/** NULL. */
export function derNull(): Bytes {
  return derElement(TAG.null);
}

/** UTF8String. */
export function derUtf8String(text: string): Bytes {
  return derElement(TAG.utf8String, encodeUtf8(text));
}

/** PrintableString; the caller keeps to its alphabet (X.680 §41.4). */
export function derPrintableString(text: string): Bytes {
  return derElement(TAG.printableString, asciiOctets(text));
}

/** IA5String. */
export function derIa5String(text: string): Bytes {
  return derElement(TAG.ia5String, asciiOctets(text));
}

/** UTCTime or GeneralizedTime, as RFC 5280 §4.1.2.5 chooses; milliseconds since the epoch, cut to seconds. */
export function derTime(milliseconds: number): Bytes {
  const { tag, text } = encodeTime(milliseconds);
  return derElement(tag, asciiOctets(text));
}

/** `[n] EXPLICIT`, or `[n] IMPLICIT` over a constructed type when given that type's contents. */
export function derContextConstructed(n: number, ...contents: readonly Uint8Array[]): Bytes {
  return derElement(contextConstructed(n), ...contents);
}

/** `[n] IMPLICIT` over a primitive type's contents. */
export function derContextPrimitive(n: number, content: Uint8Array): Bytes {
  return derElement(contextPrimitive(n), content);
}

function asciiOctets(text: string): Bytes {
  const octets = encodeLatin1(text);
  if (octets === undefined || octets.some((octet) => octet > 0x7f)) {
    throw new RangeError(`"text" has a character outside ASCII: ${text}`);
  }
  return octets;
}
