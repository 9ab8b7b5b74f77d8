/**
 * GeneralName and GeneralNames (RFC 5280 §4.2.1.6).
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { decodeObjectIdentifier } from "../der/object-identifier.ts";
import type { DerReader } from "../der/reader.ts";
import { decodeString } from "../der/strings.ts";
import { contextConstructed, contextPrimitive, TAG } from "../der/tag.ts";
import { readObjectIdentifier } from "./known-object-identifier.ts";
import { type Name, readName } from "./name.ts";

/** A name of one of the nine forms; the text forms are ASCII. */
export type GeneralName =
  | {
    readonly form: "otherName";
    /** type-id, dotted. */
    readonly oid: string;
    /** The value, a whole element. */
    readonly value: Bytes;
  }
  | { readonly form: "rfc822Name"; readonly value: string }
  | { readonly form: "dNSName"; readonly value: string }
  | { readonly form: "x400Address"; /** Contents octets of the ORAddress. */ readonly value: Bytes }
  | { readonly form: "directoryName"; readonly value: Name }
  | { readonly form: "ediPartyName"; readonly nameAssigner?: string; readonly partyName: string }
  | { readonly form: "uniformResourceIdentifier"; readonly value: string }
  | {
    readonly form: "iPAddress";
    /** 4 or 16 octets; in name constraints 8 or 32, address and mask. */
    readonly value: Bytes;
  }
  | { readonly form: "registeredID"; /** Dotted. */ readonly value: string };

/** What an iPAddress holds: an address, or address and mask as in name constraints (RFC 5280 §4.2.1.10). */
export type AddressForm = "address" | "range";

/**
 * Reads GeneralNames: at least one name, under SEQUENCE or a context tag.
 *
 * @throws {DerError} when there is none, or one is malformed
 */
export function readGeneralNames(reader: DerReader, reading: string, tag: number = TAG.sequence): GeneralName[] {
  const offset = reader.position;
  const sequence = reader.open(tag, reading);
  if (sequence.done) sequence.fail("ERR_DER_VALUE", reading, offset, "there is no name");
  const names: GeneralName[] = [];
  while (!sequence.done) names.push(readGeneralName(sequence, reading));
  return names;
}

/**
 * Reads one GeneralName.
 *
 * @throws {DerError} when its tag is not one of the nine, or its value is malformed
 */
export function readGeneralName(reader: DerReader, reading: string, addresses: AddressForm = "address"): GeneralName {
  const offset = reader.position;
  const tag = reader.peek();
  switch (tag) {
    case contextConstructed(0): {
      const other = reader.open(tag, reading);
      const oid = readObjectIdentifier(other, reading);
      const explicit = other.open(contextConstructed(0), reading);
      const value = explicit.raw(-1, reading);
      explicit.finish(reading);
      other.finish(reading);
      return { form: "otherName", oid, value };
    }
    case contextPrimitive(1):
      return { form: "rfc822Name", value: readAscii(reader, tag, reading) };
    case contextPrimitive(2):
      return { form: "dNSName", value: readAscii(reader, tag, reading) };
    case contextConstructed(3):
      return { form: "x400Address", value: reader.content(tag, reading) };
    case contextConstructed(4): {
      // A CHOICE keeps its own tag under a context tag (X.680 §31.2.7).
      const explicit = reader.open(tag, reading);
      const value = readName(explicit, reading);
      explicit.finish(reading);
      return { form: "directoryName", value };
    }
    case contextConstructed(5): {
      const party = reader.open(tag, reading);
      const assigner = party.openOptional(contextConstructed(0), reading);
      const nameAssigner = assigner === undefined ? undefined : readDirectoryString(assigner, reading);
      const partyName = readDirectoryString(party.open(contextConstructed(1), reading), reading);
      party.finish(reading);
      return { form: "ediPartyName", ...(nameAssigner === undefined ? {} : { nameAssigner }), partyName };
    }
    case contextPrimitive(6):
      return { form: "uniformResourceIdentifier", value: readAscii(reader, tag, reading) };
    case contextPrimitive(7): {
      const value = reader.content(tag, reading);
      const length = addresses === "range" ? value.length / 2 : value.length;
      if (length !== 4 && length !== 16) {
        reader.fail("ERR_DER_VALUE", reading, offset, `an iPAddress of ${value.length} octets`);
      }
      return { form: "iPAddress", value };
    }
    case contextPrimitive(8):
      return { form: "registeredID", value: decodeObjectIdentifier(reader.content(tag, reading), reading, offset) };
    default:
      return reader.fail(
        tag < 0 ? "ERR_DER_TRUNCATED" : "ERR_DER_UNEXPECTED_TAG",
        reading,
        offset,
        tag < 0 ? "the name is missing" : `tag 0x${tag.toString(16).padStart(2, "0")} is no form of GeneralName`,
      );
  }
}

function readAscii(reader: DerReader, tag: number, reading: string): string {
  const offset = reader.position;
  const text = decodeString(TAG.ia5String, reader.content(tag, reading));
  return text ?? reader.fail("ERR_DER_VALUE", reading, offset, "an octet is not ASCII");
}

function readDirectoryString(reader: DerReader, reading: string): string {
  const offset = reader.position;
  const tag = reader.peek();
  const text = decodeString(tag, reader.content(-1, reading));
  reader.finish(reading);
  return text ?? reader.fail("ERR_DER_VALUE", reading, offset, "it is no DirectoryString");
}
