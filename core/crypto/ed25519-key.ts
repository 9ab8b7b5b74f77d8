/**
 * Which Ed25519 keys are taken: the same in every provider, for platforms differ.
 *
 * @module
 */

import { integerOf } from "./big-integer.ts";
import { invalidKey } from "./key-fit.ts";
import type { PublicKey } from "./public-key.ts";
import type { SignatureAlgorithm } from "./signature-algorithm.ts";

/**
 * Demands of an Ed25519 key that its point is not of small order, and is written as RFC 8032 §5.1.2 does; of other keys
 * nothing. Under a point of small order anybody can make signatures.
 *
 * Public: variable time.
 *
 * @throws {CryptoError} `ERR_CRYPTO_INVALID_KEY`
 */
export function requireEd25519Point(key: PublicKey, algorithm: SignatureAlgorithm): void {
  if (key.type !== "ed25519") return;
  const octets = key.key.slice().reverse();
  octets[0]! &= 0x7f;
  const y = integerOf(octets);
  if (y >= P) throw invalidKey(algorithm, "its point is not written as it has to be");
  // Points of small order have one of five y: 0, ±1, and ±EIGHTH.
  const least = 2n * y < P ? y : P - y;
  if (least < 2n || least === EIGHTH) throw invalidKey(algorithm, "its point is of small order");
}

/** The prime 2^255 - 19 of the field (RFC 8032 §5.1). */
const P = 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffedn;

/** The lesser y of the points of order 8. */
const EIGHTH = 0x5fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
