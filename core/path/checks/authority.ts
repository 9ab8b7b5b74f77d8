/**
 * Whether a certificate may issue others (RFC 5280 §6.1.4 (k) to (n)).
 *
 * @module
 */

import type { Certificate } from "../../x509/certificate.ts";
import { type Refusal, refuse } from "../path-refusal.ts";

/** Refuses an issuer that is no CA, or may not sign certificates. */
export function checkAuthority(issuer: Certificate): Refusal | undefined {
  const constraints = issuer.basicConstraints;
  if (constraints === undefined || !constraints.ca) {
    return refuse(
      "ERR_PATH_NOT_A_CA",
      constraints === undefined
        ? "it is no certification authority: basicConstraints are missing"
        : "it is no certification authority: basicConstraints say so",
    );
  }
  if (issuer.keyUsage !== undefined && !issuer.keyUsage.includes("keyCertSign")) {
    return refuse("ERR_PATH_KEY_USAGE", "its keyUsage does not include keyCertSign");
  }
  return undefined;
}

/**
 * Refuses an issuer that stands above more intermediates than its pathLenConstraint allows.
 *
 * @param intermediates how many stand below it, those that a CA issued to itself not counted
 */
export function checkPathLength(issuer: Certificate, intermediates: number): Refusal | undefined {
  const allowed = issuer.basicConstraints?.pathLength;
  return allowed !== undefined && intermediates > allowed
    ? refuse("ERR_PATH_LENGTH", `${intermediates} intermediates follow, its pathLenConstraint allows ${allowed}`)
    : undefined;
}
