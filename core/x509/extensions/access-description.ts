/**
 * Access descriptions, which authority and subject information access share (RFC 5280 §4.2.2).
 *
 * @module
 */

import type { DerReader } from "../../der/reader.ts";
import { type GeneralName, readGeneralName } from "../general-name.ts";
import { readObjectIdentifier } from "../known-object-identifier.ts";

/** Where something is and how to get it. */
export interface AccessDescription {
  /** accessMethod, dotted: 1.3.6.1.5.5.7.48.1 (OCSP), 1.3.6.1.5.5.7.48.2 (issuers) and others. */
  readonly method: string;
  /** accessLocation. */
  readonly location: GeneralName;
}

/** Reads a SEQUENCE OF AccessDescription: at least one. */
export function readAccessDescriptions(reader: DerReader, reading: string): AccessDescription[] {
  const offset = reader.position;
  const sequence = reader.sequence(reading);
  if (sequence.done) sequence.fail("ERR_DER_VALUE", reading, offset, "there is no description");
  const descriptions: AccessDescription[] = [];
  while (!sequence.done) {
    const description = sequence.sequence(reading);
    const method = readObjectIdentifier(description, reading);
    const location = readGeneralName(description, reading);
    description.finish(reading);
    descriptions.push({ method, location });
  }
  return descriptions;
}
