/**
 * Why a cryptographic operation did not happen.
 *
 * @module
 */

import { BaseError, type ErrorContext } from "../base-error.ts";

/**
 * - `ERR_CRYPTO_UNSUPPORTED`: this provider cannot do it; `operation` says what, the message names one that can
 * - `ERR_CRYPTO_INVALID_KEY`: the key's components are out of range or do not belong together
 * - `ERR_CRYPTO_INVALID_SIGNATURE_ENCODING`: octets are not the encoding of an ECDSA signature
 * - `ERR_CRYPTO_DECIPHER`: padding or authentication failed: a wrong password or damaged data
 * - `ERR_CRYPTO_LIMIT`: parameters ask for more work or memory than is accepted
 * - `ERR_CRYPTO_FAILED`: the platform failed, or produced a result that does not verify
 */
export type CryptoErrorCode =
  | "ERR_CRYPTO_UNSUPPORTED"
  | "ERR_CRYPTO_INVALID_KEY"
  | "ERR_CRYPTO_INVALID_SIGNATURE_ENCODING"
  | "ERR_CRYPTO_DECIPHER"
  | "ERR_CRYPTO_LIMIT"
  | "ERR_CRYPTO_FAILED";

/** A cryptographic operation that did not happen. Never carries key material. */
export class CryptoError extends BaseError<CryptoErrorCode> {
  /** Always `CryptoError`. */
  override readonly name: string = "CryptoError";
  /** What was asked for, in the standard's words: `ML-DSA-65 sign`. */
  readonly operation: string;

  /**
   * Makes the error.
   *
   * @param operation what was asked for
   * @param message the whole message, action first
   */
  constructor(code: CryptoErrorCode, operation: string, message: string, context?: ErrorContext) {
    super(code, message, context);
    this.operation = operation;
  }
}

/** The error of a provider that lacks an operation. */
export function unsupported(provider: string, operation: string, remedy: string, cause?: unknown): CryptoError {
  return new CryptoError(
    "ERR_CRYPTO_UNSUPPORTED",
    operation,
    `Cannot do ${operation}: the ${provider} provider does not support it; ${remedy}`,
    { cause },
  );
}
