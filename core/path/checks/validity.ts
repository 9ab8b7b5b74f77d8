/**
 * Validity period (RFC 5280 §4.1.2.5, §6.1.3 (a) (2)): both ends belong to it.
 *
 * @module
 */

import type { Certificate } from "../../x509/certificate.ts";
import { type Refusal, refuse } from "../path-refusal.ts";

/** Refuses a certificate outside its validity. @param time milliseconds since the epoch */
export function checkValidity(certificate: Certificate, time: number): Refusal | undefined {
  if (time < certificate.notBefore) {
    const state = `it is not valid before ${formatTime(certificate.notBefore)}, ${validationTime(time)}`;
    return refuse("ERR_PATH_NOT_YET_VALID", state);
  }
  // notAfter names a whole second.
  if (time >= certificate.notAfter + 1000) {
    return refuse("ERR_PATH_EXPIRED", `it expired at ${formatTime(certificate.notAfter)}, ${validationTime(time)}`);
  }
  return undefined;
}

function validationTime(time: number): string {
  return `the validation time is ${formatTime(time)}`;
}

/** ISO 8601 in UTC, whole seconds. @param milliseconds since the epoch */
export function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}
