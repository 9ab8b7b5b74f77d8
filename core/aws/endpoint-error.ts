/**
 * Why there is no endpoint to send a request to.
 *
 * @module
 */

import { BaseError } from "../base-error.ts";

/**
 * - `ERR_ENDPOINT_REGION`: the region could not stand in a host name
 * - `ERR_ENDPOINT_VARIANT`: the partition has no dual-stack endpoint
 * - `ERR_ENDPOINT_CUSTOM_VARIANT`: FIPS or dual-stack was asked of a custom endpoint
 * - `ERR_ENDPOINT_SYNTAX`: the custom endpoint is no absolute `http` or `https` URL
 * - `ERR_ENDPOINT_CREDENTIALS`: the custom endpoint holds a user name or password
 * - `ERR_ENDPOINT_QUERY`: the custom endpoint holds a query or a fragment
 */
export type EndpointErrorCode =
  | "ERR_ENDPOINT_REGION"
  | "ERR_ENDPOINT_VARIANT"
  | "ERR_ENDPOINT_CUSTOM_VARIANT"
  | "ERR_ENDPOINT_SYNTAX"
  | "ERR_ENDPOINT_CREDENTIALS"
  | "ERR_ENDPOINT_QUERY";

/** An endpoint that cannot be. Its message never repeats a custom endpoint, which may hold a password. */
export class EndpointError extends BaseError<EndpointErrorCode> {
  /** The class, also where code is minified. */
  override readonly name: string = "EndpointError";

  /** Makes the error; the state completes the message "Cannot resolve the endpoint: state". */
  constructor(code: EndpointErrorCode, state: string) {
    super(code, `Cannot resolve the endpoint: ${state}`);
  }
}
