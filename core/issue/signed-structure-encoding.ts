/**
 * The envelope that certificates, CRLs and certification requests share, signed by any Signer.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import type { Signer } from "../crypto/signer.ts";
import { encodeSignatureAlgorithm } from "../crypto/signature-algorithm-identifier.ts";
import { derBitString, derSequence } from "../der/writer.ts";

/** Signs the signed part and puts the three together. */
export async function signStructure(toBeSigned: Bytes, signer: Signer): Promise<Bytes> {
  const signature = await signer.sign(toBeSigned);
  return derSequence(toBeSigned, encodeSignatureAlgorithm(signer.algorithm), derBitString(signature));
}

/** Refuses options that do not exist: a misspelt one would issue something else than was meant. */
export function checkOptions(options: object, known: readonly string[], callee: string): void {
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) throw new TypeError(`"${key}" is not an option of ${callee}()`);
  }
}
