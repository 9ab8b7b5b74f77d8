/**
 * Why a token has no certificate, key or login for us.
 *
 * @module
 */

import { BaseError, type ErrorContext } from "../../core/base-error.ts";
import { visibleText } from "../../core/bytes/visible-text.ts";
import type { HsmError } from "../hsm-error.ts";

/**
 * - `ERR_TOKEN_NO_SLOT`: no slot with a token in it fits the URI
 * - `ERR_TOKEN_SEVERAL_SLOTS`: more than one does, and nothing tells which is meant
 * - `ERR_TOKEN_NO_CERTIFICATE`: no certificate on the token fits the URI
 * - `ERR_TOKEN_SEVERAL_CERTIFICATES`: more than one does
 * - `ERR_TOKEN_NO_KEY`: no private key fits the URI, or none is that of the certificate
 * - `ERR_TOKEN_SEVERAL_KEYS`: more than one fits, and there is no certificate to tell them apart
 * - `ERR_TOKEN_KEY_UNSUPPORTED`: the key is of a kind, or the token without a mechanism, that signs for IAM Roles Anywhere
 * - `ERR_TOKEN_PUBLIC_KEY`: the token does not show the public key of the private one
 * - `ERR_TOKEN_PIN_MISSING`: a PIN is needed, and none is given
 * - `ERR_TOKEN_PIN_INCORRECT`: the token refuses the PIN
 * - `ERR_TOKEN_PIN_LOCKED`: after too many wrong PINs the token takes none
 * - `ERR_TOKEN_PIN_LAST_TRY`: another wrong PIN would lock the token, and a PIN out of a URI is not risked
 * - `ERR_TOKEN_PIN_SOURCE`: the PIN cannot be had from the URI's `pin-source`
 * - `ERR_TOKEN_REMOVED`: the token is gone, or was replaced by another one, and is not back
 * - `ERR_TOKEN_SIGNATURE`: the token made something that is no signature
 * - `ERR_TOKEN_OBJECT_EXISTS`: an object with this id or label is there already
 * - `ERR_TOKEN_READ_ONLY`: the token cannot be written
 */
export type TokenErrorCode =
  | "ERR_TOKEN_NO_SLOT"
  | "ERR_TOKEN_SEVERAL_SLOTS"
  | "ERR_TOKEN_NO_CERTIFICATE"
  | "ERR_TOKEN_SEVERAL_CERTIFICATES"
  | "ERR_TOKEN_NO_KEY"
  | "ERR_TOKEN_SEVERAL_KEYS"
  | "ERR_TOKEN_KEY_UNSUPPORTED"
  | "ERR_TOKEN_PUBLIC_KEY"
  | "ERR_TOKEN_PIN_MISSING"
  | "ERR_TOKEN_PIN_INCORRECT"
  | "ERR_TOKEN_PIN_LOCKED"
  | "ERR_TOKEN_PIN_LAST_TRY"
  | "ERR_TOKEN_PIN_SOURCE"
  | "ERR_TOKEN_REMOVED"
  | "ERR_TOKEN_SIGNATURE"
  | "ERR_TOKEN_OBJECT_EXISTS"
  | "ERR_TOKEN_READ_ONLY";

/** What a {@link TokenError} knows besides its message. */
export interface TokenErrorDetail extends ErrorContext {
  /** What was looked for, as a URI without a PIN. */
  readonly uri?: string | undefined;
  /** The token's label. */
  readonly token?: string | undefined;
}

/** A token without a certificate, key or login for us. Never carries a PIN. */
export class TokenError extends BaseError<TokenErrorCode> {
  /** Always `TokenError`. */
  override readonly name: string = "TokenError";
  /** What was looked for, as a URI without a PIN; undefined where that says nothing. */
  readonly uri: string | undefined;
  /** The token's label; undefined where there is not one token. */
  readonly token: string | undefined;

  /**
   * Makes the error; what is not seen in the message is escaped.
   *
   * @param message the whole message, action first
   */
  constructor(code: TokenErrorCode, message: string, detail: TokenErrorDetail = {}) {
    super(code, visibleText(message), detail);
    this.uri = detail.uri;
    this.token = detail.token;
  }
}

/** Whether it is a return value of a PKCS#11 function, and one of these: `CKR_PIN_INCORRECT`. */
export function isReturnValue(error: unknown, ...names: readonly string[]): error is HsmError {
  const { code, returnValueName } = error as Partial<HsmError>;
  return code === "ERR_HSM_RETURN_VALUE" && returnValueName !== undefined && names.includes(returnValueName);
}

/**
 * Whether the error says that sessions and handles are no longer good: the token was pulled, reset or logged out of, or
 * its process is gone. What was begun may be begun again, once.
 */
export function isLoss(error: unknown): boolean {
  return isReturnValue(error, ...LOSSES);
}

const LOSSES: readonly string[] = [
  "CKR_DEVICE_REMOVED",
  "CKR_DEVICE_ERROR",
  "CKR_TOKEN_NOT_PRESENT",
  "CKR_TOKEN_NOT_RECOGNIZED",
  "CKR_SESSION_HANDLE_INVALID",
  "CKR_SESSION_CLOSED",
  "CKR_SLOT_ID_INVALID",
  "CKR_OBJECT_HANDLE_INVALID",
  "CKR_KEY_HANDLE_INVALID",
  "CKR_USER_NOT_LOGGED_IN",
  "CKR_CRYPTOKI_NOT_INITIALIZED",
];
