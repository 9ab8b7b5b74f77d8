/**
 * RSA verification by bigint (RFC 8017 §8.1.2, §8.2.2): for exponents and PSS parameters that a platform cannot
 * express, refuses or gets wrong, with the same answers in every runtime.
 *
 * Public: key, message and signature are public; variable time.
 *
 * @module
 */

import { type Bytes, equalBytes } from "../bytes/bytes.ts";
import { bitLength, integerOf, modPow, octetsOf } from "./big-integer.ts";
import { CryptoError } from "./crypto-error.ts";
import { type Digest, encodePkcs1, verifyPss, whenAll } from "./emsa.ts";
import { HASH_OCTETS } from "./hash-octets.ts";
import type { RsaPublicKey } from "./public-key.ts";
import { checkRsaRestriction } from "./rsa-restriction.ts";
import type { HashName, Pkcs1Algorithm, PssAlgorithm } from "./signature-algorithm.ts";
import type { Awaitable, Verifier } from "./signer.ts";

/** Shorter moduli are refused, in bits. */
export const MIN_MODULUS_BITS = 1024;

/** Longer moduli are refused, in bits. */
export const MAX_MODULUS_BITS = 16384;

/**
 * The most that one verification may cost, 4096³: bits of the modulus, squared, times bits of the exponent. It allows
 * every exponent up to a modulus of 4,096 bits, and exponents of 1,024 bits with 8,192 and of 256 bits with 16,384.
 */
export const MAX_VERIFICATION_COST = 68_719_476_736;

/** The components of an RSA public key as integers, checked. */
export interface RsaPublicIntegers {
  /** n. */
  readonly modulus: bigint;
  /** e. */
  readonly exponent: bigint;
  /** Bits of the modulus. */
  readonly bits: number;
  /** k: octets of the modulus and of every signature. */
  readonly octets: number;
}

/** A verifier that answers at once. */
export interface SynchronousVerifier extends Verifier {
  /** As {@link Verifier.verify}, at once. Public: variable time. */
  verify(message: Bytes, signature: Bytes): boolean;
}

/**
 * Reads and checks an RSA public key: the modulus is odd and has 1,024 to 16,384 bits, the exponent is odd, at least 3
 * and below the modulus (RFC 8017 §3.1).
 *
 * @throws {CryptoError} `ERR_CRYPTO_INVALID_KEY`, or `ERR_CRYPTO_LIMIT` when a verification would cost more than
 * {@link MAX_VERIFICATION_COST}
 */
export function rsaPublicIntegers(key: Pick<RsaPublicKey, "modulus" | "exponent">): RsaPublicIntegers {
  if (key.modulus.length > MAX_MODULUS_BITS / 8 + 1) {
    throw new CryptoError(
      "ERR_CRYPTO_LIMIT",
      "RSA public key import",
      `Cannot import RSA public key: the modulus is longer than ${MAX_MODULUS_BITS} bits`,
    );
  }
  const modulus = integerOf(key.modulus);
  const bits = bitLength(modulus);
  if (bits < MIN_MODULUS_BITS) invalidKey(`the modulus has ${bits} bits, at least ${MIN_MODULUS_BITS} are wanted`);
  if ((modulus & 1n) === 0n) invalidKey("the modulus is even");
  if (key.exponent.length > key.modulus.length + 1) invalidKey("the exponent is not below the modulus");
  const exponent = integerOf(key.exponent);
  if (exponent < 3n || (exponent & 1n) === 0n) invalidKey("the exponent is not an odd number of at least 3");
  if (exponent >= modulus) invalidKey("the exponent is not below the modulus");
  if (bits > MAX_MODULUS_BITS || bits * bits * bitLength(exponent) > MAX_VERIFICATION_COST) {
    throw new CryptoError(
      "ERR_CRYPTO_LIMIT",
      "RSA public key import",
      `Cannot import RSA public key: a modulus of ${bits} bits with an exponent of ${
        bitLength(exponent)
      } bits costs more than is accepted`,
    );
  }
  return { modulus, exponent, bits, octets: Math.ceil(bits / 8) };
}

/**
 * Makes a verifier of RSASSA-PKCS1-v1_5 or RSASSA-PSS signatures. PKCS#1 v1.5 signatures are compared with the one
 * encoding that is right, never parsed; a PSS salt has exactly the length that the algorithm says.
 *
 * @param digest hashes message and masks; the verifier is synchronous when it is
 * @throws {CryptoError} `ERR_CRYPTO_INVALID_KEY` or `ERR_CRYPTO_LIMIT`
 * @see RFC 8017 §8.1.2 and §8.2.2
 */
export function rsaVerifier(
  key: RsaPublicKey,
  algorithm: Pkcs1Algorithm | PssAlgorithm,
  digest: (hash: HashName, data: Bytes) => Bytes,
): SynchronousVerifier;
/** The same with a digest that may be asynchronous, as WebCrypto's is. */
export function rsaVerifier(key: RsaPublicKey, algorithm: Pkcs1Algorithm | PssAlgorithm, digest: Digest): Verifier;
export function rsaVerifier(key: RsaPublicKey, algorithm: Pkcs1Algorithm | PssAlgorithm, digest: Digest): Verifier {
  checkRsaRestriction(key, algorithm);
  const integers = rsaPublicIntegers(key);
  if (algorithm.scheme === "rsa-pss") {
    checkSaltLength(algorithm, integers);
    // RFC 8017 §8.1.2 step 2c: the encoded message is one octet shorter when the modulus has 8 k + 1 bits.
    const emOctets = Math.ceil((integers.bits - 1) / 8);
    return {
      algorithm,
      verify(message: Bytes, signature: Bytes): Awaitable<boolean> {
        const encoded = rsaPublicOperation(integers, signature);
        if (encoded === undefined || (emOctets < encoded.length && encoded[0] !== 0)) return false;
        const shortened = encoded.subarray(encoded.length - emOctets);
        return verifyPss(algorithm, shortened, integers.bits - 1, message, digest);
      },
    };
  }
  return {
    algorithm,
    verify(message: Bytes, signature: Bytes): Awaitable<boolean> {
      const encoded = rsaPublicOperation(integers, signature);
      if (encoded === undefined) return false;
      return whenAll([digest(algorithm.hash, message)], ([found]) => {
        const right = encodePkcs1(algorithm.hash, found!, integers.octets);
        return right !== undefined && equalBytes(right, encoded);
      });
    },
  };
}

/**
 * RSAVP1 (RFC 8017 §5.2.2): signature ^ e mod n, as long as the modulus.
 *
 * @returns undefined when the signature has another length than the modulus, or is not below it
 */
export function rsaPublicOperation(key: RsaPublicIntegers, signature: Bytes): Bytes | undefined {
  if (signature.length !== key.octets) return undefined;
  const integer = integerOf(signature);
  if (integer >= key.modulus) return undefined;
  return octetsOf(modPow(integer, key.exponent, key.modulus), key.octets);
}

function checkSaltLength(algorithm: PssAlgorithm, key: RsaPublicIntegers): void {
  const room = Math.ceil((key.bits - 1) / 8) - HASH_OCTETS[algorithm.hash] - 2;
  if (!Number.isInteger(algorithm.saltLength) || algorithm.saltLength < 0 || algorithm.saltLength > room) {
    invalidKey(`the modulus has no room for ${algorithm.saltLength} octets of salt`);
  }
}

function invalidKey(state: string): never {
  throw new CryptoError("ERR_CRYPTO_INVALID_KEY", "RSA public key import", `Cannot import RSA public key: ${state}`);
}
