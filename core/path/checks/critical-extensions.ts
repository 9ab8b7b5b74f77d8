/**
 * Critical extensions that the validator does not process (RFC 5280 §4.2, §6.1.4 (o), §6.1.5 (f)).
 *
 * @module
 */

import type { Certificate } from "../../x509/certificate.ts";
import { type Refusal, refuse } from "../path-refusal.ts";

/**
 * Refuses a certificate with such an extension.
 *
 * @param revocation whether distribution points of revocation lists are looked at
 */
export function checkCriticalExtensions(certificate: Certificate, revocation: boolean): Refusal | undefined {
  const { extensions } = certificate;
  for (let i = 0; i < extensions.length; i++) {
    const { critical, oid } = extensions[i]!;
    if (!critical) continue;
    if (!PROCESSED.has(oid) && !(revocation && oid === CRL_DISTRIBUTION_POINTS)) {
      return refuse("ERR_PATH_CRITICAL_EXTENSION", `unsupported critical extension ${oid}`);
    }
  }
  return undefined;
}

const CRL_DISTRIBUTION_POINTS = "2.5.29.31";

/** Extensions whose meaning is enforced, or has no part in path validation. */
const PROCESSED: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "2.5.29.14", // subjectKeyIdentifier
  "2.5.29.15", // keyUsage
  "2.5.29.17", // subjectAltName
  "2.5.29.18", // issuerAltName
  "2.5.29.19", // basicConstraints
  "2.5.29.30", // nameConstraints
  "2.5.29.32", // certificatePolicies
  "2.5.29.33", // policyMappings
  "2.5.29.35", // authorityKeyIdentifier
  "2.5.29.36", // policyConstraints
  "2.5.29.37", // extKeyUsage
  "2.5.29.54", // inhibitAnyPolicy
]);
