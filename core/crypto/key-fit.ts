/**
 * Whether a key and a signature algorithm go together, and how long their signatures are: the same answer in every
 * provider, before any platform is asked.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { CryptoError } from "./crypto-error.ts";
import { HASH_OCTETS } from "./hash-octets.ts";
import type { PrivateKey } from "./private-key.ts";
import type { PublicKey } from "./public-key.ts";
import { checkRsaRestriction } from "./rsa-restriction.ts";
import type { MlDsaParameterSet, SignatureAlgorithm } from "./signature-algorithm.ts";

/**
 * Checks that the key is one of the algorithm's, that a restriction in an RSASSA-PSS key (RFC 4055 §1.2, §3.3)
 * allows its parameters, and that a scalar is not zero.
 *
 * Secret: a scalar; its comparison ends at the first octet that is not zero.
 *
 * @throws {CryptoError} `ERR_CRYPTO_INVALID_KEY` when they do not go together
 */
export function requireFit(key: PublicKey | PrivateKey, algorithm: SignatureAlgorithm): void {
  const { scheme } = algorithm;
  const fits = key.type === "rsa"
    ? scheme === "rsa-pss" || scheme === "rsa-pkcs1"
    : key.type === "ec"
    ? scheme === "ecdsa"
    : key.type === "ed25519"
    ? scheme === "ed25519"
    : scheme === "ml-dsa" && key.parameterSet === algorithm.parameterSet;
  if (!fits) throw invalidKey(algorithm, `the key is ${keyName(key)}`);
  if (key.type === "ec" && "scalar" in key && key.scalar.every((octet) => octet === 0)) {
    throw invalidKey(algorithm, "the scalar is zero");
  }
  if ("pss" in key && (scheme === "rsa-pss" || scheme === "rsa-pkcs1")) checkRsaRestriction(key, algorithm);
}

/** How many octets every signature of this key has; undefined for ECDSA, whose DER form varies. */
export function signatureOctets(key: PublicKey): number | undefined {
  switch (key.type) {
    case "rsa":
      return key.modulus.length;
    case "ec":
      return undefined;
    case "ed25519":
      return 64;
    case "ml-dsa":
      return ML_DSA_SIGNATURE_OCTETS[key.parameterSet];
  }
}

/**
 * Whether every platform verifies signatures of this RSA key rightly: as {@link isNativeRsa} says, up to 4096 bits, with
 * a common exponent. Deno throws above; `rsaVerifier` does the rest.
 */
export function isCommonRsa(key: RsaComponents, algorithm: SignatureAlgorithm): boolean {
  return key.modulus.length <= 512 && hasCommonExponent(key) && isNativeRsa(key, algorithm);
}

/** Whether the exponent is 3 or 65537; workerd imports no others. */
export function hasCommonExponent({ exponent }: Pick<RsaComponents, "exponent">): boolean {
  return exponent.length === 1 ? exponent[0] === 3 : exponent.join() === "1,0,1";
}

/**
 * Whether an RSA key and algorithm may be given to a platform at all: an odd modulus of at least 1024 bits in whole
 * octets, an odd exponent from 3 to 2^32 - 1, and for RSASSA-PSS one hash for both purposes and room for the salt.
 * Bun rejects valid signatures under larger exponents, Deno throws, and WebCrypto has no name for two hashes.
 */
export function isNativeRsa(key: RsaComponents, algorithm: SignatureAlgorithm): boolean {
  const { modulus, exponent } = key;
  const last = exponent[exponent.length - 1] ?? 0;
  return modulus.length >= 128 && modulus.length <= 2048 && modulus[0]! >= 0x80 &&
    (modulus[modulus.length - 1]! & 1) === 1 &&
    exponent.length <= 4 && (last & 1) === 1 && (exponent.length > 1 || last >= 3) &&
    (algorithm.scheme === "rsa-pkcs1" ||
      (algorithm.scheme === "rsa-pss" && algorithm.hash === algorithm.mgfHash && algorithm.saltLength >= 0 &&
        algorithm.saltLength <= modulus.length - HASH_OCTETS[algorithm.hash] - 2));
}

interface RsaComponents {
  readonly modulus: Bytes;
  readonly exponent: Bytes;
}

/** The error for a key that an algorithm cannot use. */
export function invalidKey(algorithm: SignatureAlgorithm, state: string, cause?: unknown): CryptoError {
  return new CryptoError(
    "ERR_CRYPTO_INVALID_KEY",
    algorithm.name,
    `Cannot use key for ${algorithm.name}: ${state}`,
    { cause },
  );
}

/** Octets of an ML-DSA signature (FIPS 204 §4, table 2). */
const ML_DSA_SIGNATURE_OCTETS: { readonly [set in MlDsaParameterSet]: number } = {
  "ML-DSA-44": 2420,
  "ML-DSA-65": 3309,
  "ML-DSA-87": 4627,
};

function keyName(key: PublicKey | PrivateKey): string {
  switch (key.type) {
    case "rsa":
      return "an RSA key";
    case "ec":
      return `a ${key.curve} key`;
    case "ed25519":
      return "an Ed25519 key";
    case "ml-dsa":
      return `an ${key.parameterSet} key`;
  }
}
