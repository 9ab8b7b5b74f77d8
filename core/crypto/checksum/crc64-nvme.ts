/**
 * CRC-64/NVME (NVM Express NVM command set specification §5.2.1.3.4): reflected, in two halves of 32 bits, for
 * numbers of 64 bits are bigints here.
 *
 * It is not cryptographic: it finds accidents, and hides none that is meant.
 *
 * @module
 */

import type { ChecksumAlgorithm } from "./checksum.ts";

/** CRC-64/NVME: polynomial 0xAD93D23594C93659. */
export const CRC64NVME: ChecksumAlgorithm = {
  name: "CRC64NVME",
  octets: 8,
  create() {
    const { high, low } = octetTables();
    let upper = -1;
    let lower = -1;
    return {
      update(piece) {
        let a = upper;
        let b = lower;
        for (let i = 0; i < piece.length; i++) {
          const at = (b ^ piece[i]!) & 0xff;
          b = (b >>> 8 | a << 24) ^ low[at]!;
          a = a >>> 8 ^ high[at]!;
        }
        upper = a;
        lower = b;
      },
      digest() {
        const octets = new Uint8Array(8);
        for (let i = 0; i < 4; i++) {
          octets[i] = ~upper >>> 24 - 8 * i;
          octets[4 + i] = ~lower >>> 24 - 8 * i;
        }
        return octets;
      },
    };
  },
};

/** What each octet adds to the sum, in halves. */
function octetTables(): { readonly high: Int32Array; readonly low: Int32Array } {
  const high = new Int32Array(256);
  const low = new Int32Array(256);
  for (let octet = 0; octet < 256; octet++) {
    let a = 0;
    let b = octet;
    for (let bit = 0; bit < 8; bit++) {
      const odd = -(b & 1);
      b = (b >>> 1 | a << 31) ^ odd & REVERSED_LOW;
      a = a >>> 1 ^ odd & REVERSED_HIGH;
    }
    high[octet] = a;
    low[octet] = b;
  }
  return { high, low };
}

/** The polynomial, its bits reversed: 0x9A6C9329AC4BC9B5. */
const REVERSED_HIGH = 0x9a6c9329;
const REVERSED_LOW = 0xac4bc9b5;
