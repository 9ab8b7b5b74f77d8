/**
 * GeneralName (RFC 5280 §4.2.1.6), the forms that this project issues.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { encodeObjectIdentifier } from "../der/object-identifier.ts";
import { derContextConstructed, derContextPrimitive, derIa5String, derObjectIdentifier } from "../der/writer.ts";
import { DerReader } from "../der/reader.ts";
import { encodeName, type NameTemplate } from "./name-encoding.ts";

/** A name to write. */
export type GeneralNameTemplate =
  | { readonly form: "dNSName"; readonly value: string }
  | { readonly form: "rfc822Name"; readonly value: string }
  | { readonly form: "uniformResourceIdentifier"; readonly value: string }
  | { readonly form: "directoryName"; readonly value: NameTemplate }
  | {
    readonly form: "iPAddress";
    /** 4 or 16 octets; address and mask in name constraints. */
    readonly value: Bytes;
  }
  | { readonly form: "registeredID"; /** Dotted. */ readonly value: string }
  | {
    readonly form: "otherName";
    /** type-id, dotted. */
    readonly oid: string;
    /** The value, a whole element. */
    readonly value: Bytes;
  };

/**
 * Writes one GeneralName.
 *
 * @throws {RangeError} when text is not ASCII, or an identifier is not one
 */
export function encodeGeneralName(name: GeneralNameTemplate): Bytes {
  switch (name.form) {
    case "otherName":
      return derContextConstructed(0, derObjectIdentifier(name.oid), derContextConstructed(0, name.value));
    case "rfc822Name":
      return derContextPrimitive(1, asciiContents(name.value));
    case "dNSName":
      return derContextPrimitive(2, asciiContents(name.value));
    case "directoryName":
      return derContextConstructed(4, encodeName(name.value));
    case "uniformResourceIdentifier":
      return derContextPrimitive(6, asciiContents(name.value));
    case "iPAddress":
      return derContextPrimitive(7, name.value);
    case "registeredID":
      return derContextPrimitive(8, encodeObjectIdentifier(name.value));
  }
}

function asciiContents(text: string): Bytes {
  const reader = new DerReader(derIa5String(text));
  return reader.content(-1, "IA5String");
}
