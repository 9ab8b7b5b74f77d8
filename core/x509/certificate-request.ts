/**
 * Certification requests, PKCS#10 (RFC 2986), read strictly.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import type { PublicKey } from "../crypto/public-key.ts";
import type { SignatureAlgorithm } from "../crypto/signature-algorithm.ts";
import { parseSignatureAlgorithm, type UnknownSignatureAlgorithm } from "../crypto/signature-algorithm-identifier.ts";
import type { DerReader } from "../der/reader.ts";
import { contextConstructed, TAG } from "../der/tag.ts";
import { parseSubjectPublicKeyInfo } from "../keys/subject-public-key-info.ts";
import { type Extension, readExtensions } from "./extensions/extension.ts";
import { type Name, readName } from "./name.ts";
import { readSignedStructure } from "./signed-structure.ts";

/** Largest request accepted, in octets: 64 KiB; one for ML-DSA-87 takes about 7.5 kB. */
export const MAX_CERTIFICATE_REQUEST_LENGTH = 65_536;

/** A certification request. That the asker holds the key is not yet proven: verify {@link CertificateRequest.signature}. */
export interface CertificateRequest {
  /** The request, DER; not a copy. */
  readonly der: Bytes;
  /** What is signed: the certificationRequestInfo element, a view. */
  readonly certificationRequestInfo: Bytes;
  /** Whose key it is; may be empty. */
  readonly subject: Name;
  /** The key. */
  readonly publicKey: PublicKey;
  /** SubjectPublicKeyInfo, a whole element; a view. */
  readonly spki: Bytes;
  /** Extensions asked for (RFC 2985 §5.4.2); none: it asks for none. */
  readonly extensions: readonly Extension[];
  /** How it is signed; the scheme is `unknown` for what is not in the table. */
  readonly signatureAlgorithm: SignatureAlgorithm | UnknownSignatureAlgorithm;
  /** The signature: DER for ECDSA. */
  readonly signature: Bytes;
}

/**
 * Parses a certification request. Attributes other than the extension request are skipped.
 *
 * Public: variable time.
 *
 * @param der the request; it is not copied and must not change
 * @throws {DerError} when it is not DER, not a request of version 1, asks for extensions twice, or is above
 * {@link MAX_CERTIFICATE_REQUEST_LENGTH}
 * @throws {KeyError} when its key is malformed or of a kind that is not supported
 * @throws {CertificateError} `ERR_CERTIFICATE_DUPLICATE_EXTENSION`
 * @see https://www.rfc-editor.org/rfc/rfc2986#section-4
 */
export function parseCertificateRequest(der: Bytes): CertificateRequest {
  const { body, bodyAt, algorithmAt, algorithmEnd, signatureAt } = readSignedStructure(
    der,
    "CertificationRequest",
    "certificationRequestInfo",
    MAX_CERTIFICATE_REQUEST_LENGTH,
  );
  body.smallInteger("certificationRequestInfo.version", 0, 0);
  const subject = readName(body, "certificationRequestInfo.subject");
  const spki = body.raw(TAG.sequence, "certificationRequestInfo.subjectPKInfo");
  const extensions = readAttributes(body.open(contextConstructed(0), "certificationRequestInfo.attributes"));
  body.finish("certificationRequestInfo");
  return {
    der,
    certificationRequestInfo: der.subarray(bodyAt, algorithmAt),
    subject,
    publicKey: parseSubjectPublicKeyInfo(spki),
    spki,
    extensions,
    signatureAlgorithm: parseSignatureAlgorithm(der.subarray(algorithmAt, algorithmEnd)),
    signature: der.subarray(signatureAt),
  };
}

/** Reads the attributes, and answers the extensions that they ask for. */
function readAttributes(attributes: DerReader): readonly Extension[] {
  let extensions: readonly Extension[] | undefined;
  while (!attributes.done) {
    const offset = attributes.position;
    const attribute = attributes.sequence("attribute");
    const type = attribute.objectIdentifier("attribute.type");
    const values = attribute.set("attribute.values");
    attribute.finish("attribute");
    if (type !== EXTENSION_REQUEST) continue;
    if (extensions !== undefined) attributes.fail("ERR_DER_VALUE", "extensionRequest", offset, "it is there twice");
    extensions = readExtensions(values, "extensionRequest");
    values.finish("extensionRequest");
  }
  return extensions ?? [];
}

/** pkcs-9-at-extensionRequest (RFC 2985 §5.4.2). */
const EXTENSION_REQUEST = "1.2.840.113549.1.9.14";
