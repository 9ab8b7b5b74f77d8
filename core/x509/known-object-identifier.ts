/**
 * Object identifiers as certificates use them: almost all are attribute types (`2.5.4.n`) or extensions (`2.5.29.n`),
 * whose dotted forms come from a table instead of being spelled anew for every certificate.
 *
 * @module
 */

import { decodeObjectIdentifier } from "../der/object-identifier.ts";
import type { DerReader } from "../der/reader.ts";
import { TAG } from "../der/tag.ts";

/** Reads an OBJECT IDENTIFIER; the same dotted form as `reader.objectIdentifier()`, sooner. */
export function readObjectIdentifier(reader: DerReader, reading: string): string {
  const offset = reader.position;
  const start = reader.next(TAG.objectIdentifier, reading);
  const octets = reader.octets;
  if (reader.position - start === 3 && octets[start] === 0x55) {
    const table = octets[start + 1] === 0x04 ? ATTRIBUTE_TYPES : octets[start + 1] === 0x1d ? EXTENSIONS : undefined;
    const known = table?.[octets[start + 2]!];
    if (known !== undefined) return known;
  }
  return decodeObjectIdentifier(octets.subarray(start, reader.position), reading, offset);
}

/** id-at, 2.5.4, and its arcs below 128, which take one octet. */
const ATTRIBUTE_TYPES: readonly string[] = /* @__PURE__ */ Array.from({ length: 128 }, (_, arc) => `2.5.4.${arc}`);

/** id-ce, 2.5.29, and its arcs below 128. */
const EXTENSIONS: readonly string[] = /* @__PURE__ */ Array.from({ length: 128 }, (_, arc) => `2.5.29.${arc}`);
