/**
 * Checking one signature with one call.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import type { PublicKey } from "../crypto/public-key.ts";
import type { SignatureAlgorithm } from "../crypto/signature-algorithm.ts";
import type { Awaitable } from "../crypto/signer.ts";

/**
 * Whether the signature, in its X.509 encoding (DER for ECDSA), is one of the message by this key. Who checks many
 * signatures of a key imports it once: `crypto.importPublicKey`.
 *
 * Public: variable time. Synchronous when the provider is.
 *
 * @throws {CryptoError} `ERR_CRYPTO_INVALID_KEY` when the key is invalid or not one of the algorithm's,
 * `ERR_CRYPTO_UNSUPPORTED` when the provider lacks the algorithm
 */
export function verifySignature(
  crypto: CryptoProvider,
  algorithm: SignatureAlgorithm,
  publicKey: PublicKey,
  message: Bytes,
  signature: Bytes,
): Awaitable<boolean> {
  const verifier = crypto.importPublicKey(publicKey, algorithm);
  return verifier instanceof Promise
    ? verifier.then((imported) => imported.verify(message, signature))
    : verifier.verify(message, signature);
}
