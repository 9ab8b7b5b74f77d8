/**
 * Identifier octets of the ASN.1 types that X.509 and its neighbours use (X.690 §8.1.2), low tag numbers only.
 *
 * @module
 */

/** INTEGER: by itself, as the two below, for programs that need no other and shall not carry the table. */
export const INTEGER = 0x02;

/** OCTET STRING. */
export const OCTET_STRING = 0x04;

/** SEQUENCE, with the constructed bit. */
export const SEQUENCE = 0x30;

/** Universal identifier octets; SEQUENCE and SET carry the constructed bit. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
} as const;

/** Identifier octet of `[n] IMPLICIT` over a primitive type, n from 0 to 30. */
export function contextPrimitive(n: number): number {
  return 0x80 | n;
}

/** Identifier octet of `[n] EXPLICIT`, or of `[n] IMPLICIT` over SEQUENCE or SET, n from 0 to 30. */
export function contextConstructed(n: number): number {
  return 0xa0 | n;
}
