/**
 * SHA-256 (FIPS 180-4 §6.2) and HMAC-SHA-256 (RFC 2104) written out: the same results as `portableSha256`, faster, for
 * engines where nothing native is, and three times its size.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { encodeHex } from "../bytes/hex.ts";
import { encodeUtf8 } from "../bytes/text.ts";
import { INITIAL, ROUND, type Sha256 } from "./sha256.ts";

/** Writes the UTF-8 of a text as far as there is room and says how many code units it read: `TextEncoder.encodeInto`. */
export type EncodeInto = (text: string, octets: Bytes) => { readonly read: number; readonly written: number };

/**
 * SHA-256 in plain TypeScript, sixteen rounds a turn.
 *
 * Best effort: no branch and no index depends on a secret; scratch memory is cleared.
 */
export const unrolledSha256: Sha256 = /* @__PURE__ */ unrolledSha256With(encodeAsciiInto);

/**
 * The same where the platform brings text into memory sooner than TypeScript does.
 *
 * Best effort: no branch and no index depends on a secret; scratch memory is cleared.
 */
export function unrolledSha256With(encodeInto: EncodeInto): Sha256 {
  /** Leaves in STATE the hash of `data` behind the block that led to the state `start`; INITIAL has none behind it. */
  function hash(start: Int32Array, data: Bytes | string): void {
    STATE.set(start);
    let octets = data;
    let whole = 0;
    let rest = 0;
    if (typeof octets === "string") {
      const { read, written } = encodeInto(octets, TEXT);
      rest = written;
      if (read < octets.length) {
        MESSAGE.fill(0);
        octets = encodeUtf8(octets);
      }
    }
    if (typeof octets !== "string") {
      whole = octets.length & ~63;
      rest = octets.length - whole;
      absorb(new DataView(octets.buffer, octets.byteOffset), whole);
      MESSAGE.set(octets.subarray(whole));
    }
    pad(rest, whole + rest + (start === INITIAL ? 0 : 64));
  }

  const digest = (data: Bytes | string, octets: Bytes): Bytes => {
    hash(INITIAL, data);
    return writeState(octets);
  };

  return {
    hex: (data) => encodeHex(digest(data, DIGEST)),
    digest: (data) => digest(data, new Uint8Array(32)),
    hmac: (key) => {
      let octets = typeof key === "string" ? encodeUtf8(key) : key;
      if (octets.length > 64) octets = digest(octets, new Uint8Array(32));
      const inner = keyState(octets, 0x36);
      const outer = keyState(octets, 0x5c);
      const authenticate = (data: Bytes | string, code: Bytes): Bytes => {
        hash(inner, data);
        writeState(MESSAGE);
        STATE.set(outer);
        pad(32, 96);
        return writeState(code);
      };
      return {
        digest: (data) => authenticate(data, new Uint8Array(32)),
        hex: (data) => encodeHex(authenticate(data, DIGEST)),
      };
    },
  };
}

/** Compresses whole blocks into a state of the caller's own, for messages that come in pieces. */
export function absorbBlocks(state: Int32Array, blocks: Bytes): void {
  STATE.set(state);
  absorb(new DataView(blocks.buffer, blocks.byteOffset), blocks.length);
  state.set(STATE);
}

/** Compresses the last `rest` octets of a message, which are in MESSAGE, with the padding of §5.1.1. */
function pad(rest: number, length: number): void {
  const end = rest + 72 & ~63;
  MESSAGE[rest] = 0x80;
  VIEW.setInt32(end - 8, length / 0x20000000);
  VIEW.setInt32(end - 4, length << 3);
  absorb(VIEW, end);
  MESSAGE.fill(0, 0, end);
}

/** The state after the block `key ⊕ pad`. */
function keyState(key: Bytes, pad: number): Int32Array {
  MESSAGE.fill(pad, 0, 64);
  for (let i = 0; i < key.length; i++) MESSAGE[i]! ^= key[i]!;
  STATE.set(INITIAL);
  absorb(VIEW, 64);
  MESSAGE.fill(0, 0, 64);
  return STATE.slice();
}

function writeState(octets: Bytes): Bytes {
  for (let i = 0; i < 32; i++) octets[i] = STATE[i >> 2]! >> (~i & 3) * 8;
  return octets;
}

/** Without help only ASCII, which is its own UTF-8, is read here. */
function encodeAsciiInto(text: string, octets: Bytes): { readonly read: number; readonly written: number } {
  let read = 0;
  for (const end = Math.min(text.length, octets.length); read < end; read++) {
    const code = text.charCodeAt(read);
    if (code > 0x7f) break;
    octets[read] = code;
  }
  return { read, written: read };
}

/** Compresses the blocks before `end`. */
function absorb(message: DataView, end: number): void {
  for (let at = 0; at < end;) {
    for (let t = 0; t < 16; t++, at += 4) BLOCK[t] = message.getInt32(at);
    compress();
  }
}

/** The block in BLOCK, FIPS 180-4 §6.2.2; w0 to w15 are the words of the schedule W that the next sixteen rounds take. */
function compress(): void {
  const K = ROUND;
  let w0 = BLOCK[0]!, w1 = BLOCK[1]!, w2 = BLOCK[2]!, w3 = BLOCK[3]!;
  let w4 = BLOCK[4]!, w5 = BLOCK[5]!, w6 = BLOCK[6]!, w7 = BLOCK[7]!;
  let w8 = BLOCK[8]!, w9 = BLOCK[9]!, w10 = BLOCK[10]!, w11 = BLOCK[11]!;
  let w12 = BLOCK[12]!, w13 = BLOCK[13]!, w14 = BLOCK[14]!, w15 = BLOCK[15]!;
  let a = STATE[0]!, b = STATE[1]!, c = STATE[2]!, d = STATE[3]!;
  let e = STATE[4]!, f = STATE[5]!, g = STATE[6]!, h = STATE[7]!;
  let x = b ^ c, y = 0, z = 0;
  // The variables are back in their places after sixteen rounds, so that nothing is moved.
  for (let t = 0;; t += 16) {
    z = e ^ (e >>> 14 | e << 18);
    z = e ^ (z >>> 5 | z << 27);
    h = h + K[t]! + w0 + (g ^ e & (f ^ g)) + (z >>> 6 | z << 26) | 0;
    d = d + h | 0;
    y = a ^ b;
    z = a ^ (a >>> 9 | a << 23);
    z = a ^ (z >>> 11 | z << 21);
    h = h + (z >>> 2 | z << 30) + (b ^ y & x) | 0;
    z = d ^ (d >>> 14 | d << 18);
    z = d ^ (z >>> 5 | z << 27);
    g = g + K[t + 1]! + w1 + (f ^ d & (e ^ f)) + (z >>> 6 | z << 26) | 0;
    c = c + g | 0;
    x = h ^ a;
    z = h ^ (h >>> 9 | h << 23);
    z = h ^ (z >>> 11 | z << 21);
    g = g + (z >>> 2 | z << 30) + (a ^ x & y) | 0;
    z = c ^ (c >>> 14 | c << 18);
    z = c ^ (z >>> 5 | z << 27);
    f = f + K[t + 2]! + w2 + (e ^ c & (d ^ e)) + (z >>> 6 | z << 26) | 0;
    b = b + f | 0;
    y = g ^ h;
    z = g ^ (g >>> 9 | g << 23);
    z = g ^ (z >>> 11 | z << 21);
    f = f + (z >>> 2 | z << 30) + (h ^ y & x) | 0;
    z = b ^ (b >>> 14 | b << 18);
    z = b ^ (z >>> 5 | z << 27);
    e = e + K[t + 3]! + w3 + (d ^ b & (c ^ d)) + (z >>> 6 | z << 26) | 0;
    a = a + e | 0;
    x = f ^ g;
    z = f ^ (f >>> 9 | f << 23);
    z = f ^ (z >>> 11 | z << 21);
    e = e + (z >>> 2 | z << 30) + (g ^ x & y) | 0;
    z = a ^ (a >>> 14 | a << 18);
    z = a ^ (z >>> 5 | z << 27);
    d = d + K[t + 4]! + w4 + (c ^ a & (b ^ c)) + (z >>> 6 | z << 26) | 0;
    h = h + d | 0;
    y = e ^ f;
    z = e ^ (e >>> 9 | e << 23);
    z = e ^ (z >>> 11 | z << 21);
    d = d + (z >>> 2 | z << 30) + (f ^ y & x) | 0;
    z = h ^ (h >>> 14 | h << 18);
    z = h ^ (z >>> 5 | z << 27);
    c = c + K[t + 5]! + w5 + (b ^ h & (a ^ b)) + (z >>> 6 | z << 26) | 0;
    g = g + c | 0;
    x = d ^ e;
    z = d ^ (d >>> 9 | d << 23);
    z = d ^ (z >>> 11 | z << 21);
    c = c + (z >>> 2 | z << 30) + (e ^ x & y) | 0;
    z = g ^ (g >>> 14 | g << 18);
    z = g ^ (z >>> 5 | z << 27);
    b = b + K[t + 6]! + w6 + (a ^ g & (h ^ a)) + (z >>> 6 | z << 26) | 0;
    f = f + b | 0;
    y = c ^ d;
    z = c ^ (c >>> 9 | c << 23);
    z = c ^ (z >>> 11 | z << 21);
    b = b + (z >>> 2 | z << 30) + (d ^ y & x) | 0;
    z = f ^ (f >>> 14 | f << 18);
    z = f ^ (z >>> 5 | z << 27);
    a = a + K[t + 7]! + w7 + (h ^ f & (g ^ h)) + (z >>> 6 | z << 26) | 0;
    e = e + a | 0;
    x = b ^ c;
    z = b ^ (b >>> 9 | b << 23);
    z = b ^ (z >>> 11 | z << 21);
    a = a + (z >>> 2 | z << 30) + (c ^ x & y) | 0;
    z = e ^ (e >>> 14 | e << 18);
    z = e ^ (z >>> 5 | z << 27);
    h = h + K[t + 8]! + w8 + (g ^ e & (f ^ g)) + (z >>> 6 | z << 26) | 0;
    d = d + h | 0;
    y = a ^ b;
    z = a ^ (a >>> 9 | a << 23);
    z = a ^ (z >>> 11 | z << 21);
    h = h + (z >>> 2 | z << 30) + (b ^ y & x) | 0;
    z = d ^ (d >>> 14 | d << 18);
    z = d ^ (z >>> 5 | z << 27);
    g = g + K[t + 9]! + w9 + (f ^ d & (e ^ f)) + (z >>> 6 | z << 26) | 0;
    c = c + g | 0;
    x = h ^ a;
    z = h ^ (h >>> 9 | h << 23);
    z = h ^ (z >>> 11 | z << 21);
    g = g + (z >>> 2 | z << 30) + (a ^ x & y) | 0;
    z = c ^ (c >>> 14 | c << 18);
    z = c ^ (z >>> 5 | z << 27);
    f = f + K[t + 10]! + w10 + (e ^ c & (d ^ e)) + (z >>> 6 | z << 26) | 0;
    b = b + f | 0;
    y = g ^ h;
    z = g ^ (g >>> 9 | g << 23);
    z = g ^ (z >>> 11 | z << 21);
    f = f + (z >>> 2 | z << 30) + (h ^ y & x) | 0;
    z = b ^ (b >>> 14 | b << 18);
    z = b ^ (z >>> 5 | z << 27);
    e = e + K[t + 11]! + w11 + (d ^ b & (c ^ d)) + (z >>> 6 | z << 26) | 0;
    a = a + e | 0;
    x = f ^ g;
    z = f ^ (f >>> 9 | f << 23);
    z = f ^ (z >>> 11 | z << 21);
    e = e + (z >>> 2 | z << 30) + (g ^ x & y) | 0;
    z = a ^ (a >>> 14 | a << 18);
    z = a ^ (z >>> 5 | z << 27);
    d = d + K[t + 12]! + w12 + (c ^ a & (b ^ c)) + (z >>> 6 | z << 26) | 0;
    h = h + d | 0;
    y = e ^ f;
    z = e ^ (e >>> 9 | e << 23);
    z = e ^ (z >>> 11 | z << 21);
    d = d + (z >>> 2 | z << 30) + (f ^ y & x) | 0;
    z = h ^ (h >>> 14 | h << 18);
    z = h ^ (z >>> 5 | z << 27);
    c = c + K[t + 13]! + w13 + (b ^ h & (a ^ b)) + (z >>> 6 | z << 26) | 0;
    g = g + c | 0;
    x = d ^ e;
    z = d ^ (d >>> 9 | d << 23);
    z = d ^ (z >>> 11 | z << 21);
    c = c + (z >>> 2 | z << 30) + (e ^ x & y) | 0;
    z = g ^ (g >>> 14 | g << 18);
    z = g ^ (z >>> 5 | z << 27);
    b = b + K[t + 14]! + w14 + (a ^ g & (h ^ a)) + (z >>> 6 | z << 26) | 0;
    f = f + b | 0;
    y = c ^ d;
    z = c ^ (c >>> 9 | c << 23);
    z = c ^ (z >>> 11 | z << 21);
    b = b + (z >>> 2 | z << 30) + (d ^ y & x) | 0;
    z = f ^ (f >>> 14 | f << 18);
    z = f ^ (z >>> 5 | z << 27);
    a = a + K[t + 15]! + w15 + (h ^ f & (g ^ h)) + (z >>> 6 | z << 26) | 0;
    e = e + a | 0;
    x = b ^ c;
    z = b ^ (b >>> 9 | b << 23);
    z = b ^ (z >>> 11 | z << 21);
    a = a + (z >>> 2 | z << 30) + (c ^ x & y) | 0;
    if (t === 48) break;
    w0 = w0 + w9 + ((w1 >>> 7 | w1 << 25) ^ (w1 >>> 18 | w1 << 14) ^ w1 >>> 3) +
        ((w14 >>> 17 | w14 << 15) ^ (w14 >>> 19 | w14 << 13) ^ w14 >>> 10) | 0;
    w1 = w1 + w10 + ((w2 >>> 7 | w2 << 25) ^ (w2 >>> 18 | w2 << 14) ^ w2 >>> 3) +
        ((w15 >>> 17 | w15 << 15) ^ (w15 >>> 19 | w15 << 13) ^ w15 >>> 10) | 0;
    w2 = w2 + w11 + ((w3 >>> 7 | w3 << 25) ^ (w3 >>> 18 | w3 << 14) ^ w3 >>> 3) +
        ((w0 >>> 17 | w0 << 15) ^ (w0 >>> 19 | w0 << 13) ^ w0 >>> 10) | 0;
    w3 = w3 + w12 + ((w4 >>> 7 | w4 << 25) ^ (w4 >>> 18 | w4 << 14) ^ w4 >>> 3) +
        ((w1 >>> 17 | w1 << 15) ^ (w1 >>> 19 | w1 << 13) ^ w1 >>> 10) | 0;
    w4 = w4 + w13 + ((w5 >>> 7 | w5 << 25) ^ (w5 >>> 18 | w5 << 14) ^ w5 >>> 3) +
        ((w2 >>> 17 | w2 << 15) ^ (w2 >>> 19 | w2 << 13) ^ w2 >>> 10) | 0;
    w5 = w5 + w14 + ((w6 >>> 7 | w6 << 25) ^ (w6 >>> 18 | w6 << 14) ^ w6 >>> 3) +
        ((w3 >>> 17 | w3 << 15) ^ (w3 >>> 19 | w3 << 13) ^ w3 >>> 10) | 0;
    w6 = w6 + w15 + ((w7 >>> 7 | w7 << 25) ^ (w7 >>> 18 | w7 << 14) ^ w7 >>> 3) +
        ((w4 >>> 17 | w4 << 15) ^ (w4 >>> 19 | w4 << 13) ^ w4 >>> 10) | 0;
    w7 = w7 + w0 + ((w8 >>> 7 | w8 << 25) ^ (w8 >>> 18 | w8 << 14) ^ w8 >>> 3) +
        ((w5 >>> 17 | w5 << 15) ^ (w5 >>> 19 | w5 << 13) ^ w5 >>> 10) | 0;
    w8 = w8 + w1 + ((w9 >>> 7 | w9 << 25) ^ (w9 >>> 18 | w9 << 14) ^ w9 >>> 3) +
        ((w6 >>> 17 | w6 << 15) ^ (w6 >>> 19 | w6 << 13) ^ w6 >>> 10) | 0;
    w9 = w9 + w2 + ((w10 >>> 7 | w10 << 25) ^ (w10 >>> 18 | w10 << 14) ^ w10 >>> 3) +
        ((w7 >>> 17 | w7 << 15) ^ (w7 >>> 19 | w7 << 13) ^ w7 >>> 10) | 0;
    w10 = w10 + w3 + ((w11 >>> 7 | w11 << 25) ^ (w11 >>> 18 | w11 << 14) ^ w11 >>> 3) +
        ((w8 >>> 17 | w8 << 15) ^ (w8 >>> 19 | w8 << 13) ^ w8 >>> 10) | 0;
    w11 = w11 + w4 + ((w12 >>> 7 | w12 << 25) ^ (w12 >>> 18 | w12 << 14) ^ w12 >>> 3) +
        ((w9 >>> 17 | w9 << 15) ^ (w9 >>> 19 | w9 << 13) ^ w9 >>> 10) | 0;
    w12 = w12 + w5 + ((w13 >>> 7 | w13 << 25) ^ (w13 >>> 18 | w13 << 14) ^ w13 >>> 3) +
        ((w10 >>> 17 | w10 << 15) ^ (w10 >>> 19 | w10 << 13) ^ w10 >>> 10) | 0;
    w13 = w13 + w6 + ((w14 >>> 7 | w14 << 25) ^ (w14 >>> 18 | w14 << 14) ^ w14 >>> 3) +
        ((w11 >>> 17 | w11 << 15) ^ (w11 >>> 19 | w11 << 13) ^ w11 >>> 10) | 0;
    w14 = w14 + w7 + ((w15 >>> 7 | w15 << 25) ^ (w15 >>> 18 | w15 << 14) ^ w15 >>> 3) +
        ((w12 >>> 17 | w12 << 15) ^ (w12 >>> 19 | w12 << 13) ^ w12 >>> 10) | 0;
    w15 = w15 + w8 + ((w0 >>> 7 | w0 << 25) ^ (w0 >>> 18 | w0 << 14) ^ w0 >>> 3) +
        ((w13 >>> 17 | w13 << 15) ^ (w13 >>> 19 | w13 << 13) ^ w13 >>> 10) | 0;
  }
  STATE[0]! += a;
  STATE[1]! += b;
  STATE[2]! += c;
  STATE[3]! += d;
  STATE[4]! += e;
  STATE[5]! += f;
  STATE[6]! += g;
  STATE[7]! += h;
}

/** Octets of text that are hashed in place; longer text is first made an array. */
const MAX_TEXT = 4096;

// Scratch memory: calls are synchronous and never nested, so one set serves all. Between calls MESSAGE is zero.
const STATE = /* @__PURE__ */ new Int32Array(8);
const BLOCK = /* @__PURE__ */ new Int32Array(16);
const DIGEST = /* @__PURE__ */ new Uint8Array(32);
// MAX_TEXT octets and the padding.
const MESSAGE = /* @__PURE__ */ new Uint8Array(4168);
const VIEW = /* @__PURE__ */ viewOf(MESSAGE);
const TEXT = /* @__PURE__ */ MESSAGE.subarray(0, MAX_TEXT);

function viewOf({ buffer }: Bytes): DataView {
  return new DataView(buffer);
}
