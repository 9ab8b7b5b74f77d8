/**
 * The file of certificates that replaces the system's trust store (`AWS_CA_BUNDLE`).
 *
 * @module
 */

import { HostError } from "../host-error.ts";

/**
 * Answers the bundle as it is, when it holds at least one certificate.
 *
 * @throws {HostError} `ERR_CA_BUNDLE`: an empty bundle would make runtimes fall back to the system's store
 */
export function checkCaBundle(pem: string | undefined): string | undefined {
  if (pem !== undefined && !pem.includes("-----BEGIN CERTIFICATE-----")) {
    throw new HostError("ERR_CA_BUNDLE", "Cannot use AWS_CA_BUNDLE: the file holds no PEM certificate");
  }
  return pem;
}
