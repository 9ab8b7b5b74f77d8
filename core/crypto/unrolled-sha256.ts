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

/**
 * SHA-256 in plain TypeScript, eight rounds a turn.
 *
 * Best effort: no branch and no index depends on a secret; scratch memory that an HMAC key passed through is cleared.
 */
export const unrolledSha256: Sha256 = {
  hex: (data) => encodeHex(digest(INITIAL, data)),
  digest: (data) => digest(INITIAL, data),
  hmac: (key) => {
    let octets = typeof key === "string" ? encodeUtf8(key) : key;
    if (octets.length > 64) octets = digest(INITIAL, octets);
    const inner = padState(octets, 0x36363636);
    const outer = padState(octets, 0x5c5c5c5c);
    const authenticate = (data: Bytes | string): Bytes => digest(outer, digest(inner, data));
    return { digest: authenticate, hex: (data) => encodeHex(authenticate(data)) };
  },
};

/** The state after the block `key ⊕ pad`; the key's trace in the scratch memory is cleared. */
function padState(key: Bytes, pad: number): Int32Array {
  SCHEDULE.fill(pad);
  for (let i = 0; i < key.length; i++) SCHEDULE[i >> 2]! ^= key[i]! << (~i & 3) * 8;
  STATE.set(INITIAL);
  compress();
  SCHEDULE.fill(0);
  return STATE.slice();
}

/** The hash of `data` behind the block that led to the state `start`; INITIAL has none behind it. */
function digest(start: Int32Array, data: Bytes | string): Bytes {
  STATE.set(start);
  const absorbed = typeof data === "string" ? absorbText(data) : absorbOctets(data);
  // Only ASCII is its own UTF-8; anything else was read in vain.
  if (!absorbed) return digest(start, encodeUtf8(data as string));
  const { length } = data;
  SCHEDULE[(length & 63) >> 2]! |= 0x80 << (~length & 3) * 8;
  if ((length & 63) > 55) {
    compress();
    SCHEDULE.fill(0, 0, 16);
  }
  const bits = (start === INITIAL ? length : length + 64) * 8;
  SCHEDULE[14] = bits / 0x100000000;
  SCHEDULE[15] = bits;
  compress();
  const octets = new Uint8Array(32);
  for (let i = 0; i < 32; i++) octets[i] = STATE[i >> 2]! >> (~i & 3) * 8;
  return octets;
}

/** Compresses the whole blocks and leaves the rest, with zeros behind it, in SCHEDULE. */
function absorbOctets(data: Bytes): true {
  const whole = data.length & ~63;
  let i = 0;
  while (i < whole) {
    for (let t = 0; t < 16; t++, i += 4) {
      SCHEDULE[t] = data[i]! << 24 | data[i + 1]! << 16 | data[i + 2]! << 8 | data[i + 3]!;
    }
    compress();
  }
  SCHEDULE.fill(0, 0, 16);
  for (; i < data.length; i++) SCHEDULE[(i & 63) >> 2]! |= data[i]! << (~i & 3) * 8;
  return true;
}

/** The same with the characters of a text; false when one is not ASCII. */
function absorbText(text: string): boolean {
  const whole = text.length & ~63;
  let seen = 0;
  let i = 0;
  while (i < whole) {
    for (let t = 0; t < 16; t++, i += 4) {
      const a = text.charCodeAt(i), b = text.charCodeAt(i + 1), c = text.charCodeAt(i + 2), d = text.charCodeAt(i + 3);
      seen |= a | b | c | d;
      SCHEDULE[t] = a << 24 | b << 16 | c << 8 | d;
    }
    compress();
  }
  SCHEDULE.fill(0, 0, 16);
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    seen |= code;
    SCHEDULE[(i & 63) >> 2]! |= code << (~i & 3) * 8;
  }
  return seen < 0x80;
}

/** One block, FIPS 180-4 §6.2.2; the message is in the first 16 words of SCHEDULE. */
function compress(): void {
  const w = SCHEDULE, K = ROUND;
  // Two words a turn; those that the next turn begins with are carried over instead of being read again.
  let first = w[0]!, previous = w[14]!, last = w[15]!;
  for (let t = 16; t < 64; t += 2) {
    const x = w[t - 15]!, y = w[t - 14]!;
    previous = first + w[t - 7]! + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) +
        ((previous >>> 17 | previous << 15) ^ (previous >>> 19 | previous << 13) ^ previous >>> 10) | 0;
    last = x + w[t - 6]! + ((y >>> 7 | y << 25) ^ (y >>> 18 | y << 14) ^ y >>> 3) +
        ((last >>> 17 | last << 15) ^ (last >>> 19 | last << 13) ^ last >>> 10) | 0;
    w[t] = previous;
    w[t + 1] = last;
    first = y;
  }
  let a = STATE[0]!, b = STATE[1]!, c = STATE[2]!, d = STATE[3]!;
  let e = STATE[4]!, f = STATE[5]!, g = STATE[6]!, h = STATE[7]!;
  // The eight variables are back in their places after eight rounds, so that nothing is moved.
  for (let t = 0; t < 64; t += 8) {
    h = h + sum1(e) + (g ^ e & (f ^ g)) + K[t]! + w[t]! | 0;
    d = d + h | 0;
    h = h + sum0(a) + (a & b ^ c & (a ^ b)) | 0;
    g = g + sum1(d) + (f ^ d & (e ^ f)) + K[t + 1]! + w[t + 1]! | 0;
    c = c + g | 0;
    g = g + sum0(h) + (h & a ^ b & (h ^ a)) | 0;
    f = f + sum1(c) + (e ^ c & (d ^ e)) + K[t + 2]! + w[t + 2]! | 0;
    b = b + f | 0;
    f = f + sum0(g) + (g & h ^ a & (g ^ h)) | 0;
    e = e + sum1(b) + (d ^ b & (c ^ d)) + K[t + 3]! + w[t + 3]! | 0;
    a = a + e | 0;
    e = e + sum0(f) + (f & g ^ h & (f ^ g)) | 0;
    d = d + sum1(a) + (c ^ a & (b ^ c)) + K[t + 4]! + w[t + 4]! | 0;
    h = h + d | 0;
    d = d + sum0(e) + (e & f ^ g & (e ^ f)) | 0;
    c = c + sum1(h) + (b ^ h & (a ^ b)) + K[t + 5]! + w[t + 5]! | 0;
    g = g + c | 0;
    c = c + sum0(d) + (d & e ^ f & (d ^ e)) | 0;
    b = b + sum1(g) + (a ^ g & (h ^ a)) + K[t + 6]! + w[t + 6]! | 0;
    f = f + b | 0;
    b = b + sum0(c) + (c & d ^ e & (c ^ d)) | 0;
    a = a + sum1(f) + (h ^ f & (g ^ h)) + K[t + 7]! + w[t + 7]! | 0;
    e = e + a | 0;
    a = a + sum0(b) + (b & c ^ d & (b ^ c)) | 0;
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

/** Σ0 of §4.1.2. */
function sum0(x: number): number {
  return (x >>> 2 | x << 30) ^ (x >>> 13 | x << 19) ^ (x >>> 22 | x << 10);
}

/** Σ1 of §4.1.2. */
function sum1(x: number): number {
  return (x >>> 6 | x << 26) ^ (x >>> 11 | x << 21) ^ (x >>> 25 | x << 7);
}

// Scratch memory: calls are synchronous and never nested, so one set serves all. SCHEDULE is W of §6.2.2.
const STATE = /* @__PURE__ */ new Int32Array(8);
const SCHEDULE = /* @__PURE__ */ new Int32Array(64);
