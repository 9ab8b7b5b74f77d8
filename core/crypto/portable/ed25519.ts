/**
 * Verification of Ed25519 (RFC 8032 §5.1.7).
 *
 * Public: keys, messages and signatures of certificates.
 *
 * @module
 */

import { type Bytes, concatBytes, equalBytes } from "../../bytes/bytes.ts";
import { integerOf } from "../big-integer.ts";
import { ed25519 } from "./noble/curves.ts";
import { sha512 } from "./noble/hashes.ts";

/**
 * Whether the signature is one of this key, by the equation without the cofactor, which platforms check: R = S · B - k · A,
 * octet by octet. The other equation of the RFC accepts signatures, made by whoever has the key, that platforms refuse.
 *
 * @param key octets of a point of the curve that is not of small order
 */
export function verifyEd25519(key: Bytes, message: Bytes, signature: Bytes): boolean {
  if (signature.length !== 64) return false;
  const { Point } = ed25519;
  const r = signature.subarray(0, 32);
  const s = littleEndian(signature.subarray(32));
  const order = Point.CURVE().n;
  if (s >= order) return false;
  const k = littleEndian(sha512(concatBytes([r, key, message]))) % order;
  const expected = Point.BASE.multiplyUnsafe(s).subtract(Point.fromBytes(key).multiplyUnsafe(k));
  return equalBytes(expected.toBytes(), r);
}

function littleEndian(octets: Bytes): bigint {
  return integerOf(octets.slice().reverse());
}
