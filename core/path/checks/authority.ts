/**
 * Whether a certificate may have issued the one below it (RFC 5280 §6.1.4 (k) to (n)).
 *
 * @module
 */

import type { Certificate } from "../../x509/certificate.ts";
import { isSelfIssued } from "../issuer-candidates.ts";
import { PathError } from "../path-error.ts";

/**
 * Refuses an issuer that is no CA, may not sign certificates, or stands above more certificates than it allows.
 *
 * @param below the path from the end entity to the certificate that it would have issued
 */
export function checkAuthority(issuer: Certificate, below: readonly Certificate[]): PathError | undefined {
  const depth = below.length;
  const constraints = issuer.basicConstraints;
  if (constraints === undefined || !constraints.ca) {
    const state = constraints === undefined
      ? "it is no certification authority: basicConstraints are missing"
      : "it is no certification authority: basicConstraints say so";
    return new PathError("ERR_PATH_NOT_A_CA", issuer, depth, state);
  }
  if (issuer.keyUsage !== undefined && !issuer.keyUsage.includes("keyCertSign")) {
    return new PathError("ERR_PATH_KEY_USAGE", issuer, depth, "its keyUsage does not include keyCertSign");
  }
  if (constraints.pathLength !== undefined) {
    // The end entity does not count, nor do certificates that a CA issued to itself.
    const intermediates = below.slice(1).filter((certificate) => !isSelfIssued(certificate)).length;
    if (intermediates > constraints.pathLength) {
      const state = `${intermediates} intermediates follow, its pathLenConstraint allows ${constraints.pathLength}`;
      return new PathError("ERR_PATH_LENGTH", issuer, depth, state);
    }
  }
  return undefined;
}
