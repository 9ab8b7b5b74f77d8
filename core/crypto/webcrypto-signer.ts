/**
 * Signers of `CryptoKey`s: keys that live in the platform, extractable or not.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { CryptoError } from "./crypto-error.ts";
import { ecdsaSignatureToDer } from "./ecdsa-signature.ts";
import { invalidKey } from "./key-fit.ts";
import type { PlatformKey } from "./provider.ts";
import type { PublicKey } from "./public-key.ts";
import {
  ECDSA_SHA256,
  ED25519,
  mlDsaAlgorithm,
  RSA_PKCS1_SHA256,
  RSA_PKCS1_SHA384,
  RSA_PKCS1_SHA512,
  type SignatureAlgorithm,
} from "./signature-algorithm.ts";
import type { Signer } from "./signer.ts";
import {
  globalCrypto,
  importParameters,
  operationParameters,
  type SubtleWebCrypto,
  type WebCrypto,
} from "./web-crypto.ts";

/**
 * Makes a signer of a `CryptoKey`, which may be non-extractable; nothing is proven before the first signature. ECDSA
 * keys sign with SHA-256, the others with what they were imported for.
 *
 * Secret: the key stays in the platform.
 *
 * @param key a private key with the usage `sign`
 * @param publicKeySpki SubjectPublicKeyInfo of the same key, DER: that of its certificate
 * @param crypto whose key it is, default the global `crypto`
 * @throws {CryptoError} `ERR_CRYPTO_INVALID_KEY` when it is not such a key
 */
export function signerFromCryptoKey(
  key: PlatformKey,
  publicKeySpki: Bytes,
  crypto: WebCrypto | undefined = globalCrypto(),
): Signer {
  const algorithm = algorithmOf(key);
  requireUsage(key, algorithm);
  if (crypto === undefined) throw new TypeError(`"crypto" is missing: this runtime has no WebCrypto`);
  return platformSigner(crypto.subtle, key, publicKeySpki, algorithm);
}

/**
 * Makes a signer of a key that is known to fit; nothing is proven.
 *
 * Secret: the key stays in the platform.
 */
export function platformSigner(
  subtle: SubtleWebCrypto,
  key: PlatformKey,
  publicKey: Bytes,
  algorithm: SignatureAlgorithm,
): Signer {
  const parameters = operationParameters(algorithm);
  const encode = algorithm.scheme === "ecdsa"
    ? (raw: ArrayBuffer) => ecdsaSignatureToDer(new Uint8Array(raw))
    : (raw: ArrayBuffer) => new Uint8Array(raw);
  return {
    algorithm,
    publicKey,
    sign(message: Bytes): Promise<Bytes> {
      // A platform's promise may be of another realm, as in Vercel's edge runtime; callers tell ours from octets.
      return Promise.resolve(subtle.sign(parameters, key, message)).then(encode, (cause: unknown) => {
        throw failed(`${algorithm.name} sign`, cause);
      });
    },
  };
}

/**
 * Checks that a platform key may sign and was imported for the algorithm.
 *
 * @throws {CryptoError} `ERR_CRYPTO_INVALID_KEY`
 */
export function requirePlatformFit(key: PlatformKey, publicKey: PublicKey, algorithm: SignatureAlgorithm): void {
  requireUsage(key, algorithm);
  const expected = importParameters(publicKey, algorithm);
  const found = key.algorithm as { name: string; namedCurve?: string; hash?: { name: string } };
  if (
    found.name !== expected.name || ("namedCurve" in expected && found.namedCurve !== expected.namedCurve) ||
    ("hash" in expected && found.hash?.name !== expected.hash)
  ) {
    const details = [found.name, found.namedCurve, found.hash?.name].filter((part) => part !== undefined);
    throw invalidKey(algorithm, `the CryptoKey is for ${details.join(" ")}`);
  }
}

function algorithmOf(key: PlatformKey): SignatureAlgorithm {
  const { name } = key.algorithm;
  const hash = (key.algorithm as { hash?: { name: string } }).hash?.name;
  if (name === "RSASSA-PKCS1-v1_5") {
    if (hash === "SHA-256") return RSA_PKCS1_SHA256;
    if (hash === "SHA-384") return RSA_PKCS1_SHA384;
    if (hash === "SHA-512") return RSA_PKCS1_SHA512;
  }
  if (name === "ECDSA") return ECDSA_SHA256;
  if (name === "Ed25519") return ED25519;
  if (name === "ML-DSA-44" || name === "ML-DSA-65" || name === "ML-DSA-87") return mlDsaAlgorithm(name);
  throw new CryptoError(
    "ERR_CRYPTO_INVALID_KEY",
    name,
    `Cannot use CryptoKey: it is for ${name}${hash === undefined ? "" : ` with ${hash}`}, which signs no request`,
  );
}

function requireUsage(key: PlatformKey, algorithm: SignatureAlgorithm): void {
  if (key.type !== "private" || !key.usages.includes("sign")) {
    throw invalidKey(algorithm, `it is a ${key.type} CryptoKey for ${key.usages.join(", ") || "nothing"}`);
  }
}

/** The error of a platform call that failed although nothing was wrong with its arguments. */
export function failed(operation: string, cause: unknown): CryptoError {
  return new CryptoError("ERR_CRYPTO_FAILED", operation, `Cannot do ${operation}: the platform failed`, { cause });
}
