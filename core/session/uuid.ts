/**
 * Random UUIDs, which name the calls of an operation for AWS's logs.
 *
 * @module
 */

import { encodeHex } from "../bytes/hex.ts";
import type { Random } from "../ports.ts";

/** A random UUID (RFC 9562 §5.4). */
export function uuid(random: Random): string {
  const octets = random(16).slice();
  octets[6] = (octets[6]! & 0x0f) | 0x40;
  octets[8] = (octets[8]! & 0x3f) | 0x80;
  const hex = encodeHex(octets);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
