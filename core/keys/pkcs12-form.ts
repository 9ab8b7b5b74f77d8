/**
 * Telling PKCS#12 files from others without the code that reads them.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";

/**
 * Whether octets begin as PFX does (RFC 7292 §4): a SEQUENCE of a version and a ContentInfo of PKCS #7, in DER or BER.
 *
 * Public: looks at the first 30 octets, which are the same in every file.
 */
export function isPkcs12(octets: Bytes): boolean {
  const version = contentAt(octets, 0, 0x30);
  const info = octets[version] === 0x02 ? version + 2 + octets[version + 1]! : NaN;
  const type = contentAt(octets, info, 0x30);
  return PKCS7_TYPE.every((octet, index) => octets[type + index] === octet);
}

/** Where the contents of the element at `at` begin; NaN when it is another. */
function contentAt(octets: Bytes, at: number, tag: number): number {
  const length = octets[at + 1];
  if (octets[at] !== tag || length === undefined) return NaN;
  return at + 2 + (length > 0x80 ? length & 0x7f : 0);
}

/** The object identifiers below 1.2.840.113549.1.7: tag, length, and all but the last arc. */
const PKCS7_TYPE = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07];
