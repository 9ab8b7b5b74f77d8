/**
 * The envelope that certificates, CRLs and certification requests share: what is signed, by which algorithm, and the
 * signature (RFC 5280 §4.1.1, §5.1.1; RFC 2986 §4).
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { type DerReader, openSequence } from "../der/reader.ts";
import { TAG } from "../der/tag.ts";
import { CertificateError } from "./certificate-error.ts";

/** Where the parts of a signed structure are, as offsets; nothing has been looked into. */
export interface SignedStructure {
  /** A cursor over the contents of the signed part; offsets count from the start of the structure. */
  readonly body: DerReader;
  /** Start of the signed part, identifier octet included; it ends where the algorithm starts. */
  readonly bodyAt: number;
  /** Start of the AlgorithmIdentifier beside the signature. */
  readonly algorithmAt: number;
  /** Its end. */
  readonly algorithmEnd: number;
  /** Start of the signature's octets; they end with the structure. */
  readonly signatureAt: number;
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
  const bodyAt = outer.position;
  const inner = outer.sequence(body);
  const algorithmAt = outer.position;
  outer.next(TAG.sequence, "signatureAlgorithm");
  const algorithmEnd = outer.position;
  const bits = outer.next(TAG.bitString, "signatureValue");
  outer.finish(reading);
  if (bits === der.length || der[bits] !== 0) {
    outer.fail("ERR_DER_VALUE", "signatureValue", algorithmEnd, "a signature is a BIT STRING of whole octets");
  }
  return { body: inner, bodyAt, algorithmAt, algorithmEnd, signatureAt: bits + 1 };
}

/**
 * Moves over the AlgorithmIdentifier inside the signed part.
 *
 * @throws {CertificateError} `ERR_CERTIFICATE_ALGORITHM_MISMATCH` when it is not, octet by octet, the one outside
 * (RFC 5280 §4.1.1.2, §5.1.1.2)
 */
export function readInnerAlgorithm(outer: SignedStructure, reading: string): void {
  const { body, algorithmAt, algorithmEnd } = outer;
  const { octets, position: start } = body;
  body.next(TAG.sequence, reading);
  let same = body.position - start === algorithmEnd - algorithmAt;
  for (let i = 0; same && i < algorithmEnd - algorithmAt; i++) same = octets[start + i] === octets[algorithmAt + i];
  if (!same) {
    throw new CertificateError(
      "ERR_CERTIFICATE_ALGORITHM_MISMATCH",
      `Cannot read ${reading} at offset ${start}: it differs from the algorithm outside the signed part`,
      { offset: start },
    );
  }
}
