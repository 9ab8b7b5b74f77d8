/**
 * SHA-256 (FIPS 180-4 §6.2) and HMAC-SHA-256 (RFC 2104), synchronous.
 *
 * A signed request hashes a few short texts. WebCrypto answers each through a promise, which costs more than the
 * hash itself; this one answers at once, reads text without an intermediate array, and keeps the two pad states of
 * an HMAC key. Runtimes with a faster native hash hand in their own `Sha256`.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { encodeUtf8 } from "../bytes/text.ts";

/** Synchronous SHA-256; text is hashed as its UTF-8 octets. */
export interface Sha256 {
  /** The digest as 64 lower-case hexadecimal digits. */
  hex(data: Bytes | string): string;
  /** The digest, 32 octets. */
  digest(data: Bytes | string): Bytes;
  /** HMAC with this key, of any length. Secret: the key; what is kept of it is equivalent to it. */
  hmac(key: Bytes): HmacSha256;
}

/** HMAC-SHA-256 with one key. */
export interface HmacSha256 {
  /** The authentication code, 32 octets. */
  digest(data: Bytes | string): Bytes;
  /** The authentication code as 64 lower-case hexadecimal digits. */
  hex(data: Bytes | string): string;
}

/**
 * SHA-256 in plain TypeScript, for every engine.
 *
 * Best effort: no branch and no index depends on a secret; scratch memory that an HMAC key passed through is cleared.
 */
export const portableSha256: Sha256 = {
  hex: (data) => {
    hash(INITIAL, 0, data);
    return stateHex();
  },
  digest: (data) => {
    hash(INITIAL, 0, data);
    return stateOctets();
  },
  hmac: portableHmac,
};

function portableHmac(key: Bytes): HmacSha256 {
  const short = key.length > BLOCK_OCTETS ? portableSha256.digest(key) : key;
  const inner = padState(short, 0x36363636);
  const outer = padState(short, 0x5c5c5c5c);
  SCHEDULE.fill(0);
  const authenticate = (data: Bytes | string): void => {
    hash(inner, BLOCK_OCTETS, data);
    // The outer hash: one block of the inner digest, behind the block of the key.
    SCHEDULE.fill(0);
    SCHEDULE.set(STATE);
    SCHEDULE[8] = 0x80 << 24;
    SCHEDULE[15] = (BLOCK_OCTETS + 32) * 8;
    STATE.set(outer);
    compress();
  };
  return {
    digest: (data) => {
      authenticate(data);
      return stateOctets();
    },
    hex: (data) => {
      authenticate(data);
      return stateHex();
    },
  };
}

/** The state after the block `key ⊕ pad`. */
function padState(key: Bytes, pad: number): Int32Array {
  SCHEDULE.fill(pad, 0, 16);
  for (let i = 0; i < key.length; i++) SCHEDULE[i >> 2]! ^= key[i]! << (24 - (i & 3) * 8);
  STATE.set(INITIAL);
  compress();
  return STATE.slice();
}

/** Leaves in STATE the hash of `data` behind `before` octets (a multiple of 64) that led to the state `start`. */
function hash(start: Int32Array, before: number, data: Bytes | string): void {
  const text = typeof data === "string";
  const length = data.length;
  const whole = length & ~63;
  let seen = 0;
  let i = 0;
  STATE.set(start);
  while (i < whole) {
    for (let w = 0; w < 16; w++, i += 4) {
      if (text) {
        const a = data.charCodeAt(i), b = data.charCodeAt(i + 1), c = data.charCodeAt(i + 2), d = data.charCodeAt(i + 3);
        seen |= a | b | c | d;
        SCHEDULE[w] = a << 24 | b << 16 | c << 8 | d;
      } else SCHEDULE[w] = data[i]! << 24 | data[i + 1]! << 16 | data[i + 2]! << 8 | data[i + 3]!;
    }
    compress();
  }
  SCHEDULE.fill(0, 0, 16);
  for (; i < length; i++) {
    const octet = text ? data.charCodeAt(i) : data[i]!;
    seen |= octet;
    SCHEDULE[(i & 63) >> 2]! |= octet << (24 - (i & 3) * 8);
  }
  // Only ASCII is its own UTF-8; anything else was read in vain.
  if (text && seen > 0x7f) return hash(start, before, encodeUtf8(data));
  SCHEDULE[(i & 63) >> 2]! |= 0x80 << (24 - (i & 3) * 8);
  if ((i & 63) > 55) {
    compress();
    SCHEDULE.fill(0, 0, 16);
  }
  // The length in bits, 64 of them; octet counts stay below 2^53.
  SCHEDULE[14] = (before + length) / 0x20000000;
  SCHEDULE[15] = (before + length) << 3;
  compress();
}

/** One block, FIPS 180-4 §6.2.2; the message is in the first 16 words of SCHEDULE. */
function compress(): void {
  for (let t = 16; t < 64; t++) {
    const x = SCHEDULE[t - 15]!, y = SCHEDULE[t - 2]!;
    SCHEDULE[t] = SCHEDULE[t - 16]! + SCHEDULE[t - 7]! +
      ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) +
      ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10);
  }
  let a = STATE[0]!, b = STATE[1]!, c = STATE[2]!, d = STATE[3]!;
  let e = STATE[4]!, f = STATE[5]!, g = STATE[6]!, h = STATE[7]!;
  // Eight rounds a turn: the eight variables are back in their places after it, so that nothing is moved.
  for (let t = 0; t < 64; t += 8) {
    h = h + big1(e) + (g ^ e & (f ^ g)) + ROUND[t]! + SCHEDULE[t]! | 0;
    d = d + h | 0;
    h = h + big0(a) + (a & b ^ c & (a ^ b)) | 0;
    g = g + big1(d) + (f ^ d & (e ^ f)) + ROUND[t + 1]! + SCHEDULE[t + 1]! | 0;
    c = c + g | 0;
    g = g + big0(h) + (h & a ^ b & (h ^ a)) | 0;
    f = f + big1(c) + (e ^ c & (d ^ e)) + ROUND[t + 2]! + SCHEDULE[t + 2]! | 0;
    b = b + f | 0;
    f = f + big0(g) + (g & h ^ a & (g ^ h)) | 0;
    e = e + big1(b) + (d ^ b & (c ^ d)) + ROUND[t + 3]! + SCHEDULE[t + 3]! | 0;
    a = a + e | 0;
    e = e + big0(f) + (f & g ^ h & (f ^ g)) | 0;
    d = d + big1(a) + (c ^ a & (b ^ c)) + ROUND[t + 4]! + SCHEDULE[t + 4]! | 0;
    h = h + d | 0;
    d = d + big0(e) + (e & f ^ g & (e ^ f)) | 0;
    c = c + big1(h) + (b ^ h & (a ^ b)) + ROUND[t + 5]! + SCHEDULE[t + 5]! | 0;
    g = g + c | 0;
    c = c + big0(d) + (d & e ^ f & (d ^ e)) | 0;
    b = b + big1(g) + (a ^ g & (h ^ a)) + ROUND[t + 6]! + SCHEDULE[t + 6]! | 0;
    f = f + b | 0;
    b = b + big0(c) + (c & d ^ e & (c ^ d)) | 0;
    a = a + big1(f) + (h ^ f & (g ^ h)) + ROUND[t + 7]! + SCHEDULE[t + 7]! | 0;
    e = e + a | 0;
    a = a + big0(b) + (b & c ^ d & (b ^ c)) | 0;
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
function big0(x: number): number {
  return (x >>> 2 | x << 30) ^ (x >>> 13 | x << 19) ^ (x >>> 22 | x << 10);
}

/** Σ1 of §4.1.2. */
function big1(x: number): number {
  return (x >>> 6 | x << 26) ^ (x >>> 11 | x << 21) ^ (x >>> 25 | x << 7);
}

function stateOctets(): Bytes {
  const octets = new Uint8Array(32);
  for (let i = 0; i < 32; i++) octets[i] = STATE[i >> 2]! >> (24 - (i & 3) * 8);
  return octets;
}

function stateHex(): string {
  let text = "";
  for (let i = 0; i < 32; i++) text += OCTET_HEX[STATE[i >> 2]! >> (24 - (i & 3) * 8) & 255]!;
  return text;
}

const BLOCK_OCTETS = 64;

// Scratch memory: calls are synchronous and never nested, so one set serves all. SCHEDULE is W of §6.2.2.
const STATE = /* @__PURE__ */ new Int32Array(8);
const SCHEDULE = /* @__PURE__ */ new Int32Array(64);

const OCTET_HEX: readonly string[] = /* @__PURE__ */ Array.from(
  { length: 256 },
  (_, octet) => (octet + 256).toString(16).slice(1),
);

/** H(0) of §5.3.3. */
// deno-fmt-ignore
const INITIAL = /* @__PURE__ */ new Int32Array([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
]);

/** K of §4.2.2. */
// deno-fmt-ignore
const ROUND = /* @__PURE__ */ new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
]);
