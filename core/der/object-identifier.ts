/**
 * OBJECT IDENTIFIER contents (X.690 §8.19) and their dotted form.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { DerError } from "./der-error.ts";

/** Longest contents accepted; the identifiers in use take about a third of it. */
const MAX_LENGTH = 64;

/**
 * Dotted form of OBJECT IDENTIFIER contents; arcs of any size.
 *
 * @param content holds the contents, from `start` to `end`, by default all of it
 */
export function decodeObjectIdentifier(
  content: Uint8Array,
  reading: string,
  offset: number,
  start: number = 0,
  end: number = content.length,
): string {
  if (start === end || end - start > MAX_LENGTH || content[end - 1]! & 0x80) {
    throw new DerError("ERR_DER_VALUE", reading, offset, "the OBJECT IDENTIFIER is empty, cut off or too long");
  }
  let text = "";
  let arc = 0;
  let large = 0n;
  let octets = 0;
  for (let i = start; i < end; i++) {
    const octet = content[i]!;
    if (octets === 0 && octet === 0x80) {
      throw new DerError("ERR_DER_VALUE", reading, offset, "an arc of the OBJECT IDENTIFIER is not minimal");
    }
    // Six groups of seven bits are safe in a double; beyond that the arc continues as a bigint, by six groups at once.
    if (octets > 0 && octets % 6 === 0) {
      large = (large << 42n) | BigInt(arc);
      arc = 0;
    }
    arc = arc * 128 + (octet & 0x7f);
    octets++;
    if (octet & 0x80) continue;
    if (octets > 6) large = (large << BigInt(7 * ((octets - 1) % 6 + 1))) | BigInt(arc);
    if (text !== "") text += "." + (octets > 6 ? large : arc);
    else if (octets > 6) text = "2." + (large - 80n);
    else text = arc < 40 ? "0." + arc : arc < 80 ? "1." + (arc - 40) : "2." + (arc - 80);
    arc = 0;
    large = 0n;
    octets = 0;
  }
  return text;
}

/**
 * Contents of the OBJECT IDENTIFIER with this dotted form.
 *
 * @throws {RangeError} when the text is not one
 */
export function encodeObjectIdentifier(dotted: string): Bytes {
  const arcs = /^[0-2](\.(0|[1-9]\d*))+$/.test(dotted) ? dotted.split(".").map(BigInt) : [];
  const [first, second] = arcs;
  if (first === undefined || second === undefined || (first < 2n && second > 39n)) {
    throw new RangeError(`"dotted" is not an object identifier: ${dotted}`);
  }
  const octets: number[] = [];
  for (let arc of [first * 40n + second, ...arcs.slice(2)]) {
    const groups = [Number(arc & 0x7fn)];
    for (arc >>= 7n; arc > 0n; arc >>= 7n) groups.unshift(Number(arc & 0x7fn) | 0x80);
    octets.push(...groups);
  }
  return new Uint8Array(octets);
}
