/**
 * What a revocation list says about itself, around its entries (RFC 5280 §5.1.2, §5.2).
 *
 * @module
 */

import type { SignatureAlgorithm } from "../../crypto/signature-algorithm.ts";
import type { UnknownSignatureAlgorithm } from "../../crypto/signature-algorithm-identifier.ts";
import type { DerReader } from "../../der/reader.ts";
import { contextConstructed, TAG } from "../../der/tag.ts";
import { CertificateError } from "../certificate-error.ts";
import { type Extension, readExtensions } from "../extensions/extension.ts";
import { type Name, readName } from "../name.ts";

/** What stands before the entries. */
export interface RevocationListHeader {
  /** 1 or 2. */
  readonly version: 1 | 2;
  /** Who issued it. */
  readonly issuer: Name;
  /** When it was issued, milliseconds since the epoch. */
  readonly thisUpdate: number;
  /** When the next one will be there at the latest, milliseconds since the epoch; undefined: it does not say. */
  readonly nextUpdate: number | undefined;
}

/** All of it, wherever the entries are. */
export interface RevocationListFields extends RevocationListHeader {
  /** Extensions of the list in order. */
  readonly extensions: readonly Extension[];
  /** How it is signed; the scheme is `unknown` for what is not in the table. @throws {DerError} for wrong parameters */
  readonly signatureAlgorithm: SignatureAlgorithm | UnknownSignatureAlgorithm;
}

/** Labels of PEM blocks that hold a list. */
export const CRL_LABELS: readonly string[] = ["X509 CRL"];

/** So many octets tell DER from text. */
export const LIST_BEGINNING_OCTETS = 3;

/**
 * Whether octets are the beginning of a list in DER: a SEQUENCE of a length that text could not have, or of a SEQUENCE.
 * Text, too, may begin with 0x30: it is the digit 0.
 */
export function beginsAsList(octets: Uint8Array): boolean {
  return octets[0] === TAG.sequence && (octets[1]! >= 0x80 || octets[2] === TAG.sequence);
}

/** Version, absent for v1; v2 is the INTEGER 1. */
export function readListVersion(body: DerReader): 1 | 2 {
  if (body.peek() !== TAG.integer) return 1;
  const offset = body.position;
  const number = body.integer("tbsCertList.version");
  if (number.length === 1 && number[0] === 1) return 2;
  throw new CertificateError("ERR_CERTIFICATE_VERSION", "Cannot read CRL: the version is not 2, or 1 is written out", {
    offset,
  });
}

/** Issuer and times: the fields between the algorithm and the entries. */
export function readListHeader(body: DerReader, version: 1 | 2): RevocationListHeader {
  const issuer = readName(body, "tbsCertList.issuer");
  const thisUpdate = body.time("tbsCertList.thisUpdate");
  const nextUpdate = isTime(body.peek()) ? body.time("tbsCertList.nextUpdate") : undefined;
  return { version, issuer, thisUpdate, nextUpdate };
}

/** Extensions, the last field; none in version 1. */
export function readListExtensions(body: DerReader, version: 1 | 2): readonly Extension[] {
  const offset = body.position;
  const explicit = body.openOptional(contextConstructed(0), "tbsCertList.crlExtensions");
  const extensions = explicit === undefined ? [] : readExtensions(explicit, "tbsCertList.crlExtensions");
  explicit?.finish("tbsCertList.crlExtensions");
  body.finish("tbsCertList");
  if (version === 1 && explicit !== undefined) {
    throw new CertificateError("ERR_CERTIFICATE_VERSION", "Cannot read CRL: version 1 has no extensions", { offset });
  }
  return extensions;
}

/** RFC 5280 §5.1.2.6: without revoked certificates the list of them must be absent. */
export function noEntry(body: DerReader, offset: number): never {
  return body.fail("ERR_DER_VALUE", "tbsCertList.revokedCertificates", offset, "there is no entry");
}

/** Whether a tag is one of the two of times. */
export function isTime(tag: number): boolean {
  return tag === TAG.utcTime || tag === TAG.generalizedTime;
}
