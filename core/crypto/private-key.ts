/**
 * Private keys as parsed components. The secret members are not enumerable, so that neither `JSON.stringify` nor an
 * inspector shows them.
 *
 * Secret: this file defines where the components live; nothing here computes with them.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import type { NamedCurve } from "./public-key.ts";
import type { MlDsaParameterSet } from "./signature-algorithm.ts";

/** A private key that a software provider can import. */
export type PrivateKey = RsaPrivateKey | EcPrivateKey | MlDsaPrivateKey;

/** RSA (RFC 8017 §A.1.2), two primes. All members are unsigned big-endian without leading zeros. */
export interface RsaPrivateKey {
  /** Tells the types of keys apart. */
  readonly type: "rsa";
  /** Public: n. */
  readonly modulus: Bytes;
  /** Public: e. */
  readonly exponent: Bytes;
  /** Secret: d. */
  readonly privateExponent: Bytes;
  /** Secret: p. */
  readonly prime1: Bytes;
  /** Secret: q. */
  readonly prime2: Bytes;
  /** Secret: d mod (p - 1). */
  readonly exponent1: Bytes;
  /** Secret: d mod (q - 1). */
  readonly exponent2: Bytes;
  /** Secret: q⁻¹ mod p. */
  readonly coefficient: Bytes;
}

/** An elliptic-curve key on a named curve (RFC 5915). */
export interface EcPrivateKey {
  /** Tells the types of keys apart. */
  readonly type: "ec";
  /** The named curve. */
  readonly curve: NamedCurve;
  /** Secret: the scalar, as long as the field. */
  readonly scalar: Bytes;
  /** The public point 04 ‖ x ‖ y, when the file brought it. */
  readonly point?: Bytes;
}

/** ML-DSA (RFC 9881 §6): at least one of `seed` and `expanded` is there. */
export interface MlDsaPrivateKey {
  /** Tells the types of keys apart. */
  readonly type: "ml-dsa";
  /** The parameter set (FIPS 204 §4). */
  readonly parameterSet: MlDsaParameterSet;
  /** Secret: the 32-octet seed ξ. */
  readonly seed?: Bytes;
  /** Secret: the expanded key of FIPS 204 §7.2 (2560, 4032 or 4896 octets). */
  readonly expanded?: Bytes;
}

/** Makes an RSA key record with its secrets out of sight. */
export function rsaPrivateKey(components: Omit<RsaPrivateKey, "type">): RsaPrivateKey {
  const { modulus, exponent, ...secrets } = components;
  return hide({ type: "rsa" as const, modulus, exponent }, secrets);
}

/** Makes an elliptic-curve key record with its secret out of sight. */
export function ecPrivateKey(components: Omit<EcPrivateKey, "type">): EcPrivateKey {
  const { scalar, ...open } = components;
  return hide({ type: "ec" as const, ...open }, { scalar });
}

/** Makes an ML-DSA key record with its secrets out of sight. */
export function mlDsaPrivateKey(components: Omit<MlDsaPrivateKey, "type">): MlDsaPrivateKey {
  const { parameterSet, ...secrets } = components;
  return hide({ type: "ml-dsa" as const, parameterSet }, secrets);
}

function hide<Open extends object, Secrets extends object>(open: Open, secrets: Secrets): Open & Secrets {
  for (const [name, value] of Object.entries(secrets)) {
    if (value !== undefined) Object.defineProperty(open, name, { value, enumerable: false });
  }
  return open as Open & Secrets;
}
