/**
 * RSA private keys: RSAPrivateKey of PKCS#1 (RFC 8017 §A.1.2), and the arithmetic that ties its components together.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { integerOf } from "../crypto/big-integer.ts";
import { type RsaPrivateKey, rsaPrivateKey } from "../crypto/private-key.ts";
import { openSequence } from "../der/reader.ts";
import { KeyError, unsupportedKey } from "./key-error.ts";

/** Shorter moduli are refused. */
export const MIN_RSA_BITS = 1024;
/** Longer moduli are refused: one signature would take seconds. */
export const MAX_RSA_BITS = 16_384;

/**
 * Reads RSAPrivateKey octets; the components are copies.
 *
 * Secret: the result.
 *
 * @throws {DerError} when the octets are not one
 * @throws {KeyError} for more than two primes, a size out of range, or components that do not belong together
 */
export function parseRsaPrivateKey(der: Bytes): RsaPrivateKey {
  const reader = openSequence(der, "RSAPrivateKey");
  const version = reader.smallInteger("RSAPrivateKey.version", 0, 1);
  if (version === 1) throw unsupportedKey("private key", "RSA with more than two primes");
  const component = (name: string): Bytes => new Uint8Array(reader.unsignedInteger(`RSAPrivateKey.${name}`));
  const key = rsaPrivateKey({
    modulus: component("modulus"),
    exponent: component("publicExponent"),
    privateExponent: component("privateExponent"),
    prime1: component("prime1"),
    prime2: component("prime2"),
    exponent1: component("exponent1"),
    exponent2: component("exponent2"),
    coefficient: component("coefficient"),
  });
  reader.finish("RSAPrivateKey");
  checkRsaPrivateKey(key);
  return key;
}

/**
 * Demands that the components make one key: n = p·q, and the exponents and the coefficient are inverses as RFC 8017
 * §3.2 says. A key that fails here could sign wrongly, and a wrong CRT signature gives the primes away.
 *
 * Secret: bigint arithmetic in variable time, once when a key is loaded; its intermediate values cannot be wiped.
 */
export function checkRsaPrivateKey(key: RsaPrivateKey): void {
  const bits = bitLength(key.modulus);
  if (bits < MIN_RSA_BITS) throw unsupportedKey("private key", `${bits}-bit RSA`);
  if (bits > MAX_RSA_BITS) {
    throw new KeyError("ERR_KEY_LIMIT", "private key", `${bits}-bit RSA, at most ${MAX_RSA_BITS} bits are accepted`);
  }
  const [n, e, d, p, q, dp, dq, qInv] = [
    key.modulus,
    key.exponent,
    key.privateExponent,
    key.prime1,
    key.prime2,
    key.exponent1,
    key.exponent2,
    key.coefficient,
  ].map(integerOf) as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
  const odd = (e & p & q & 1n) === 1n;
  if (
    !(odd && e >= 3n && e < n && p > 1n && q > 1n && p !== q && p * q === n && d < n && dp < p && dq < q &&
      qInv < p &&
      (dp * e) % (p - 1n) === 1n && (dq * e) % (q - 1n) === 1n && (d - dp) % (p - 1n) === 0n &&
      (d - dq) % (q - 1n) === 0n && (qInv * q) % p === 1n)
  ) {
    throw new KeyError("ERR_KEY_INVALID", "private key", "the RSA components do not belong together");
  }
}

/** Bits of a big-endian number without leading zero octets. */
export function bitLength(octets: Uint8Array): number {
  return octets.length === 0 ? 0 : octets.length * 8 - Math.clz32(octets[0]!) + 24;
}
