/**
 * Public keys as parsed components. `parseSubjectPublicKeyInfo` (floor `keys`) makes them.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import type { HashName, MlDsaParameterSet } from "./signature-algorithm.ts";

/** Named curves (FIPS 186-5, SP 800-186). */
export type NamedCurve = "P-256" | "P-384" | "P-521";

/** Octets of a field element, a scalar, and r or s in raw signatures. */
export const CURVE_OCTETS: { readonly [curve in NamedCurve]: number } = { "P-256": 32, "P-384": 48, "P-521": 66 };

/** A public key, with the SubjectPublicKeyInfo it came from. */
export type PublicKey = RsaPublicKey | EcPublicKey | Ed25519PublicKey | MlDsaPublicKey;

/** RSA (RFC 3279 §2.3.1, RFC 4055 §1.2). */
export interface RsaPublicKey {
  /** Tells the types of keys apart. */
  readonly type: "rsa";
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes;
  /** Modulus, unsigned big-endian, no leading zero. */
  readonly modulus: Bytes;
  /** Public exponent, unsigned big-endian, no leading zero. */
  readonly exponent: Bytes;
  /** Present when the key's own OID is RSASSA-PSS: it must not be used with PKCS#1 v1.5. */
  readonly pss?: PssRestriction;
}

/** What an RSASSA-PSS key allows; no `hash`: any parameters. */
export interface PssRestriction {
  /** The only hash allowed; absent: any. */
  readonly hash?: HashName;
  /** The only hash of the mask generation function MGF1 allowed; absent: any. */
  readonly mgfHash?: HashName;
  /** The shortest salt allowed, in octets. */
  readonly saltLength?: number;
}

/** An elliptic-curve key on a named curve (RFC 5480). */
export interface EcPublicKey {
  /** Tells the types of keys apart. */
  readonly type: "ec";
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes;
  /** The named curve. */
  readonly curve: NamedCurve;
  /** The point, uncompressed: 04 ‖ x ‖ y. */
  readonly point: Bytes;
}

/** Ed25519 (RFC 8410). */
export interface Ed25519PublicKey {
  /** Tells the types of keys apart. */
  readonly type: "ed25519";
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes;
  /** 32 octets. */
  readonly key: Bytes;
}

/** ML-DSA (RFC 9881 §4). */
export interface MlDsaPublicKey {
  /** Tells the types of keys apart. */
  readonly type: "ml-dsa";
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes;
  /** The parameter set (FIPS 204 §4). */
  readonly parameterSet: MlDsaParameterSet;
  /** The encoded public key: 1312, 1952 or 2592 octets. */
  readonly key: Bytes;
}
