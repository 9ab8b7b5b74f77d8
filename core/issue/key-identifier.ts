/**
 * Key identifiers (RFC 5280 §4.2.1.2) without SHA-1.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import { openSequence } from "../der/reader.ts";
import { TAG } from "../der/tag.ts";

/**
 * The identifier of a key: the leftmost 160 bits of the SHA-256 of its BIT STRING (RFC 7093 §2, method 1).
 *
 * @param publicKey SubjectPublicKeyInfo, DER
 * @throws {DerError} when it is not one
 */
export async function keyIdentifier(
  publicKey: Bytes,
  crypto: Pick<CryptoProvider, "digest">,
): Promise<Bytes> {
  const reader = openSequence(publicKey, "SubjectPublicKeyInfo");
  reader.next(TAG.sequence, "SubjectPublicKeyInfo.algorithm");
  const key = reader.octetAlignedBitString("SubjectPublicKeyInfo.subjectPublicKey");
  return (await crypto.digest("SHA-256", key)).slice(0, 20);
}
