/**
 * Hashes of texts around a part that stays: it is brought into memory once, and not with every text.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";

/**
 * Makes `hexAround` of a native SHA-256, for platforms whose `TextEncoder` writes into memory that is there.
 *
 * Secret: what stood before the part that stays is overwritten after each hash.
 *
 * @param hex the digest of octets as hexadecimal digits
 */
export function hashAround(hex: (octets: Bytes) => string): (middle: string) => (start: string, end: string) => string {
  return (middle) => {
    const encoder = new TextEncoder();
    const kept = encoder.encode(middle);
    let room: Bytes = new Uint8Array(0);
    let text = room;
    let tail = room;
    // Where `kept` is in the room; nowhere at first.
    let at = -1;
    return (start, end) => {
      // A code unit has at most three octets of UTF-8.
      const most = (start.length + end.length) * 3 + kept.length;
      if (most > room.length) {
        text = room = new Uint8Array(most);
        at = -1;
      }
      const { written } = encoder.encodeInto(start, room);
      if (written !== at) {
        at = written;
        room.set(kept, at);
        tail = room.subarray(at + kept.length);
      }
      const length = at + kept.length + encoder.encodeInto(end, tail).written;
      if (length !== text.length) text = room.subarray(0, length);
      const digits = hex(text);
      text.fill(0, 0, at);
      return digits;
    };
  };
}
