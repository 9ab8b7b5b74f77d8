/**
 * SHA-1 and SHA-256 of a stream (FIPS 180-4 §6.1, §6.2): what all hashes of 64-octet blocks have in common is done once.
 *
 * Public: what is hashed is a body, which travels beside its checksum.
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";
import { INITIAL } from "../sha256.ts";
import { absorbBlocks } from "../unrolled-sha256.ts";
import type { Checksum, ChecksumAlgorithm } from "./checksum.ts";

/** SHA-256. */
export const SHA256: ChecksumAlgorithm = {
  name: "SHA256",
  octets: 32,
  create: () => blockHash(sha256Kernel()),
};

/** SHA-1. Legacy: collisions are made; it finds accidents alone. */
export const SHA1: ChecksumAlgorithm = {
  name: "SHA1",
  octets: 20,
  create: () => blockHash(sha1Kernel()),
};

/** What a hash does with whole blocks. */
export interface BlockKernel {
  /** H(0); never written. */
  readonly initial: Int32Array;
  /** Takes the blocks of a message into a state. */
  readonly absorb: (state: Int32Array, blocks: Bytes) => void;
}

/** SHA-256 (§5.3.3, §6.2.2). */
export function sha256Kernel(): BlockKernel {
  return { initial: INITIAL, absorb: absorbBlocks };
}

/** SHA-1 (§5.3.1, §6.1.2). */
export function sha1Kernel(): BlockKernel {
  const initial = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  return { initial, absorb: absorbSha1() };
}

function blockHash({ initial, absorb }: BlockKernel): Checksum {
  const state = initial.slice();
  const rest = new Uint8Array(128);
  let held = 0;
  let length = 0;
  return {
    update(piece) {
      length += piece.length;
      let from = 0;
      if (held > 0) {
        from = Math.min(64 - held, piece.length);
        rest.set(piece.subarray(0, from), held);
        held += from;
        if (held < 64) return;
        absorb(state, rest.subarray(0, 64));
      }
      const end = from + (piece.length - from & ~63);
      if (end > from) absorb(state, piece.subarray(from, end));
      rest.set(piece.subarray(end));
      held = piece.length - end;
    },
    digest() {
      // §5.1.1: one bit, zeros, and the length in bits.
      const end = held < 56 ? 64 : 128;
      rest.fill(0, held);
      rest[held] = 0x80;
      const view = new DataView(rest.buffer);
      view.setUint32(end - 8, length / 0x2000_0000);
      view.setUint32(end - 4, length << 3);
      absorb(state, rest.subarray(0, end));
      const octets = new Uint8Array(4 * state.length);
      for (let i = 0; i < octets.length; i++) octets[i] = state[i >> 2]! >> (~i & 3) * 8;
      return octets;
    },
  };
}

function absorbSha1(): BlockKernel["absorb"] {
  const w = new Int32Array(80);
  return (state, blocks) => {
    const view = new DataView(blocks.buffer, blocks.byteOffset);
    for (let at = 0; at < blocks.length; at += 64) {
      for (let t = 0; t < 16; t++) w[t] = view.getInt32(at + 4 * t);
      for (let t = 16; t < 80; t++) {
        const word = w[t - 3]! ^ w[t - 8]! ^ w[t - 14]! ^ w[t - 16]!;
        w[t] = word << 1 | word >>> 31;
      }
      let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!, e = state[4]!;
      for (let t = 0; t < 80; t++) {
        const f = t < 20 ? d ^ b & (c ^ d) : t < 40 || t >= 60 ? b ^ c ^ d : b & c ^ d & (b ^ c);
        const k = t < 20 ? 0x5a827999 : t < 40 ? 0x6ed9eba1 : t < 60 ? 0x8f1bbcdc : 0xca62c1d6;
        const next = (a << 5 | a >>> 27) + f + e + k + w[t]! | 0;
        e = d;
        d = c;
        c = b << 30 | b >>> 2;
        b = a;
        a = next;
      }
      state[0]! += a;
      state[1]! += b;
      state[2]! += c;
      state[3]! += d;
      state[4]! += e;
    }
  };
}
