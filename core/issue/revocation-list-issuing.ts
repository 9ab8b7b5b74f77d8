/**
 * Issuing certificate revocation lists (RFC 5280 §5.1).
 *
 * @module
 */

import { type Bytes, concatBytes } from "../bytes/bytes.ts";
import { encodeSignatureAlgorithm } from "../crypto/signature-algorithm-identifier.ts";
import type { Signer } from "../crypto/signer.ts";
import { derContextConstructed, derElement, derInteger, derSequence, derTime } from "../der/writer.ts";
import { TAG } from "../der/tag.ts";
import { encodeExtensions, type ExtensionTemplate } from "./extension-encoding.ts";
import { encodeName, type NameTemplate } from "./name-encoding.ts";
import { checkOptions, signStructure } from "./signed-structure-encoding.ts";

/** What a list shall say. */
export interface RevocationListTemplate {
  /** Who issues it. */
  readonly issuer: NameTemplate;
  /** When it is issued, milliseconds since the epoch, cut to seconds. */
  readonly thisUpdate: number;
  /** When the next one will be there, milliseconds since the epoch. Default: not said. */
  readonly nextUpdate?: number;
  /** Revoked certificates in order. */
  readonly revokedCertificates: readonly RevokedCertificateTemplate[];
  /** Extensions of the list. Default none. */
  readonly extensions?: readonly ExtensionTemplate[];
  /** Default 2. */
  readonly version?: 1 | 2;
}

/** One entry of a list. */
export interface RevokedCertificateTemplate {
  /** Serial number: a number, or contents octets of an INTEGER, taken as they are. */
  readonly serialNumber: number | bigint | Bytes;
  /** When it was revoked, milliseconds since the epoch, cut to seconds. */
  readonly revocationDate: number;
  /** Extensions of the entry. Default none. */
  readonly extensions?: readonly ExtensionTemplate[];
}

/**
 * Issues a revocation list: writes what the template says, unchecked, and signs it.
 *
 * @returns the list, DER
 * @throws {RangeError} when a part of the template cannot be written
 * @throws {TypeError} for an option that does not exist
 */
export async function issueRevocationList(template: RevocationListTemplate, signer: Signer): Promise<Bytes> {
  checkOptions(template, OPTIONS, "issueRevocationList");
  const { nextUpdate, extensions = [], revokedCertificates } = template;
  const toBeSigned = derSequence(
    ...(template.version === 1 ? [] : [derInteger(1)]),
    encodeSignatureAlgorithm(signer.algorithm),
    encodeName(template.issuer),
    derTime(template.thisUpdate),
    ...(nextUpdate === undefined ? [] : [derTime(nextUpdate)]),
    ...(revokedCertificates.length === 0 ? [] : [derSequence(concatBytes(revokedCertificates.map(encodeEntry)))]),
    ...(extensions.length === 0 ? [] : [derContextConstructed(0, encodeExtensions(extensions))]),
  );
  return signStructure(toBeSigned, signer);
}

function encodeEntry({ serialNumber, revocationDate, extensions = [] }: RevokedCertificateTemplate): Bytes {
  return derSequence(
    typeof serialNumber === "object" ? derElement(TAG.integer, serialNumber) : derInteger(serialNumber),
    derTime(revocationDate),
    ...(extensions.length === 0 ? [] : [encodeExtensions(extensions)]),
  );
}

const OPTIONS: readonly string[] = [
  "issuer",
  "thisUpdate",
  "nextUpdate",
  "revokedCertificates",
  "extensions",
  "version",
];
