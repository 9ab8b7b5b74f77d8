/**
 * Why a certificate is not trusted.
 *
 * @module
 */

import { BaseError, type ErrorContext, isCoded } from "../base-error.ts";
import type { Certificate } from "../x509/certificate.ts";
import { nameText } from "../x509/name-text.ts";
import type { PathExplanation } from "./path-explanation.ts";

/**
 * - `ERR_PATH_UNKNOWN_ISSUER`: no certificate at hand is the issuer
 * - `ERR_PATH_SIGNATURE`: the issuer's key did not make the certificate's signature
 * - `ERR_PATH_UNSUPPORTED_ALGORITHM`: the provider cannot check the signature
 * - `ERR_PATH_NOT_A_CA`: the issuer's basicConstraints do not say CA
 * - `ERR_PATH_KEY_USAGE`: keyUsage does not allow what the key is used for: signing certificates, for an issuer
 * - `ERR_PATH_LENGTH`: more certificates stand below a CA than its pathLenConstraint, or the caller, allows
 * - `ERR_PATH_MALFORMED`: a field or an extension that the validator needs cannot be read
 * - `ERR_PATH_CRITICAL_EXTENSION`: an extension that must not be ignored and that the validator does not process
 * - `ERR_PATH_ALGORITHM`: the signature or the key is weaker than the algorithm policy wants
 * - `ERR_PATH_PURPOSE`: extendedKeyUsage of the certificate, or of a CA above it, does not include the purpose
 * - `ERR_PATH_POLICY`: no certificate policy that is acceptable, where one is required
 * - `ERR_PATH_NAME_CONSTRAINTS`: a name lies where a CA above it may not certify
 * - `ERR_PATH_PROFILE`: a rule of the chosen profile is broken
 * - `ERR_PATH_NOT_YET_VALID`, `ERR_PATH_EXPIRED`: the time lies outside the certificate's validity
 * - `ERR_PATH_REVOCATION_UNKNOWN`: whether it is revoked is not known, and the caller denies that
 * - `ERR_PATH_REVOKED`: its issuer revoked it
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
  | "ERR_PATH_ALGORITHM"
  | "ERR_PATH_PURPOSE"
  | "ERR_PATH_POLICY"
  | "ERR_PATH_NAME_CONSTRAINTS"
  | "ERR_PATH_PROFILE"
  | "ERR_PATH_NOT_YET_VALID"
  | "ERR_PATH_EXPIRED"
  | "ERR_PATH_REVOCATION_UNKNOWN"
  | "ERR_PATH_REVOKED"
  | "ERR_PATH_BUDGET";

/** What a {@link PathError} carries besides its message. */
export interface PathErrorContext extends ErrorContext {
  /** What was tried, when the caller asked for it. */
  readonly explanation?: PathExplanation;
}

/** A certificate that no path leads from to a trust anchor; of several reasons, the most specific. */
export class PathError extends BaseError<PathErrorCode> {
  /** `PathError`. */
  override readonly name: string = "PathError";
  /** The certificate that the reason is about. */
  readonly certificate: Certificate;
  /** How many certificates stand below it: 0 is the end entity. */
  readonly depth: number;
  /** What was tried; present when it was asked for by `explain: "tree"`. */
  readonly explanation?: PathExplanation;

  /** The error of one certificate. @param state completes the message "Cannot validate certificate "CN=…": state" */
  constructor(code: PathErrorCode, certificate: Certificate, depth: number, state: string, context?: PathErrorContext) {
    super(code, `Cannot validate certificate ${subjectText(certificate)}: ${state}`, context);
    this.certificate = certificate;
    this.depth = depth;
    if (context?.explanation !== undefined) this.explanation = context.explanation;
  }
}

/** The subject in quotes; a certificate whose subject cannot be read still has a serial number. */
function subjectText(certificate: Certificate): string {
  try {
    return `"${nameText(certificate.subject)}"`;
  } catch (error) {
    if (!isCoded(error)) throw error;
    return `with serial number ${certificate.serialNumberHex}`;
  }
}

/**
 * Whether the second of two reasons is the more useful one: its code ranks higher, or it stands nearer to the anchor.
 */
export function isMoreSpecific(
  first: { readonly code: PathErrorCode; readonly depth: number },
  second: { readonly code: PathErrorCode; readonly depth: number },
): boolean {
  const difference = RANK[second.code] - RANK[first.code];
  return difference > 0 || (difference === 0 && second.depth > first.depth);
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
  ERR_PATH_ALGORITHM: 9,
  ERR_PATH_PURPOSE: 10,
  ERR_PATH_POLICY: 11,
  ERR_PATH_NAME_CONSTRAINTS: 12,
  ERR_PATH_PROFILE: 13,
  ERR_PATH_NOT_YET_VALID: 14,
  ERR_PATH_EXPIRED: 15,
  ERR_PATH_REVOCATION_UNKNOWN: 16,
  ERR_PATH_REVOKED: 17,
};
