/**
 * Issuing certificates (RFC 5280 §4.1).
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { encodeSignatureAlgorithm } from "../crypto/signature-algorithm-identifier.ts";
import type { Signer } from "../crypto/signer.ts";
import { derContextConstructed, derElement, derInteger, derSequence, derTime } from "../der/writer.ts";
import { TAG } from "../der/tag.ts";
import { encodeExtensions, type ExtensionTemplate } from "./extension-encoding.ts";
import { encodeName, type NameTemplate } from "./name-encoding.ts";
import { checkOptions, signStructure } from "./signed-structure-encoding.ts";

/** What a certificate shall say. */
export interface CertificateTemplate {
  /** Serial number: a number, or contents octets of an INTEGER, taken as they are. */
  readonly serialNumber: number | bigint | Bytes;
  /** Who issues it. */
  readonly issuer: NameTemplate;
  /** Whose key it certifies. */
  readonly subject: NameTemplate;
  /** First moment of validity, milliseconds since the epoch, cut to seconds. */
  readonly notBefore: number;
  /** Last moment of validity, milliseconds since the epoch, cut to seconds. */
  readonly notAfter: number;
  /** SubjectPublicKeyInfo of the subject's key, DER. */
  readonly publicKey: Bytes;
  /** Extensions in order. Default none. */
  readonly extensions?: readonly ExtensionTemplate[];
  /** Default 3 with extensions and 1 without. */
  readonly version?: 1 | 2 | 3;
}

/**
 * Issues a certificate: writes what the template says, and signs it. Nothing of it is checked against RFC 5280, so that
 * the certificates of a test can be wrong on purpose; whoever issues to others decides what the template says.
 *
 * @returns the certificate, DER
 * @throws {RangeError} when a part of the template cannot be written
 * @throws {TypeError} for an option that does not exist
 */
export async function issueCertificate(template: CertificateTemplate, signer: Signer): Promise<Bytes> {
  checkOptions(template, OPTIONS, "issueCertificate");
  const { serialNumber, extensions = [] } = template;
  const version = template.version ?? (extensions.length > 0 ? 3 : 1);
  const toBeSigned = derSequence(
    ...(version === 1 ? [] : [derContextConstructed(0, derInteger(version - 1))]),
    typeof serialNumber === "object" ? derElement(TAG.integer, serialNumber) : derInteger(serialNumber),
    encodeSignatureAlgorithm(signer.algorithm),
    encodeName(template.issuer),
    derSequence(derTime(template.notBefore), derTime(template.notAfter)),
    encodeName(template.subject),
    template.publicKey,
    ...(extensions.length === 0 ? [] : [derContextConstructed(3, encodeExtensions(extensions))]),
  );
  return signStructure(toBeSigned, signer);
}

const OPTIONS: readonly string[] = [
  "serialNumber",
  "issuer",
  "subject",
  "notBefore",
  "notAfter",
  "publicKey",
  "extensions",
  "version",
];
