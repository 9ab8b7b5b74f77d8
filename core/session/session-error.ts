/**
 * Why there is no session, when the reason is not the service's refusal.
 *
 * @module
 */

import { BaseError, type ErrorContext } from "../base-error.ts";
import { failureText } from "./attempt-text.ts";

/**
 * Before anything is sent:
 * - `ERR_SESSION_REGION_MISMATCH`: trust anchor and profile are in different regions
 * - `ERR_SESSION_DURATION`: the duration is no whole number of 900 to 43200 seconds, or 3600 when roles are assumed
 * - `ERR_SESSION_ROLE_SESSION_NAME`: the role session name breaks the rules of STS
 * - `ERR_SESSION_EXTERNAL_ID`, `ERR_SESSION_POLICY`: the external id breaks its rules, the session policy is no JSON object
 * - `ERR_SESSION_CERTIFICATE_EXPIRED`, `ERR_SESSION_CERTIFICATE_NOT_YET_VALID`: by the clock that was handed in
 * - `ERR_SESSION_SIGNING`: the signer failed; `cause` says how
 *
 * On the way:
 * - `ERR_SESSION_NETWORK`: no answer came; `cause` is what `fetch` threw
 * - `ERR_SESSION_TIMEOUT`: no answer came within the time of one attempt
 * - `ERR_SESSION_DEADLINE`: the time of all attempts is over; `cause` is the last failure, if there was one
 * - `ERR_SESSION_ABORTED`: the caller aborted without a reason; with one, that reason is thrown
 *
 * Of the answer:
 * - `ERR_SESSION_REDIRECT`: a redirect, which is never followed
 * - `ERR_SESSION_RESPONSE`: a success that is not the JSON, or for AssumeRole the XML, of the API
 * - `ERR_SESSION_RESPONSE_SIZE`: a success longer than {@linkcode MAX_RESPONSE_OCTETS}
 * - `ERR_SESSION_EMPTY_CREDENTIAL_SET`: no credentials in it
 * - `ERR_SESSION_INCOMPLETE_CREDENTIALS`: a member of the credentials is missing; `detail.member` names it
 * - `ERR_SESSION_EXPIRATION`: the expiration is no RFC 3339 time in UTC, or is past
 */
export type SessionErrorCode =
  | "ERR_SESSION_REGION_MISMATCH"
  | "ERR_SESSION_DURATION"
  | "ERR_SESSION_ROLE_SESSION_NAME"
  | "ERR_SESSION_EXTERNAL_ID"
  | "ERR_SESSION_POLICY"
  | "ERR_SESSION_CERTIFICATE_EXPIRED"
  | "ERR_SESSION_CERTIFICATE_NOT_YET_VALID"
  | "ERR_SESSION_SIGNING"
  | "ERR_SESSION_NETWORK"
  | "ERR_SESSION_TIMEOUT"
  | "ERR_SESSION_DEADLINE"
  | "ERR_SESSION_ABORTED"
  | "ERR_SESSION_REDIRECT"
  | "ERR_SESSION_RESPONSE"
  | "ERR_SESSION_RESPONSE_SIZE"
  | "ERR_SESSION_EMPTY_CREDENTIAL_SET"
  | "ERR_SESSION_INCOMPLETE_CREDENTIALS"
  | "ERR_SESSION_EXPIRATION";

/** Operands of a {@linkcode SessionError}; which ones depends on the code. */
export interface SessionErrorDetail {
  /** The role that AssumeRole was asked for; absent: the call was CreateSession. */
  readonly assumedRoleArn?: string;
  /** Requests sent so far. */
  readonly attempts?: number;
  /** HTTP status of the answer. */
  readonly status?: number;
  /** `X-Amzn-RequestId` of the answer. */
  readonly requestId?: string;
  /** The service's clock minus ours in milliseconds, when they differ by more than four minutes. */
  readonly clockSkewMs?: number;
  /** Region of the trust anchor ARN. */
  readonly trustAnchorRegion?: string;
  /** Region of the profile ARN. */
  readonly profileRegion?: string;
  /** End of the certificate's validity, milliseconds since the epoch. */
  readonly notAfter?: number;
  /** Beginning of the certificate's validity, milliseconds since the epoch. */
  readonly notBefore?: number;
  /** The time that was compared, milliseconds since the epoch. */
  readonly at?: number;
  /** Host that a redirect points to. */
  readonly location?: string;
  /** Member of the answer that is missing: `secretAccessKey`. */
  readonly member?: string;
  /** The limit that was passed, in milliseconds. */
  readonly limitMs?: number;
}

/** A session that was not created, or a role that was not assumed. Carries neither credentials nor the request's `Authorization`. */
export class SessionError extends BaseError<SessionErrorCode> {
  /** The class, also where code is minified. */
  override readonly name: string = "SessionError";
  /** Operands. */
  readonly detail: SessionErrorDetail;

  /** Makes the error; the state completes "Cannot create session: state", or "Cannot assume role …: state". */
  constructor(code: SessionErrorCode, state: string, detail: SessionErrorDetail = {}, context?: ErrorContext) {
    super(code, failureText(detail.assumedRoleArn, state), context);
    this.detail = detail;
  }
}
