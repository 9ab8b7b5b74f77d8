/**
 * Why a request was not sent, or no answer waited for any longer.
 *
 * @module
 */

import { BaseError, type ErrorContext } from "../base-error.ts";

/**
 * Before anything is sent:
 * - `ERR_FETCH_HOST`: the host is no service of AWS that is spoken to by HTTPS, and not among `hosts`
 * - `ERR_FETCH_SCOPE`: the host does not tell service or region, and no option does
 * - `ERR_FETCH_PATH`: an object key that URLs cannot carry as it is: `.` and `..` are resolved by every URL parser
 * - `ERR_FETCH_BODY_LENGTH`: a body of unknown length is longer than `maxBufferedOctets`
 * - `ERR_FETCH_CREDENTIALS`: the provider answered no credentials, or expired ones
 *
 * On the way:
 * - `ERR_FETCH_TIMEOUT`: no answer came within the time of one attempt
 * - `ERR_FETCH_DEADLINE`: the time of all attempts is over
 */
export type FetchErrorCode =
  | "ERR_FETCH_HOST"
  | "ERR_FETCH_SCOPE"
  | "ERR_FETCH_PATH"
  | "ERR_FETCH_BODY_LENGTH"
  | "ERR_FETCH_CREDENTIALS"
  | "ERR_FETCH_TIMEOUT"
  | "ERR_FETCH_DEADLINE";

/** A request that came to nothing before the service answered. Holds neither credentials nor the URL's query. */
export class FetchError extends BaseError<FetchErrorCode> {
  /** The class, also where code is minified. */
  override readonly name: string = "FetchError";

  /** Makes the error "Cannot send request: `state`". */
  constructor(code: FetchErrorCode, state: string, context?: ErrorContext) {
    super(code, `Cannot send request: ${state}`, context);
  }
}
