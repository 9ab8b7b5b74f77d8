/**
 * Names and parameters of the signature algorithms in WebCrypto.
 *
 * @module
 */

import type { SignatureAlgorithm } from "./signature-algorithm.ts";

/** Parameters of `importKey` and `generateKey`. */
export type ImportParameters =
  | { readonly name: string }
  | { readonly name: string; readonly hash: string }
  | { readonly name: string; readonly namedCurve: string };

/** What `importKey` wants to hear about a key and the algorithm that it is for. */
export function importParameters(
  key: { readonly type: string; readonly curve?: string },
  algorithm: SignatureAlgorithm,
): ImportParameters {
  const name = NAMES[algorithm.scheme] ?? algorithm.name;
  if (algorithm.scheme === "ecdsa") return { name, namedCurve: key.curve ?? "" };
  return algorithm.scheme === "rsa-pkcs1" || algorithm.scheme === "rsa-pss" ? { name, hash: algorithm.hash } : { name };
}

/** What `sign` and `verify` want to hear. */
export function operationParameters(algorithm: SignatureAlgorithm): AlgorithmIdentifier | EcdsaParams | RsaPssParams {
  const name = NAMES[algorithm.scheme] ?? algorithm.name;
  if (algorithm.scheme === "ecdsa") return { name, hash: algorithm.hash };
  return algorithm.scheme === "rsa-pss" ? { name, saltLength: algorithm.saltLength } : { name };
}

/** WebCrypto's names; ML-DSA's and Ed25519's are the algorithms' own. */
const NAMES: { readonly [scheme: string]: string } = {
  "rsa-pkcs1": "RSASSA-PKCS1-v1_5",
  "rsa-pss": "RSA-PSS",
  ecdsa: "ECDSA",
};
