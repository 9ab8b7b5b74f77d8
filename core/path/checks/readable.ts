/**
 * Whether what the validator needs of a certificate can be read: parsing leaves most fields for later.
 *
 * @module
 */

import { BaseError } from "../../base-error.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { PathError } from "../path-error.ts";

/** Refuses a certificate with a malformed field, or a malformed extension that the validator looks at. */
export function checkReadable(certificate: Certificate, depth: number): PathError | undefined {
  try {
    // Asking for a value is what finds out that it is malformed.
    void certificate.subject;
    void certificate.issuer;
    void certificate.notBefore;
    void certificate.signatureAlgorithm;
    void certificate.basicConstraints;
    void certificate.keyUsage;
    void certificate.extendedKeyUsage;
    void certificate.subjectAlternativeName;
    void certificate.authorityKeyIdentifier;
    void certificate.subjectKeyIdentifier;
    return undefined;
  } catch (cause) {
    if (!(cause instanceof BaseError)) throw cause;
    return new PathError("ERR_PATH_MALFORMED", certificate, depth, `it is malformed: ${cause.message}`, { cause });
  }
}

/** Whether both names can be read: a certificate without them is on no path. */
export function hasReadableNames(certificate: Certificate): boolean {
  try {
    return certificate.subject !== undefined && certificate.issuer !== undefined;
  } catch (error) {
    if (error instanceof BaseError) return false;
    throw error;
  }
}
