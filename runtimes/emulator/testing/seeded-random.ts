/**
 * Octets that are the same in every run with the same seed: for tests that compare identifiers.
 *
 * @module
 */

import type { Sha256 } from "../../../core/crypto/sha256.ts";
import type { Random } from "../../../core/ports.ts";

/** The stream SHA-256(seed, 0), SHA-256(seed, 1), … Whoever knows the seed knows all of it: it makes no keys. */
export function seededRandom(seed: string, sha256: Sha256): Random {
  let counter = 0;
  let rest: Uint8Array = new Uint8Array();
  return (length) => {
    const octets = new Uint8Array(length);
    for (let at = 0; at < length;) {
      if (rest.length === 0) rest = sha256.digest(`${seed.length}:${seed}:${counter++}`);
      const taken = rest.subarray(0, length - at);
      octets.set(taken, at);
      rest = rest.subarray(taken.length);
      at += taken.length;
    }
    return octets;
  };
}

/** The next number of a stream, at least 0 and below 1. */
export function randomFraction(random: Random): number {
  const octets = random(4);
  return ((octets[0]! << 24 | octets[1]! << 16 | octets[2]! << 8 | octets[3]!) >>> 0) / 2 ** 32;
}
