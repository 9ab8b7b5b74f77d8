/**
 * Validity period (RFC 5280 §4.1.2.5, §6.1.3 (a) (2)): both ends belong to it.
 *
 * @module
 */

import type { Certificate } from "../../x509/certificate.ts";
import { PathError } from "../path-error.ts";

/** Refuses a certificate outside its validity. @param time milliseconds since the epoch */
export function checkValidity(certificate: Certificate, depth: number, time: number): PathError | undefined {
  const at = `the validation time is ${formatTime(time)}`;
  if (time < certificate.notBefore) {
    const state = `it is not valid before ${formatTime(certificate.notBefore)}, ${at}`;
    return new PathError("ERR_PATH_NOT_YET_VALID", certificate, depth, state);
  }
  // notAfter names a whole second.
  if (time >= certificate.notAfter + 1000) {
    return new PathError(
      "ERR_PATH_EXPIRED",
      certificate,
      depth,
      `it expired at ${formatTime(certificate.notAfter)}, ${at}`,
    );
  }
  return undefined;
}

function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}
