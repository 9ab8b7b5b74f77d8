/**
 * What is wrong with a certificate or CRL whose octets are DER: rules of RFC 5280 that DER itself does not know.
 * Octets that are not the DER expected raise a `DerError`.
 *
 * @module
 */

import { BaseError, type ErrorContext } from "../base-error.ts";

/**
 * - `ERR_CERTIFICATE_VERSION`: an unknown version, or fields that the stated version does not have
 * - `ERR_CERTIFICATE_ALGORITHM_MISMATCH`: the signed and the unsigned algorithm identifiers differ
 * - `ERR_CERTIFICATE_DUPLICATE_EXTENSION`: two extensions of one type
 * - `ERR_CERTIFICATE_NOT_FOUND`: the input holds none
 * - `ERR_CERTIFICATE_UNEXPECTED_BLOCK`: a PEM block of another kind, where only one kind may stand
 * - `ERR_CERTIFICATE_MALFORMED`: one of several cannot be read; `index` says which, `cause` why
 * - `ERR_CERTIFICATE_LIMIT`: the input is larger, or holds more of them, than is accepted
 */
export type CertificateErrorCode =
  | "ERR_CERTIFICATE_VERSION"
  | "ERR_CERTIFICATE_ALGORITHM_MISMATCH"
  | "ERR_CERTIFICATE_DUPLICATE_EXTENSION"
  | "ERR_CERTIFICATE_NOT_FOUND"
  | "ERR_CERTIFICATE_UNEXPECTED_BLOCK"
  | "ERR_CERTIFICATE_MALFORMED"
  | "ERR_CERTIFICATE_LIMIT";

/** Where the fault is. */
export interface CertificateErrorContext extends ErrorContext {
  /** Offset of the offending element from the start of the certificate or of the input, in octets. */
  readonly offset?: number;
  /** Which certificate or block of the input, counted from 0. */
  readonly index?: number;
}

/** A certificate or CRL that breaks a rule of RFC 5280, or an input that does not hold what was asked for. */
export class CertificateError extends BaseError<CertificateErrorCode> {
  /** Always `CertificateError`. */
  override readonly name: string = "CertificateError";
  /** Offset of the offending element from the start of the certificate or of the input, in octets. */
  readonly offset?: number;
  /** Which certificate or block of the input, counted from 0. */
  readonly index?: number;

  /** Makes the error. @param message the whole message, action first */
  constructor(code: CertificateErrorCode, message: string, context?: CertificateErrorContext) {
    super(code, message, context);
    if (context?.offset !== undefined) this.offset = context.offset;
    if (context?.index !== undefined) this.index = context.index;
  }
}
