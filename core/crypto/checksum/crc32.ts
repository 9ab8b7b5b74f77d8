/**
 * CRC-32 (ISO 3309, the one of zip and PNG) and CRC-32C (Castagnoli, RFC 3385): reflected, eight octets a turn.
 *
 * Neither is cryptographic: they find accidents, and hide none that is meant.
 *
 * @module
 */

import type { ChecksumAlgorithm } from "./checksum.ts";

/** CRC-32: polynomial 0x04C11DB7. */
export const CRC32: ChecksumAlgorithm = {
  name: "CRC32",
  octets: 4,
  create: () => crc32(0xedb88320),
};

/** CRC-32C: polynomial 0x1EDC6F41. */
export const CRC32C: ChecksumAlgorithm = {
  name: "CRC32C",
  octets: 4,
  create: () => crc32(0x82f63b78),
};

/** @param polynomial its bits reversed */
function crc32(polynomial: number): ReturnType<ChecksumAlgorithm["create"]> {
  const table = slicingTable(polynomial);
  let crc = -1;
  return {
    update(piece) {
      const end = piece.length;
      let at = 0;
      let sum = crc;
      for (; at + 8 <= end; at += 8) {
        sum ^= piece[at]! | piece[at + 1]! << 8 | piece[at + 2]! << 16 | piece[at + 3]! << 24;
        sum = table[0x700 + (sum & 0xff)]! ^ table[0x600 + (sum >>> 8 & 0xff)]! ^ table[0x500 + (sum >>> 16 & 0xff)]! ^
          table[0x400 + (sum >>> 24)]! ^ table[0x300 + piece[at + 4]!]! ^ table[0x200 + piece[at + 5]!]! ^
          table[0x100 + piece[at + 6]!]! ^ table[piece[at + 7]!]!;
      }
      for (; at < end; at++) sum = sum >>> 8 ^ table[(sum ^ piece[at]!) & 0xff]!;
      crc = sum;
    },
    digest() {
      const octets = new Uint8Array(4);
      for (let i = 0; i < 4; i++) octets[i] = ~crc >>> 24 - 8 * i;
      return octets;
    },
  };
}

/** What each octet adds to the sum, 256 entries each for those that 0 to 7 octets follow. */
function slicingTable(polynomial: number): Int32Array {
  const table = new Int32Array(8 * 256);
  for (let octet = 0; octet < 256; octet++) {
    let sum = octet;
    for (let bit = 0; bit < 8; bit++) sum = sum >>> 1 ^ (sum & 1 && polynomial);
    table[octet] = sum;
  }
  for (let at = 256; at < table.length; at++) {
    const before = table[at - 256]!;
    table[at] = before >>> 8 ^ table[before & 0xff]!;
  }
  return table;
}
