/**
 * Certification requests, PKCS#10 (RFC 2986 §4).
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import type { Signer } from "../crypto/signer.ts";
import { derContextConstructed, derInteger, derObjectIdentifier, derSequence, derSetOf } from "../der/writer.ts";
import { encodeExtensions, type ExtensionTemplate } from "./extension-encoding.ts";
import { encodeName, type NameTemplate } from "./name-encoding.ts";
import { checkOptions, signStructure } from "./signed-structure-encoding.ts";

/** What a request shall ask for. */
export interface CertificateRequestTemplate {
  /** Whose key it is. */
  readonly subject: NameTemplate;
  /** Extensions asked for (RFC 2985 §5.4.2). Default none. */
  readonly extensions?: readonly ExtensionTemplate[];
}

/**
 * Writes a request for a certificate of the signer's key, and signs it.
 *
 * @returns the request, DER
 * @throws {RangeError} when a part of the template cannot be written
 * @throws {TypeError} for an option that does not exist
 */
export async function issueCertificateRequest(template: CertificateRequestTemplate, signer: Signer): Promise<Bytes> {
  checkOptions(template, ["subject", "extensions"], "issueCertificateRequest");
  const { extensions = [] } = template;
  const attributes = extensions.length === 0
    ? []
    : [derSequence(derObjectIdentifier(EXTENSION_REQUEST), derSetOf(encodeExtensions(extensions)))];
  const toBeSigned = derSequence(
    derInteger(0),
    encodeName(template.subject),
    signer.publicKey,
    derContextConstructed(0, ...attributes),
  );
  return signStructure(toBeSigned, signer);
}

/** pkcs-9-at-extensionRequest. */
const EXTENSION_REQUEST = "1.2.840.113549.1.9.14";
