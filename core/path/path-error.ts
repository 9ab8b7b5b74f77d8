/**
 * Why a certificate is not trusted.
 *
 * @module
 */

import { BaseError, type ErrorContext } from "../base-error.ts";
import type { Certificate } from "../x509/certificate.ts";
import { nameText } from "../x509/name-text.ts";

/**
 * - `ERR_PATH_UNKNOWN_ISSUER`: no certificate at hand is the issuer
 * - `ERR_PATH_SIGNATURE`: the issuer's key did not make the certificate's signature
 * - `ERR_PATH_UNSUPPORTED_ALGORITHM`: the provider cannot check the signature
 * - `ERR_PATH_NOT_A_CA`: the issuer's basicConstraints do not say CA
 * - `ERR_PATH_KEY_USAGE`: the issuer's keyUsage does not say keyCertSign
 * - `ERR_PATH_LENGTH`: more certificates stand below a CA than its pathLenConstraint allows
 * - `ERR_PATH_MALFORMED`: a field or an extension that the validator needs cannot be read
 * - `ERR_PATH_CRITICAL_EXTENSION`: an extension that must not be ignored and that the validator does not process
 * - `ERR_PATH_PROFILE`: a rule of the chosen profile is broken
 * - `ERR_PATH_NOT_YET_VALID`, `ERR_PATH_EXPIRED`: the time lies outside the certificate's validity
 * - `ERR_PATH_BUDGET`: the search cost more than is allowed, and stopped at once, or the path grew too long
 */
export type PathErrorCode =
  | "ERR_PATH_UNKNOWN_ISSUER"
  | "ERR_PATH_SIGNATURE"
  | "ERR_PATH_UNSUPPORTED_ALGORITHM"
  | "ERR_PATH_NOT_A_CA"
  | "ERR_PATH_KEY_USAGE"
  | "ERR_PATH_LENGTH"
  | "ERR_PATH_MALFORMED"
  | "ERR_PATH_CRITICAL_EXTENSION"
  | "ERR_PATH_PROFILE"
  | "ERR_PATH_NOT_YET_VALID"
  | "ERR_PATH_EXPIRED"
  | "ERR_PATH_BUDGET";

/** A certificate that no path leads from to a trust anchor; of several reasons, the most specific. */
export class PathError extends BaseError<PathErrorCode> {
  /** `PathError`. */
  override readonly name: string = "PathError";
  /** The certificate that the reason is about. */
  readonly certificate: Certificate;
  /** How many certificates stand below it: 0 is the end entity. */
  readonly depth: number;

  /** The error of one certificate. @param state completes the message "Cannot validate certificate "CN=…": state" */
  constructor(code: PathErrorCode, certificate: Certificate, depth: number, state: string, context?: ErrorContext) {
    super(code, `Cannot validate certificate ${subjectText(certificate)}: ${state}`, context);
    this.certificate = certificate;
    this.depth = depth;
  }
}

/** The subject in quotes; a certificate whose subject cannot be read still has a serial number. */
function subjectText(certificate: Certificate): string {
  try {
    return `"${nameText(certificate.subject)}"`;
  } catch (error) {
    if (!(error instanceof BaseError)) throw error;
    return `with serial number ${certificate.serialNumberHex}`;
  }
}

/**
 * The more useful of two reasons: the one whose code ranks higher, then the one nearer to the anchor, then the first.
 */
export function moreSpecific(first: PathError | undefined, second: PathError): PathError {
  if (first === undefined) return second;
  const difference = RANK[second.code] - RANK[first.code];
  return difference > 0 || (difference === 0 && second.depth > first.depth) ? second : first;
}

/**
 * What a person must do about it decides: an expired intermediate says more than a name that leads nowhere. A search
 * that is out of budget ends at once; the rank is that of a path that grew too long, beside which others may exist.
 */
const RANK: { readonly [code in PathErrorCode]: number } = {
  ERR_PATH_UNKNOWN_ISSUER: 0,
  ERR_PATH_BUDGET: 1,
  ERR_PATH_SIGNATURE: 2,
  ERR_PATH_UNSUPPORTED_ALGORITHM: 3,
  ERR_PATH_NOT_A_CA: 4,
  ERR_PATH_KEY_USAGE: 5,
  ERR_PATH_LENGTH: 6,
  ERR_PATH_MALFORMED: 7,
  ERR_PATH_CRITICAL_EXTENSION: 8,
  ERR_PATH_PROFILE: 9,
  ERR_PATH_NOT_YET_VALID: 10,
  ERR_PATH_EXPIRED: 11,
};
