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
  if (reader.position - start === 8 && isPrivateExtension(octets, start)) {
    return PRIVATE_EXTENSIONS[octets[start + 7]!]!;
  }
  return decodeObjectIdentifier(octets, reading, offset, start, reader.position);
}

/** Whether octets are 1.3.6.1.5.5.7.1.n with n below 128. */
function isPrivateExtension(octets: Uint8Array, start: number): boolean {
  return octets[start] === 0x2b && octets[start + 1] === 6 && octets[start + 2] === 1 && octets[start + 3] === 5 &&
    octets[start + 4] === 5 && octets[start + 5] === 7 && octets[start + 6] === 1 && octets[start + 7]! < 0x80;
}

/** id-at, 2.5.4, and its arcs below 128, which take one octet. */
export const ATTRIBUTE_TYPES: readonly string[] = /* @__PURE__ */ arcsBelow("2.5.4");

/** id-ce, 2.5.29, and its arcs below 128. */
const EXTENSIONS = /* @__PURE__ */ arcsBelow("2.5.29");

/** id-pe, 1.3.6.1.5.5.7.1, the private extensions of the Internet, and its arcs below 128. */
const PRIVATE_EXTENSIONS = /* @__PURE__ */ arcsBelow("1.3.6.1.5.5.7.1");

/** Made as names of properties: engines keep one copy of each of those, and compare two of them without reading them. */
function arcsBelow(parent: string): readonly string[] {
  return Object.keys(Object.fromEntries(Array.from({ length: 128 }, (_, arc) => [`${parent}.${arc}`, arc])));
}
