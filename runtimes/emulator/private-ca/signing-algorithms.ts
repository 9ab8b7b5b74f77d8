/**
 * Keys and signatures of private certificate authorities, by the names of their API.
 *
 * @see AWS Private CA API reference, "CertificateAuthorityConfiguration", "IssueCertificate"
 * @module
 */

import type { KeySpecification } from "../../../core/crypto/provider.ts";
import {
  ECDSA_SHA256,
  ECDSA_SHA384,
  ECDSA_SHA512,
  ML_DSA_44,
  ML_DSA_65,
  ML_DSA_87,
  RSA_PKCS1_SHA256,
  RSA_PKCS1_SHA384,
  RSA_PKCS1_SHA512,
  type SignatureAlgorithm,
} from "../../../core/crypto/signature-algorithm.ts";
import { refuse } from "../protocols/service-refusal.ts";

/** What a name of a key algorithm stands for. SM2 is known and not supported. */
const KEYS: { readonly [name: string]: KeySpecification } = {
  RSA_2048: { type: "rsa", bits: 2048 },
  RSA_3072: { type: "rsa", bits: 3072 },
  RSA_4096: { type: "rsa", bits: 4096 },
  EC_prime256v1: { type: "ec", curve: "P-256" },
  EC_secp384r1: { type: "ec", curve: "P-384" },
  EC_secp521r1: { type: "ec", curve: "P-521" },
  ML_DSA_44: { type: "ml-dsa", parameterSet: "ML-DSA-44" },
  ML_DSA_65: { type: "ml-dsa", parameterSet: "ML-DSA-65" },
  ML_DSA_87: { type: "ml-dsa", parameterSet: "ML-DSA-87" },
};

/** What a name of a signing algorithm stands for. RSA-PSS and SM2 are known and not supported. */
const ALGORITHMS: { readonly [name: string]: SignatureAlgorithm } = {
  SHA256WITHRSA: RSA_PKCS1_SHA256,
  SHA384WITHRSA: RSA_PKCS1_SHA384,
  SHA512WITHRSA: RSA_PKCS1_SHA512,
  SHA256WITHECDSA: ECDSA_SHA256,
  SHA384WITHECDSA: ECDSA_SHA384,
  SHA512WITHECDSA: ECDSA_SHA512,
  ML_DSA_44,
  ML_DSA_65,
  ML_DSA_87,
};

/**
 * The key to make.
 *
 * @throws {ServiceRefusal} `InvalidArgsException` for an algorithm that this emulator lacks
 */
export function keySpecification(keyAlgorithm: string): KeySpecification {
  const specification = KEYS[keyAlgorithm];
  if (specification !== undefined) return specification;
  throw refuse(400, "InvalidArgsException", `The key algorithm ${keyAlgorithm} is not supported by this emulator.`);
}

/**
 * The algorithm to sign with, which the authority's key must fit.
 *
 * @throws {ServiceRefusal} `InvalidArgsException` when it does not, or this emulator lacks it
 */
export function signingAlgorithm(name: string, keyAlgorithm: string): SignatureAlgorithm {
  const algorithm = ALGORITHMS[name];
  if (algorithm === undefined) {
    throw refuse(400, "InvalidArgsException", `The signing algorithm ${name} is not supported by this emulator.`);
  }
  const key = keySpecification(keyAlgorithm);
  const fits = key.type === "rsa"
    ? algorithm.scheme === "rsa-pkcs1"
    : key.type === "ec"
    ? algorithm.scheme === "ecdsa"
    : algorithm.scheme === "ml-dsa" && algorithm.parameterSet === key.parameterSet;
  if (fits) return algorithm;
  throw refuse(
    400,
    "InvalidArgsException",
    `The signing algorithm ${name} does not match the certificate authority's key algorithm ${keyAlgorithm}.`,
  );
}
