/**
 * Why a signer that lives elsewhere did not sign.
 *
 * @module
 */

import { BaseError, type ErrorContext } from "../base-error.ts";

/**
 * - `ERR_REMOTE_SIGNER_UNREACHABLE`: nobody is there, or the program does not start or has ended
 * - `ERR_REMOTE_SIGNER_TIMEOUT`: no answer came in time
 * - `ERR_REMOTE_SIGNER_UNAUTHORIZED`: the token is unknown there
 * - `ERR_REMOTE_SIGNER_REFUSED`: the grant does not allow this signature, or is over; `reason` says which
 * - `ERR_REMOTE_SIGNER_THROTTLED`: more signatures than the grant allows in this time; `retryAfterSeconds` says how long
 *   to wait
 * - `ERR_REMOTE_SIGNER_FAILED`: whoever holds the key could not sign
 * - `ERR_REMOTE_SIGNER_PROTOCOL`: an answer that the protocol does not have
 * - `ERR_REMOTE_SIGNER_KEY`: the key is not there, or is another one than expected
 * - `ERR_REMOTE_SIGNER_ALGORITHM`: the key cannot be used with the algorithm there
 * - `ERR_REMOTE_SIGNER_SIGNATURE`: what was answered is no signature of the message by the key
 * - `ERR_REMOTE_SIGNER_CLOSED`: it was closed before
 */
export type RemoteSignerErrorCode =
  | "ERR_REMOTE_SIGNER_UNREACHABLE"
  | "ERR_REMOTE_SIGNER_TIMEOUT"
  | "ERR_REMOTE_SIGNER_UNAUTHORIZED"
  | "ERR_REMOTE_SIGNER_REFUSED"
  | "ERR_REMOTE_SIGNER_THROTTLED"
  | "ERR_REMOTE_SIGNER_FAILED"
  | "ERR_REMOTE_SIGNER_PROTOCOL"
  | "ERR_REMOTE_SIGNER_KEY"
  | "ERR_REMOTE_SIGNER_ALGORITHM"
  | "ERR_REMOTE_SIGNER_SIGNATURE"
  | "ERR_REMOTE_SIGNER_CLOSED";

/** What a {@linkcode RemoteSignerError} knows besides its message. */
export interface RemoteSignerErrorDetail extends ErrorContext {
  /** The code that the other side gave: `MessageNotAllowed`. */
  readonly reason?: string;
  /** Seconds until it is worth another try. */
  readonly retryAfterSeconds?: number;
}

/** A signer elsewhere that did not sign. Never carries a token. */
export class RemoteSignerError extends BaseError<RemoteSignerErrorCode> {
  /** Always `RemoteSignerError`. */
  override readonly name: string = "RemoteSignerError";
  /** Who was asked: a URL, a program, a socket. */
  readonly endpoint: string;
  /** The code that the other side gave. */
  readonly reason: string | undefined;
  /** Seconds until it is worth another try, with `ERR_REMOTE_SIGNER_THROTTLED`. */
  readonly retryAfterSeconds: number | undefined;

  /** Makes the error "Cannot sign with `endpoint`: `state`". */
  constructor(code: RemoteSignerErrorCode, endpoint: string, state: string, detail: RemoteSignerErrorDetail = {}) {
    super(code, `Cannot sign with ${endpoint}: ${state}`, detail);
    this.endpoint = endpoint;
    this.reason = detail.reason;
    this.retryAfterSeconds = detail.retryAfterSeconds;
  }
}
