/**
 * Verification of messages that come in pieces: RSA by its running hash, ML-DSA by the message representative μ
 * (FIPS 204 §6.3, algorithm 8 line 7), which is a hash as well.
 *
 * Public: keys, messages and signatures are public; variable time.
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";
import type { MlDsaPublicKey, RsaPublicKey } from "../public-key.ts";
import { rsaVerifier } from "../rsa-verify.ts";
import type { HashName, MlDsaAlgorithm, Pkcs1Algorithm, PssAlgorithm } from "../signature-algorithm.ts";
import type { StreamVerifier } from "../signer.ts";
import { hash, hashFunction } from "./hash.ts";
import { checkMlDsaPublicKey, mlDsaVerify } from "./ml-dsa.ts";
import { shake256 } from "./noble/hashes.ts";

/**
 * RSASSA-PKCS1-v1_5 and RSASSA-PSS.
 *
 * @throws {CryptoError} `ERR_CRYPTO_INVALID_KEY` or `ERR_CRYPTO_LIMIT`
 */
export function rsaStreamVerifier(key: RsaPublicKey, algorithm: Pkcs1Algorithm | PssAlgorithm): StreamVerifier {
  const running = hashFunction(algorithm.hash).create();
  // Stands for the message where its hash is asked for; everything else that is hashed is short.
  const message = new Uint8Array(0);
  const digest = (name: HashName, data: Bytes): Bytes => data === message ? running.digest() : hash(name, data);
  const verifier = rsaVerifier(key, algorithm, digest);
  return {
    algorithm,
    update: (piece: Bytes): void => void running.update(piece),
    verify: (signature: Bytes): boolean => verifier.verify(message, signature),
  };
}

/**
 * ML-DSA, pure, with the empty context of X.509 (RFC 9881 §3): μ is H(tr ‖ 00 00 ‖ M, 64), and tr is H(pk, 64).
 *
 * @throws {CryptoError} `ERR_CRYPTO_INVALID_KEY`
 */
export function mlDsaStreamVerifier(key: MlDsaPublicKey, algorithm: MlDsaAlgorithm): StreamVerifier {
  checkMlDsaPublicKey(key.parameterSet, key.key);
  const tr = shake256(key.key, { dkLen: 64 });
  const running = shake256.create({ dkLen: 64 }).update(tr).update(new Uint8Array(2));
  return {
    algorithm,
    update: (piece: Bytes): void => void running.update(piece),
    verify: (signature: Bytes): boolean =>
      mlDsaVerify(key.parameterSet, key.key, running.digest(), signature, { form: "mu" }),
  };
}
