/**
 * Why a signed request was refused.
 *
 * @module
 */

import { BaseError, type ErrorContext } from "../base-error.ts";
import { visibleText } from "../bytes/visible-text.ts";

/**
 * - `ERR_SIGV4_MISSING_AUTHORIZATION`: no signature, neither in the headers nor in the query
 * - `ERR_SIGV4_MALFORMED_AUTHORIZATION`: a signature that cannot be read; `subject` names the part
 * - `ERR_SIGV4_URI`: path or query is not percent-encoded UTF-8
 * - `ERR_SIGV4_ALGORITHM`: another algorithm than the one that fits
 * - `ERR_SIGV4_CREDENTIAL`: an unknown access key, or a serial number that is not the certificate's
 * - `ERR_SIGV4_SESSION_TOKEN`: the session token is missing, unexpected or wrong
 * - `ERR_SIGV4_SCOPE`: date, region or service of the credential scope is another one; `subject` says which
 * - `ERR_SIGV4_DATE`: no readable date
 * - `ERR_SIGV4_CLOCK`: signed too long ago, or too far ahead
 * - `ERR_SIGV4_EXPIRED`: a presigned URL after its time
 * - `ERR_SIGV4_UNSIGNED_HEADER`: a header that must be signed is not; `subject` names it
 * - `ERR_SIGV4_MISSING_HEADER`: a signed header is not there; `subject` names it
 * - `ERR_SIGV4_PAYLOAD_HASH`: the body is not the one that was signed, or must be signed and is not
 * - `ERR_SIGV4_SIGNATURE`: the signature does not verify
 */
export type SigV4ErrorCode =
  | "ERR_SIGV4_MISSING_AUTHORIZATION"
  | "ERR_SIGV4_MALFORMED_AUTHORIZATION"
  | "ERR_SIGV4_URI"
  | "ERR_SIGV4_ALGORITHM"
  | "ERR_SIGV4_CREDENTIAL"
  | "ERR_SIGV4_SESSION_TOKEN"
  | "ERR_SIGV4_SCOPE"
  | "ERR_SIGV4_DATE"
  | "ERR_SIGV4_CLOCK"
  | "ERR_SIGV4_EXPIRED"
  | "ERR_SIGV4_UNSIGNED_HEADER"
  | "ERR_SIGV4_MISSING_HEADER"
  | "ERR_SIGV4_PAYLOAD_HASH"
  | "ERR_SIGV4_SIGNATURE";

/** A signed request that was refused. Never carries a key, a token or the canonical request. */
export class SigV4Error extends BaseError<SigV4ErrorCode> {
  /** Always `SigV4Error`. */
  override readonly name: string = "SigV4Error";
  /** The part of the request that is at fault, as the request calls it: `x-amz-date`, `SignedHeaders`, `region`. */
  readonly subject: string;
  /** The string to sign as the verifier arrived at it, when the signature does not verify. */
  readonly stringToSign: string | undefined;

  /** Makes the error "Cannot verify request: `state`". */
  constructor(
    code: SigV4ErrorCode,
    subject: string,
    state: string,
    context: ErrorContext & { stringToSign?: string } = {},
  ) {
    super(code, `Cannot verify request: ${visibleText(state)}`, context);
    this.subject = subject;
    this.stringToSign = context.stringToSign;
  }
}
