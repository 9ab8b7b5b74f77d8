/**
 * Critical extensions that the validator does not process (RFC 5280 §4.2, §6.1.4 (o), §6.1.5 (f)).
 *
 * @module
 */

import type { Certificate } from "../../x509/certificate.ts";
import { PathError } from "../path-error.ts";

/**
 * Refuses a certificate with such an extension. Name constraints and policy constraints, which restrict what may stand
 * below a CA, are refused even where an issuer failed to mark them as critical.
 */
export function checkCriticalExtensions(certificate: Certificate, depth: number): PathError | undefined {
  for (const { oid, critical } of certificate.extensions) {
    if (critical ? PROCESSED.has(oid) : !RESTRICTING.has(oid)) continue;
    const name = UNPROCESSED_NAMES.get(oid);
    const what = name === undefined ? oid : `${name} (${oid})`;
    const state = `unsupported ${critical ? "critical " : ""}extension ${what}`;
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

/** nameConstraints and policyConstraints. */
const RESTRICTING: ReadonlySet<string> = /* @__PURE__ */ new Set(["2.5.29.30", "2.5.29.36"]);

const UNPROCESSED_NAMES: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["2.5.29.30", "nameConstraints"],
  ["2.5.29.33", "policyMappings"],
  ["2.5.29.36", "policyConstraints"],
  ["2.5.29.54", "inhibitAnyPolicy"],
]);
