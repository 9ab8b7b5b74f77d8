/**
 * RSASSA-PKCS1-v1_5 signatures by bigint: Chinese remainders, blinded, and checked before they leave
 * (RFC 8017 §5.2.1, §8.2.1).
 *
 * Secret: private keys. Blinding makes the base of every secret power unpredictable, and the powers run the same
 * operations whatever the exponent's bits are; bigint arithmetic itself takes time that depends on its operands, and
 * integers cannot be wiped. Where others can measure the time or read the memory of this process, use the platform's
 * cryptography or a device.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../bytes/bytes.ts";
import { encodeUtf8 } from "../../bytes/text.ts";
import type { Random } from "../../ports.ts";
import { bitLength, integerOf, modInverse, modPow, octetsOf, secretModPow } from "../big-integer.ts";
import { CryptoError } from "../crypto-error.ts";
import { encodePkcs1 } from "../emsa.ts";
import type { RsaPrivateKey } from "../private-key.ts";
import { type RsaPublicIntegers, rsaPublicIntegers } from "../rsa-verify.ts";
import type { HashName } from "../signature-algorithm.ts";
import { hash, hmacOf } from "./hash.ts";

/** An RSA private key as integers that belong together. */
export interface RsaPrivateIntegers extends RsaPublicIntegers {
  /** Secret: p, q, dP, dQ, qInv and the octets of d, behind a function so that no inspector shows them. */
  readonly secrets: () => RsaSecrets;
}

interface RsaSecrets {
  readonly prime1: bigint;
  readonly prime2: bigint;
  readonly exponent1: bigint;
  readonly exponent2: bigint;
  readonly coefficient: bigint;
  readonly privateExponent: Bytes;
}

/**
 * Checks that the components belong together: n = p · q with odd p ≠ q, e · d ≡ 1 modulo p - 1 and q - 1, dP, dQ and
 * qInv are what p, q and d make them; sizes as {@link rsaPublicIntegers} wants them. Primality is not tested.
 *
 * Secret: variable time, once for each key.
 *
 * @throws {CryptoError} `ERR_CRYPTO_INVALID_KEY` or `ERR_CRYPTO_LIMIT`
 */
export function rsaPrivateIntegers(key: RsaPrivateKey): RsaPrivateIntegers {
  const open = rsaPublicIntegers(key);
  const limit = key.modulus.length + 1;
  const privates = [key.privateExponent, key.prime1, key.prime2, key.exponent1, key.exponent2, key.coefficient];
  if (privates.some((octets) => octets.length > limit)) invalidKey("a component is longer than the modulus");
  const prime1 = integerOf(key.prime1);
  const prime2 = integerOf(key.prime2);
  const exponent = integerOf(key.privateExponent);
  const exponent1 = integerOf(key.exponent1);
  const exponent2 = integerOf(key.exponent2);
  const coefficient = integerOf(key.coefficient);
  if (prime1 < 3n || prime2 < 3n || (prime1 & prime2 & 1n) === 0n) invalidKey("a prime is even or too small");
  if (prime1 === prime2) invalidKey("the primes are equal");
  if (prime1 * prime2 !== open.modulus) invalidKey("the modulus is not the product of the primes");
  if (exponent >= open.modulus) invalidKey("the private exponent is not below the modulus");
  if (
    open.exponent * exponent % (prime1 - 1n) !== 1n || open.exponent * exponent % (prime2 - 1n) !== 1n
  ) {
    invalidKey("the private exponent does not belong to the public one");
  }
  if (exponent1 !== exponent % (prime1 - 1n) || exponent2 !== exponent % (prime2 - 1n)) {
    invalidKey("an exponent of the Chinese remainders is wrong");
  }
  if (coefficient >= prime1 || coefficient * prime2 % prime1 !== 1n) {
    invalidKey("the coefficient of the Chinese remainders is wrong");
  }
  const secrets: RsaSecrets = {
    prime1,
    prime2,
    exponent1,
    exponent2,
    coefficient,
    privateExponent: key.privateExponent,
  };
  return { ...open, secrets: () => secrets };
}

/**
 * Signs the message with PKCS#1 v1.5; the result has verified before it is returned.
 *
 * Secret: key. The blinding factor comes from `random`; without it, from HMAC-SHA-512 of the encoded message under
 * the private exponent: unpredictable for everybody else, but the same for the same message, so that averaging over
 * repeated signatures is not hindered.
 *
 * @throws {CryptoError} `ERR_CRYPTO_FAILED` when the result does not verify (a fault), or `random` is broken
 */
export function signPkcs1(key: RsaPrivateIntegers, name: HashName, message: Bytes, random?: Random): Bytes {
  const encoded = encodePkcs1(name, hash(name, message), key.octets);
  // A modulus has at least 128 octets, the longest DigestInfo with its padding 94.
  if (encoded === undefined) throw new RangeError("the modulus is too short for the hash");
  const representative = integerOf(encoded);
  const { modulus, exponent } = key;
  const secrets = key.secrets();
  const { prime1, prime2, coefficient } = secrets;
  const [factor, inverse] = blindingFactor(key, secrets, encoded, random);

  const blinded = representative * modPow(factor, exponent, modulus) % modulus;
  const power1 = secretModPow(blinded % prime1, secrets.exponent1, prime1, bitLength(prime1));
  const power2 = secretModPow(blinded % prime2, secrets.exponent2, prime2, bitLength(prime2));
  // Garner (RFC 8017 §5.2.1 step 2b): h = (m1 - m2) · qInv mod p.
  const difference = ((power1 - power2) % prime1 + prime1) % prime1;
  const power = power2 + prime2 * (difference * coefficient % prime1);
  const signature = power * inverse % modulus;
  // A wrong remainder would give the primes away (Boneh, DeMillo, Lipton).
  if (modPow(signature, exponent, modulus) !== representative) fail("the result does not verify");
  return octetsOf(signature, key.octets);
}

function blindingFactor(
  key: RsaPrivateIntegers,
  secrets: RsaSecrets,
  encoded: Bytes,
  random: Random | undefined,
): readonly [factor: bigint, inverse: bigint] {
  // 64 bits more than the modulus leave no bias worth the name. One draw is enough but for a broken source.
  const length = key.octets + 8;
  for (let attempt = 0; attempt < 4; attempt++) {
    const octets = random === undefined ? derivedOctets(secrets, encoded, attempt, length) : random(length);
    if (octets.length !== length) break;
    const factor = integerOf(octets) % key.modulus;
    const inverse = modInverse(factor, key.modulus);
    if (inverse !== undefined && factor > 1n) return [factor, inverse];
  }
  return fail("the random source gives no usable blinding factor");
}

function derivedOctets(secrets: RsaSecrets, encoded: Bytes, attempt: number, length: number): Bytes {
  const label = encodeUtf8("anyrole RSA blinding");
  const blocks: Bytes[] = [];
  for (let counter = 0; counter * 64 < length; counter++) {
    const input = concatBytes([label, Uint8Array.of(attempt, counter), encoded]);
    blocks.push(hmacOf("SHA-512", secrets.privateExponent, input));
  }
  return concatBytes(blocks).slice(0, length);
}

function invalidKey(state: string): never {
  throw new CryptoError(
    "ERR_CRYPTO_INVALID_KEY",
    "RSA private key import",
    `Cannot import RSA private key: ${state}`,
  );
}

function fail(state: string): never {
  throw new CryptoError("ERR_CRYPTO_FAILED", "RSA sign", `Cannot sign with RSA: ${state}`);
}
