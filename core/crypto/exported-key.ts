/**
 * Key components out of the JSON Web Keys that platforms export (RFC 7518 §6.2, §6.3; RFC 9964 §3 for ML-DSA).
 *
 * Only for what a platform wrote about its own key: `parseJwk` of the `keys` floor reads other people's.
 *
 * @module
 */

import { decodeBase64Url } from "../bytes/base64.ts";
import { type Bytes, concatBytes } from "../bytes/bytes.ts";
import { CryptoError } from "./crypto-error.ts";
import { ecPrivateKey, type PrivateKey, rsaPrivateKey } from "./private-key.ts";
import { CURVE_OCTETS, type NamedCurve } from "./public-key.ts";
import type { KeySpecification } from "./provider.ts";

/** The members of an exported key; all are strings. */
export type ExportedKey = Readonly<Record<string, unknown>>;

/** The uncompressed point 04 ‖ x ‖ y of an exported elliptic-curve key. Secret: `jwk`; its private member is not read. */
export function exportedPoint(jwk: ExportedKey, curve: NamedCurve): Bytes {
  const octets = CURVE_OCTETS[curve];
  return concatBytes([Uint8Array.of(4), member(jwk, "x", octets), member(jwk, "y", octets)]);
}

/** The public key of an exported ML-DSA key. Secret: `jwk`; its private member is not read. */
export function exportedMlDsaPublicKey(jwk: ExportedKey): Bytes {
  return member(jwk, "pub");
}

/**
 * The whole private key of an export.
 *
 * Secret: components pass through strings, which cannot be wiped.
 *
 * @throws {CryptoError} `ERR_CRYPTO_FAILED` when the platform left a member out
 */
export function exportedPrivateKey(
  jwk: ExportedKey,
  specification: Exclude<KeySpecification, { readonly type: "ml-dsa" }>,
): PrivateKey {
  if (specification.type === "ec") {
    const { curve } = specification;
    return ecPrivateKey({ curve, scalar: member(jwk, "d", CURVE_OCTETS[curve]), point: exportedPoint(jwk, curve) });
  }
  return rsaPrivateKey({
    modulus: member(jwk, "n"),
    exponent: member(jwk, "e"),
    privateExponent: member(jwk, "d"),
    prime1: member(jwk, "p"),
    prime2: member(jwk, "q"),
    exponent1: member(jwk, "dp"),
    exponent2: member(jwk, "dq"),
    coefficient: member(jwk, "qi"),
  });
}

/** A member's octets; left-padded when a length is given and the platform wrote fewer. */
function member(jwk: ExportedKey, name: string, length?: number): Bytes {
  const text = jwk[name];
  const octets = typeof text === "string" ? decodeBase64Url(text) : undefined;
  if (octets === undefined || octets.length === 0 || (length !== undefined && octets.length > length)) {
    throw new CryptoError(
      "ERR_CRYPTO_FAILED",
      "key export",
      `Cannot export key: the platform wrote no proper member "${name}"`,
    );
  }
  if (length === undefined || octets.length === length) return octets;
  return concatBytes([new Uint8Array(length - octets.length), octets]);
}
