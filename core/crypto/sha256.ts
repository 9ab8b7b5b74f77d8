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
import { encodeHex } from "../bytes/hex.ts";
import { encodeBeyondAscii } from "../bytes/text.ts";

/** Synchronous SHA-256; text is hashed as its UTF-8 octets. */
export interface Sha256 {
  /** The digest as 64 lower-case hexadecimal digits. */
  hex(data: Bytes | string): string;
  /** The digest, 32 octets. */
  digest(data: Bytes | string): Bytes;
  /** HMAC with this key, of any length. Secret: the key; what is kept of it is equivalent to it. */
  hmac(key: Bytes | string): HmacSha256;
  /**
   * Prepares the hashes of texts that have this part in common: what it answers hashes `start`, the part and `end` as one
   * text. Absent where `hex` of the whole text takes no longer.
   */
  hexAround?(middle: string): (start: string, end: string) => string;
  /** Writes octets as lower-case hexadecimal, where the platform has something faster for it than `toHex` or TypeScript. */
  encodeHex?(octets: Bytes): string;
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
  hex: (data) => encodeHex(digest(INITIAL, data)),
  digest: (data) => digest(INITIAL, data),
  hmac: (key) => {
    let octets = typeof key === "string" ? encodeBeyondAscii(key) : key;
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
  const length = data.length;
  // Padding is at least nine octets: 0x80, zeros, and the length in bits (§5.1.1).
  const end = length + 72 & ~63;
  let seen = 0;
  let word = 0;
  STATE.set(start);
  for (let i = 0; i < end; compress()) {
    for (let t = 0; t < 64; t++, i++) {
      let value = 0;
      if (i < length) seen |= value = typeof data === "string" ? data.charCodeAt(i) : data[i]!;
      else if (i === length) value = 0x80;
      SCHEDULE[t >> 2] = word = word << 8 | value;
    }
    if (i === end) {
      const bits = (start === INITIAL ? length : length + 64) * 8;
      SCHEDULE[14] = bits / 0x100000000;
      SCHEDULE[15] = bits;
    }
  }
  // Only ASCII is its own UTF-8; anything else was read in vain.
  if (typeof data === "string" && seen > 0x7f) return digest(start, encodeBeyondAscii(data));
  const octets = new Uint8Array(32);
  for (let i = 0; i < 32; i++) octets[i] = STATE[i >> 2]! >> (~i & 3) * 8;
  return octets;
}

/**
 * One block, FIPS 180-4 §6.2.2; the message is in the first 16 words of SCHEDULE. Without a call: the first request of a
 * worker runs this interpreted.
 */
function compress(): void {
  for (let t = 16; t < 64; t++) {
    const x = SCHEDULE[t - 15]!, y = SCHEDULE[t - 2]!;
    SCHEDULE[t] = SCHEDULE[t - 16]! + SCHEDULE[t - 7]! +
      ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3) +
      ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10);
  }
  let a = STATE[0]!, b = STATE[1]!, c = STATE[2]!, d = STATE[3]!;
  let e = STATE[4]!, f = STATE[5]!, g = STATE[6]!, h = STATE[7]!;
  for (let t = 0; t < 64; t++) {
    // Σ1 and Σ0 as rotations of rotations; Ch is g ⊕ e(f ⊕ g), Maj is ab ⊕ c(a ⊕ b): §4.1.2 with fewer operations.
    let x = e ^ (e >>> 14 | e << 18);
    x = e ^ (x >>> 5 | x << 27);
    const t1 = h + (x >>> 6 | x << 26) + (g ^ e & (f ^ g)) + ROUND[t]! + SCHEDULE[t]! | 0;
    x = a ^ (a >>> 9 | a << 23);
    x = a ^ (x >>> 11 | x << 21);
    const t2 = (x >>> 2 | x << 30) + (a & b ^ c & (a ^ b));
    h = g;
    g = f;
    f = e;
    e = d + t1 | 0;
    d = c;
    c = b;
    b = a;
    a = t1 + t2 | 0;
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

// Scratch memory: calls are synchronous and never nested, so one set serves all. SCHEDULE is W of §6.2.2.
const STATE = /* @__PURE__ */ new Int32Array(8);
const SCHEDULE = /* @__PURE__ */ new Int32Array(64);

/** H(0) of §5.3.3: fractional parts of the square roots of the first primes. Never written. */
export const INITIAL: Int32Array = /* @__PURE__ */ rootFractions(Math.sqrt, 8);
/** K of §4.2.2: fractional parts of the cube roots of the first primes. Never written. */
export const ROUND: Int32Array = /* @__PURE__ */ rootFractions(Math.cbrt, 64);

/**
 * The first 32 bits behind the point. A root below 8 leaves 50 bits there, and none of these is within 2^-40 of
 * rounding to another word, so that no engine's last digit matters.
 */
function rootFractions(root: (x: number) => number, count: number): Int32Array {
  const words = new Int32Array(count);
  for (let prime = 2, n = 0; n < count; prime++) {
    let divisor = 2;
    while (divisor * divisor <= prime && prime % divisor) divisor++;
    if (divisor * divisor > prime) words[n++] = root(prime) * 0x100000000;
  }
  return words;
}
