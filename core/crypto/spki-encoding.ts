/**
 * SubjectPublicKeyInfo of parsed components (RFC 5280 §4.1.2.7): RSA as RFC 3279 §2.3.1 writes it, elliptic curves
 * as RFC 5480 §2, Ed25519 as RFC 8410 §4, ML-DSA as RFC 9881 §4. Each function answers the whole key record.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { derBitString, derNull, derObjectIdentifier, derSequence, derUnsignedInteger } from "../der/writer.ts";
import {
  CURVE_OCTETS,
  type EcPublicKey,
  type Ed25519PublicKey,
  type MlDsaPublicKey,
  type NamedCurve,
  type PssRestriction,
  type RsaPublicKey,
} from "./public-key.ts";
import { ED25519, mlDsaAlgorithm, type MlDsaParameterSet } from "./signature-algorithm.ts";

/**
 * An RSA key. Its SubjectPublicKeyInfo always says rsaEncryption, also when `pss` restricts what the record may be
 * used for: platforms import this form alone.
 *
 * @param key modulus and exponent, unsigned big-endian; leading zeros are dropped
 */
export function rsaPublicKey(
  key: { readonly modulus: Bytes; readonly exponent: Bytes; readonly pss?: PssRestriction },
): RsaPublicKey {
  const modulus = withoutLeadingZeros(key.modulus);
  const exponent = withoutLeadingZeros(key.exponent);
  const spki = derSequence(
    rsaAlgorithmIdentifier(),
    derBitString(derSequence(derUnsignedInteger(modulus), derUnsignedInteger(exponent))),
  );
  return { type: "rsa", spki, modulus, exponent, ...(key.pss === undefined ? {} : { pss: key.pss }) };
}

/**
 * A key on a named curve.
 *
 * @throws {RangeError} when the point is not 04 ‖ x ‖ y of the curve's length; whether it is on the curve shows when
 * a provider imports it
 */
export function ecPublicKey(key: { readonly curve: NamedCurve; readonly point: Bytes }): EcPublicKey {
  const { curve, point } = key;
  const length = 1 + 2 * CURVE_OCTETS[curve];
  if (point.length !== length || point[0] !== 4) {
    throw new RangeError(`"point" is not an uncompressed ${curve} point of ${length} octets`);
  }
  return { type: "ec", spki: derSequence(ecAlgorithmIdentifier(curve), derBitString(point)), curve, point };
}

/**
 * An Ed25519 key.
 *
 * @throws {RangeError} when it is not 32 octets
 */
export function ed25519PublicKey(key: { readonly key: Bytes }): Ed25519PublicKey {
  if (key.key.length !== 32) throw new RangeError(`"key" has ${key.key.length} octets, Ed25519 has 32`);
  const spki = derSequence(derSequence(derObjectIdentifier(ED25519.oid)), derBitString(key.key));
  return { type: "ed25519", spki, key: key.key };
}

/**
 * An ML-DSA key.
 *
 * @throws {RangeError} when its length is not that of the parameter set
 */
export function mlDsaPublicKey(
  key: { readonly parameterSet: MlDsaParameterSet; readonly key: Bytes },
): MlDsaPublicKey {
  const { parameterSet } = key;
  if (key.key.length !== ML_DSA_PUBLIC_KEY_OCTETS[parameterSet]) {
    throw new RangeError(
      `"key" has ${key.key.length} octets, ${parameterSet} has ${ML_DSA_PUBLIC_KEY_OCTETS[parameterSet]}`,
    );
  }
  const spki = derSequence(mlDsaAlgorithmIdentifier(parameterSet), derBitString(key.key));
  return { type: "ml-dsa", spki, parameterSet, key: key.key };
}

/** AlgorithmIdentifier of RSA keys: the parameters are NULL and must be there (RFC 3279 §2.3.1). */
export function rsaAlgorithmIdentifier(): Bytes {
  return derSequence(derObjectIdentifier("1.2.840.113549.1.1.1"), derNull());
}

/** AlgorithmIdentifier of keys on a named curve (RFC 5480 §2.1.1). */
export function ecAlgorithmIdentifier(curve: NamedCurve): Bytes {
  return derSequence(derObjectIdentifier("1.2.840.10045.2.1"), derObjectIdentifier(CURVE_OIDS[curve]));
}

/** AlgorithmIdentifier of ML-DSA keys: without parameters (RFC 9881 §2). */
export function mlDsaAlgorithmIdentifier(parameterSet: MlDsaParameterSet): Bytes {
  return derSequence(derObjectIdentifier(mlDsaAlgorithm(parameterSet).oid));
}

/** Object identifiers of the named curves (RFC 5480 §2.1.1.1). */
export const CURVE_OIDS: { readonly [curve in NamedCurve]: string } = {
  "P-256": "1.2.840.10045.3.1.7",
  "P-384": "1.3.132.0.34",
  "P-521": "1.3.132.0.35",
};

/** Octets of an encoded ML-DSA public key (FIPS 204 §4, table 2). */
export const ML_DSA_PUBLIC_KEY_OCTETS: { readonly [set in MlDsaParameterSet]: number } = {
  "ML-DSA-44": 1312,
  "ML-DSA-65": 1952,
  "ML-DSA-87": 2592,
};

function withoutLeadingZeros(octets: Bytes): Bytes {
  let start = 0;
  while (start < octets.length - 1 && octets[start] === 0) start++;
  return octets.subarray(start);
}
