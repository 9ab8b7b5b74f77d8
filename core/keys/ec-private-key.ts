/**
 * Elliptic-curve private keys: ECPrivateKey of SEC 1 (RFC 5915 §3).
 *
 * @module
 */

import { type Bytes, compareBytes, equalBytes } from "../bytes/bytes.ts";
import { decodeHex } from "../bytes/hex.ts";
import { type EcPrivateKey, ecPrivateKey } from "../crypto/private-key.ts";
import { CURVE_OCTETS, type NamedCurve } from "../crypto/public-key.ts";
import { openSequence } from "../der/reader.ts";
import { contextConstructed } from "../der/tag.ts";
import { readNamedCurve } from "./key-algorithm.ts";
import { KeyError } from "./key-error.ts";

/**
 * Reads ECPrivateKey octets; the components are copies.
 *
 * Secret: the result.
 *
 * @param outerCurve the curve that PKCS#8 names around it; the two must agree
 * @param outerPoint the public point that PKCS#8 version 2 carries; the two must agree
 * @throws {DerError} when the octets are not one
 * @throws {KeyError} when no curve is named, two differ, or the scalar or the point does not fit
 */
export function parseEcPrivateKey(der: Bytes, outerCurve?: NamedCurve, outerPoint?: Bytes): EcPrivateKey {
  const reader = openSequence(der, "ECPrivateKey");
  reader.smallInteger("ECPrivateKey.version", 1, 1);
  const scalar = reader.octetString("ECPrivateKey.privateKey");
  const parameters = reader.openOptional(contextConstructed(0), "ECPrivateKey.parameters");
  const innerCurve = parameters && readNamedCurve(parameters, "private key");
  parameters?.finish("ECPrivateKey.parameters");
  const publicKey = reader.openOptional(contextConstructed(1), "ECPrivateKey.publicKey");
  const innerPoint = publicKey?.octetAlignedBitString("ECPrivateKey.publicKey");
  publicKey?.finish("ECPrivateKey.publicKey");
  reader.finish("ECPrivateKey");
  const curve = outerCurve ?? innerCurve;
  if (curve === undefined) throw new KeyError("ERR_KEY_INVALID", "private key", "the file does not name the curve");
  if (innerCurve !== undefined && innerCurve !== curve) {
    throw new KeyError("ERR_KEY_INVALID", "private key", `it names two curves, ${curve} and ${innerCurve}`);
  }
  if (innerPoint !== undefined && outerPoint !== undefined && !equalBytes(innerPoint, outerPoint)) {
    throw new KeyError("ERR_KEY_INVALID", "private key", "it carries two public points");
  }
  return ecKey(curve, scalar, innerPoint ?? outerPoint);
}

/**
 * Makes a key of a scalar in big-endian octets and, where there is one, a point; both are copied.
 *
 * A compressed point is left out of the record: the scalar says the same. Whether an uncompressed one belongs to the
 * scalar is for the provider to check, which computes it.
 *
 * Secret: `scalar`. Its comparison with the order ends at the first differing octet, which tells nothing of a scalar
 * drawn at random.
 */
export function ecKey(curve: NamedCurve, scalar: Bytes, point?: Bytes): EcPrivateKey {
  const length = CURVE_OCTETS[curve];
  // RFC 5915 wants the scalar as long as the order. Old writers dropped leading zeros or put one more in front.
  let start = 0;
  while (scalar.length - start > length && scalar[start] === 0) start++;
  const missing = length - (scalar.length - start);
  if (missing < 0 || missing > MAX_MISSING_OCTETS) {
    throw new KeyError(
      "ERR_KEY_INVALID",
      "private key",
      `the scalar has ${scalar.length} octets, ${curve} has ${length}`,
    );
  }
  const padded = new Uint8Array(length);
  padded.set(scalar.subarray(start), missing);
  if (compareBytes(padded, decodeHex(ORDERS[curve])!) >= 0 || padded.every((octet) => octet === 0)) {
    throw new KeyError("ERR_KEY_INVALID", "private key", `the scalar is out of range for ${curve}`);
  }
  if (point === undefined) return ecPrivateKey({ curve, scalar: padded });
  if (point.length === length + 1 && (point[0] === 2 || point[0] === 3)) {
    return ecPrivateKey({ curve, scalar: padded });
  }
  checkPoint(curve, point, "private key");
  return ecPrivateKey({ curve, scalar: padded, point: new Uint8Array(point) });
}

/** Demands the uncompressed form 04 ‖ x ‖ y (SEC 1 §2.3.3); whether it lies on the curve is for the provider. */
export function checkPoint(curve: NamedCurve, point: Uint8Array, reading: string): void {
  if (point[0] !== 4 || point.length !== 1 + 2 * CURVE_OCTETS[curve]) {
    throw new KeyError("ERR_KEY_INVALID", reading, `its point is not an uncompressed ${curve} point`);
  }
}

/** Eight zero octets in front of a random scalar do not happen: what lacks more is cut off, not trimmed. */
const MAX_MISSING_OCTETS = 8;

/** Orders n of the base points (SP 800-186 §3.2.1). */
const ORDERS: { readonly [curve in NamedCurve]: string } = {
  "P-256": "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
  "P-384": "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
  "P-521": "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa" +
    "51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
};
