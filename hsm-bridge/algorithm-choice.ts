/**
 * What to sign with, said before the key is known.
 *
 * @module
 */

import type { PublicKey } from "../core/crypto/public-key.ts";
import type { SignatureAlgorithm } from "../core/crypto/signature-algorithm.ts";

/** An algorithm, or who answers it when the key is known. */
export type AlgorithmChoice = SignatureAlgorithm | ((key: PublicKey) => SignatureAlgorithm);

/** The algorithm for a key; undefined: none was said. */
export function algorithmFor(key: PublicKey, choice: AlgorithmChoice | undefined): SignatureAlgorithm | undefined {
  return typeof choice === "function" ? choice(key) : choice;
}
