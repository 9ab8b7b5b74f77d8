/**
 * Distinguished names from attributes (RFC 5280 §4.1.2.4).
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { isPrintable } from "../der/strings.ts";
import {
  derIa5String,
  derObjectIdentifier,
  derPrintableString,
  derSequence,
  derSetOf,
  derUtf8String,
} from "../der/writer.ts";
import { Name } from "../x509/name.ts";

/** One attribute of a name. */
export interface AttributeTemplate {
  /** `CN`, `O`, `OU`, `C`, `ST`, `L`, `STREET`, `DC`, `UID`, `emailAddress`, `serialNumber`, … or a dotted OID. */
  readonly type: string;
  /** Text, whose string type is chosen, or the whole DER element of a value. */
  readonly value: string | Bytes;
}

/**
 * A name to write: one that was read, its DER, or its relative names, most general first; an array within stands for
 * attributes that belong together.
 */
export type NameTemplate = Name | Bytes | readonly (AttributeTemplate | readonly AttributeTemplate[])[];

/**
 * Writes a Name. Text becomes PrintableString where its alphabet suffices and UTF8String otherwise; DC and
 * emailAddress are IA5String.
 *
 * @throws {RangeError} when an attribute type is unknown, or its text does not fit the string type
 */
export function encodeName(template: NameTemplate): Bytes {
  if (template instanceof Uint8Array) return template;
  if (template instanceof Name) return template.der;
  return derSequence(
    ...template.map((rdn) => derSetOf(...(Array.isArray(rdn) ? rdn : [rdn as AttributeTemplate]).map(encodeAttribute))),
  );
}

function encodeAttribute({ type, value }: AttributeTemplate): Bytes {
  const oid = /^\d/.test(type) ? type : ATTRIBUTE_TYPES[type];
  if (oid === undefined) throw new RangeError(`"type" is neither a known attribute type nor an OID: ${type}`);
  return derSequence(derObjectIdentifier(oid), typeof value === "string" ? encodeText(oid, value) : value);
}

function encodeText(oid: string, text: string): Bytes {
  if (IA5_TYPES.includes(oid)) return derIa5String(text);
  return isPrintable(text) ? derPrintableString(text) : derUtf8String(text);
}

const ATTRIBUTE_TYPES: { readonly [type: string]: string } = {
  CN: "2.5.4.3",
  SN: "2.5.4.4",
  serialNumber: "2.5.4.5",
  C: "2.5.4.6",
  L: "2.5.4.7",
  ST: "2.5.4.8",
  STREET: "2.5.4.9",
  O: "2.5.4.10",
  OU: "2.5.4.11",
  title: "2.5.4.12",
  postalCode: "2.5.4.17",
  GN: "2.5.4.42",
  UID: "0.9.2342.19200300.100.1.1",
  DC: "0.9.2342.19200300.100.1.25",
  emailAddress: "1.2.840.113549.1.9.1",
};

const IA5_TYPES: readonly string[] = ["0.9.2342.19200300.100.1.25", "1.2.840.113549.1.9.1"];
