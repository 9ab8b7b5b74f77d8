/**
 * Identifiers of requests and subjects: UUIDs (RFC 9562).
 *
 * @module
 */

import { encodeHex } from "../../core/bytes/hex.ts";
import type { Random } from "../../core/ports.ts";

/** A new identifier (RFC 9562 §5.4, version 4). */
export function randomUuid(random: Random): string {
  const octets = random(16);
  octets[6] = (octets[6]! & 0x0f) | 0x40;
  return formatUuid(octets);
}

/** The identifier that belongs to these 16 octets and no others (RFC 9562 §5.8, version 8). */
export function derivedUuid(octets: Uint8Array): string {
  const copy = octets.slice(0, 16);
  copy[6] = (copy[6]! & 0x0f) | 0x80;
  return formatUuid(copy);
}

function formatUuid(octets: Uint8Array): string {
  const variant = octets.slice();
  variant[8] = (variant[8]! & 0x3f) | 0x80;
  const hex = encodeHex(variant);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
