/**
 * Why a TPM did not do what it was asked for.
 *
 * @module
 */

import { BaseError, type ErrorContext } from "../../core/base-error.ts";
import type { TpmResponseCode } from "./response-code.ts";

/**
 * - `ERR_TPM_NOT_FOUND`: no device, socket or service of a TPM is where it was looked for
 * - `ERR_TPM_ACCESS`: the device is there, and this process may not open it
 * - `ERR_TPM_BUSY`: the device is open in another process, or the TPM asked for patience until the tries were used up
 * - `ERR_TPM_TIMEOUT`: no answer within the time limit
 * - `ERR_TPM_CONNECTION`: the connection failed or ended before the answer was complete
 * - `ERR_TPM_RESPONSE`: the answer is no TPM 2.0 response: cut off, too long, or its fields do not fit
 * - `ERR_TPM_RESPONSE_HMAC`: the authentication code of the answer is wrong: somebody changed it on its way
 * - `ERR_TPM_VERSION`: it answers as something other than a TPM 2.0
 * - `ERR_TPM_HANDLE`: there is nothing at this handle
 * - `ERR_TPM_PASSWORD_MISSING`: the key has a password, and none was given
 * - `ERR_TPM_PASSWORD_WRONG`: the TPM refused the password
 * - `ERR_TPM_PASSWORD_UNUSED`: a password was given for a key file that says it has none
 * - `ERR_TPM_LOCKOUT`: too many wrong passwords: the TPM refuses all of them for a while
 * - `ERR_TPM_SCHEME`: the key is bound to another signature scheme or hash
 * - `ERR_TPM_MEMORY`: no room for another object or session
 * - `ERR_TPM_POLICY`: the policy of the key is not satisfied
 * - `ERR_TPM_POLICY_UNSUPPORTED`: the policy of the key has a command that is not supported
 * - `ERR_TPM_COMMAND`: any other refusal; `response` says which
 * - `ERR_TPM_KEY_UNSUPPORTED`: the key is of a kind that does not sign, or is not supported
 * - `ERR_TPM_KEY_FILE`: the octets are no TSS2 key file
 * - `ERR_TPM_HANDLE_FORM`: the text is no `handle:` form
 */
export type TpmErrorCode =
  | "ERR_TPM_NOT_FOUND"
  | "ERR_TPM_ACCESS"
  | "ERR_TPM_BUSY"
  | "ERR_TPM_TIMEOUT"
  | "ERR_TPM_CONNECTION"
  | "ERR_TPM_RESPONSE"
  | "ERR_TPM_RESPONSE_HMAC"
  | "ERR_TPM_VERSION"
  | "ERR_TPM_HANDLE"
  | "ERR_TPM_PASSWORD_MISSING"
  | "ERR_TPM_PASSWORD_WRONG"
  | "ERR_TPM_PASSWORD_UNUSED"
  | "ERR_TPM_LOCKOUT"
  | "ERR_TPM_SCHEME"
  | "ERR_TPM_MEMORY"
  | "ERR_TPM_POLICY"
  | "ERR_TPM_POLICY_UNSUPPORTED"
  | "ERR_TPM_COMMAND"
  | "ERR_TPM_KEY_UNSUPPORTED"
  | "ERR_TPM_KEY_FILE"
  | "ERR_TPM_HANDLE_FORM";

/** What a {@link TpmError} may carry besides its message. */
export interface TpmErrorContext extends ErrorContext {
  /** The code that the TPM answered, taken apart. */
  readonly response?: TpmResponseCode | undefined;
  /** Where in the octets that were read the fault is. */
  readonly offset?: number | undefined;
}

/** A TPM that did not do what it was asked for. Never carries a password or key material. */
export class TpmError extends BaseError<TpmErrorCode> {
  /** Always `TpmError`. */
  override readonly name: string = "TpmError";
  /** What was being done: the name of the command (`TPM2_Sign`), or what was being read. */
  readonly operation: string;
  /** The code that the TPM answered; undefined when the fault is not its answer. */
  readonly response: TpmResponseCode | undefined;
  /** Where in the octets that were read the fault is; undefined when nothing was being read. */
  readonly offset: number | undefined;

  /**
   * Makes the error.
   *
   * @param operation what was being done
   * @param message the whole message, action first
   */
  constructor(code: TpmErrorCode, operation: string, message: string, context: TpmErrorContext = {}) {
    super(code, message, context);
    this.operation = operation;
    this.response = context.response;
    this.offset = context.offset;
  }
}
