/**
 * What an RSA key says about the algorithms that it may be used with (RFC 4055).
 *
 * @module
 */

import { CryptoError } from "./crypto-error.ts";
import type { RsaPublicKey } from "./public-key.ts";
import type { Pkcs1Algorithm, PssAlgorithm } from "./signature-algorithm.ts";

/**
 * Demands that the key may be used with the algorithm: a key whose own OID is RSASSA-PSS excludes PKCS#1 v1.5, and its
 * parameters bind hash, mask hash and least salt length (RFC 4055 §3.3).
 *
 * @throws {CryptoError} `ERR_CRYPTO_INVALID_KEY`
 */
export function checkRsaRestriction(key: Pick<RsaPublicKey, "pss">, algorithm: Pkcs1Algorithm | PssAlgorithm): void {
  const restriction = key.pss;
  if (restriction === undefined) return;
  if (algorithm.scheme === "rsa-pkcs1") throw invalidKey("an RSASSA-PSS key is not for PKCS#1 v1.5");
  const { hash, mgfHash, saltLength } = restriction;
  if (hash !== undefined && hash !== algorithm.hash) throw invalidKey(`the key is for PSS with ${hash} alone`);
  if (mgfHash !== undefined && mgfHash !== algorithm.mgfHash) {
    throw invalidKey(`the key is for MGF1 with ${mgfHash} alone`);
  }
  if (saltLength !== undefined && algorithm.saltLength < saltLength) {
    throw invalidKey(`the key wants at least ${saltLength} octets of salt`);
  }
}

function invalidKey(state: string): CryptoError {
  const operation = "RSA public key import";
  return new CryptoError("ERR_CRYPTO_INVALID_KEY", operation, `Cannot import RSA public key: ${state}`);
}
