/**
 * Why octets are not the DER that was expected (X.690).
 *
 * @module
 */

import { BaseError } from "../base-error.ts";

/**
 * - `ERR_DER_TRUNCATED`: an element runs past the end of what holds it
 * - `ERR_DER_TRAILING_DATA`: octets are left after the last element
 * - `ERR_DER_UNEXPECTED_TAG`: another element stands here, or a tag number above 30
 * - `ERR_DER_LENGTH`: an indefinite, non-minimal or over-long length
 * - `ERR_DER_VALUE`: the contents break the type's own rules
 * - `ERR_DER_DEPTH`: elements are nested deeper than the limit
 * - `ERR_DER_SIZE`: the input is larger than the limit
 */
export type DerErrorCode =
  | "ERR_DER_TRUNCATED"
  | "ERR_DER_TRAILING_DATA"
  | "ERR_DER_UNEXPECTED_TAG"
  | "ERR_DER_LENGTH"
  | "ERR_DER_VALUE"
  | "ERR_DER_DEPTH"
  | "ERR_DER_SIZE";

/** Octets that are not the DER that was expected, with the place and what was being read. */
export class DerError extends BaseError<DerErrorCode> {
  /** Always `DerError`. */
  override readonly name: string = "DerError";
  /** Offset of the offending element or octet from the start of the input, in octets. */
  readonly offset: number;
  /** What was being read, in the standard's words: `tbsCertificate.validity`. */
  readonly reading: string;

  /** Makes the error "Cannot read `reading` at offset `offset`: `state`". */
  constructor(code: DerErrorCode, reading: string, offset: number, state: string) {
    super(code, `Cannot read ${reading} at offset ${offset}: ${state}`);
    this.reading = reading;
    this.offset = offset;
  }
}
