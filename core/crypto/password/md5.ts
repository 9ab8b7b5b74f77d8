/**
 * MD5 (RFC 1321).
 *
 * Legacy: collisions are found in seconds. It is here because encrypted PEM derives its keys with it, and because S3
 * names objects by it.
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";

/**
 * Hashes the data.
 *
 * Best effort: no branch and no index depends on the data's contents.
 */
export function md5(data: Bytes): Bytes {
  // §3.1, §3.2: one bit, zeros to 56 modulo 64, then the length in bits, least significant octet first.
  const padded = new Uint8Array(Math.ceil((data.length + 9) / 64) * 64);
  padded.set(data);
  padded[data.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, (data.length << 3) >>> 0, true);
  view.setUint32(padded.length - 4, Math.floor(data.length / 0x2000_0000), true);
  let [a, b, c, d] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let block = 0; block < padded.length; block += 64) {
    const [a0, b0, c0, d0] = [a, b, c, d];
    for (let i = 0; i < 64; i++) {
      const round = i >> 4;
      const f = round === 0
        ? (b & c) | (~b & d)
        : round === 1
        ? (d & b) | (~d & c)
        : round === 2
        ? b ^ c ^ d
        : c ^ (b | ~d);
      const word = view.getInt32(block + 4 * ((MULTIPLIERS[round]! * i + OFFSETS[round]!) & 15), true);
      // §3.4: T[i] is the integer part of 2^32 · |sin(i)|.
      const sum = (a + f + word + Math.floor(Math.abs(Math.sin(i + 1)) * 0x1_0000_0000)) | 0;
      const shift = SHIFTS[round]![i & 3]!;
      [a, d, c, b] = [d, c, b, (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0];
    }
    [a, b, c, d] = [(a + a0) | 0, (b + b0) | 0, (c + c0) | 0, (d + d0) | 0];
  }
  padded.fill(0);
  const hash = new Uint8Array(16);
  [a, b, c, d].forEach((word, i) => new DataView(hash.buffer).setInt32(4 * i, word, true));
  return hash;
}

/** Which word of the block step i of a round takes: multiplier · i + offset, modulo 16. */
const MULTIPLIERS = [1, 5, 3, 7];
const OFFSETS = [0, 1, 5, 0];

/** Rotations of the four rounds. */
const SHIFTS = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
