/**
 * The envelope that certificates, CRLs and certification requests share: what is signed, by which algorithm, and the
 * signature (RFC 5280 §4.1.1, §5.1.1; RFC 2986 §4).
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { type DerReader, openSequence } from "../der/reader.ts";
import { TAG } from "../der/tag.ts";

/** A signed structure whose parts have not been looked into. */
export interface SignedStructure {
  /** The signed part, a whole element; a view. */
  readonly toBeSigned: Bytes;
  /** A cursor over the contents of the signed part; offsets count from the start of the structure. */
  readonly body: DerReader;
  /** The AlgorithmIdentifier beside the signature, a whole element; a view. */
  readonly algorithm: Bytes;
  /** Offset of {@link SignedStructure.algorithm}. */
  readonly algorithmOffset: number;
  /** The signature's octets, a view. */
  readonly signature: Bytes;
}

/**
 * Takes a signed structure apart.
 *
 * @param reading what it is, for messages: `Certificate`
 * @param body what its signed part is called: `tbsCertificate`
 * @param maxLength largest structure accepted, in octets
 * @throws {DerError} when it is not a SEQUENCE of a SEQUENCE, a SEQUENCE and a BIT STRING of whole octets
 */
export function readSignedStructure(der: Bytes, reading: string, body: string, maxLength: number): SignedStructure {
  const outer = openSequence(der, reading, maxLength);
  const start = outer.position;
  const inner = outer.sequence(body);
  const algorithmOffset = outer.position;
  const algorithm = outer.raw(TAG.sequence, "signatureAlgorithm");
  const signature = outer.octetAlignedBitString("signatureValue");
  outer.finish(reading);
  return { toBeSigned: der.subarray(start, algorithmOffset), body: inner, algorithm, algorithmOffset, signature };
}
