/**
 * Why a request cannot be signed, or its body not be sent, as it was meant.
 *
 * @module
 */

import { BaseError, type ErrorContext } from "../base-error.ts";

/**
 * - `ERR_SIGNING_CREDENTIALS_EXPIRED`: the credentials are no longer valid at the time of signing
 * - `ERR_SIGNING_OUTLIVES_CREDENTIALS`: a presigned URL would be valid for longer than the credentials
 * - `ERR_SIGNING_BODY_LENGTH`: the body has more or fewer octets than was announced
 */
export type SigningErrorCode =
  | "ERR_SIGNING_CREDENTIALS_EXPIRED"
  | "ERR_SIGNING_OUTLIVES_CREDENTIALS"
  | "ERR_SIGNING_BODY_LENGTH";

/** A request that was not signed, or not sent to its end. Never carries a key or a token. */
export class SigningError extends BaseError<SigningErrorCode> {
  /** Always `SigningError`. */
  override readonly name: string = "SigningError";

  /** Makes the error "Cannot sign request: `state`". */
  constructor(code: SigningErrorCode, state: string, context: ErrorContext = {}) {
    super(code, `Cannot sign request: ${state}`, context);
  }
}
