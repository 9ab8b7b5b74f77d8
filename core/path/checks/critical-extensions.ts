/**
 * Critical extensions that the validator does not process (RFC 5280 §4.2, §6.1.4 (o), §6.1.5 (f)).
 *
 * @module
 */

import type { Certificate } from "../../x509/certificate.ts";
import { PathError } from "../path-error.ts";

/**
 * Refuses a certificate with such an extension. Name constraints, policy constraints and inhibitAnyPolicy are among
 * them.
 */
export function checkCriticalExtensions(certificate: Certificate, depth: number): PathError | undefined {
  for (const extension of certificate.extensions) {
    if (!extension.critical || PROCESSED.has(extension.oid)) continue;
    const name = UNPROCESSED_NAMES.get(extension.oid);
    const state = `unsupported critical extension ${name === undefined ? extension.oid : `${name} (${extension.oid})`}`;
    return new PathError("ERR_PATH_CRITICAL_EXTENSION", certificate, depth, state);
  }
  return undefined;
}

/** Extensions whose meaning is enforced or, as certificatePolicies with any initial policy, demands nothing. */
const PROCESSED: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "2.5.29.14", // subjectKeyIdentifier
  "2.5.29.15", // keyUsage
  "2.5.29.17", // subjectAltName
  "2.5.29.19", // basicConstraints
  "2.5.29.32", // certificatePolicies
  "2.5.29.35", // authorityKeyIdentifier
  "2.5.29.37", // extKeyUsage
]);

const UNPROCESSED_NAMES: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["2.5.29.30", "nameConstraints"],
  ["2.5.29.33", "policyMappings"],
  ["2.5.29.36", "policyConstraints"],
  ["2.5.29.54", "inhibitAnyPolicy"],
]);
