/**
 * Why text is not the Amazon Resource Name that was expected.
 *
 * @module
 */

import { BaseError } from "../base-error.ts";
import { visibleText } from "../bytes/visible-text.ts";

/**
 * - `ERR_ARN_PREFIX`: the text does not begin with `arn:`
 * - `ERR_ARN_SECTIONS`: fewer than six sections
 * - `ERR_ARN_PARTITION`: the partition is not `aws` or `aws-…`
 * - `ERR_ARN_SERVICE`: another service's ARN
 * - `ERR_ARN_REGION`: the region is missing, malformed, or present where there is none
 * - `ERR_ARN_ACCOUNT`: the account is not twelve digits
 * - `ERR_ARN_RESOURCE`: another kind of resource, or no name
 * - `ERR_ARN_CHARACTER`: a control character or half a surrogate pair
 * - `ERR_ARN_LENGTH`: longer than the service accepts
 */
export type ArnErrorCode =
  | "ERR_ARN_PREFIX"
  | "ERR_ARN_SECTIONS"
  | "ERR_ARN_PARTITION"
  | "ERR_ARN_SERVICE"
  | "ERR_ARN_REGION"
  | "ERR_ARN_ACCOUNT"
  | "ERR_ARN_RESOURCE"
  | "ERR_ARN_CHARACTER"
  | "ERR_ARN_LENGTH";

/** Text that is not the ARN that was expected. */
export class ArnError extends BaseError<ArnErrorCode> {
  /** The class, also where code is minified. */
  override readonly name: string = "ArnError";
  /** The text that was given. */
  readonly text: string;
  /** What it was read as: `trust anchor ARN`. */
  readonly reading: string;

  /** Makes the error; the state completes the message "Cannot read R "T": state". */
  constructor(code: ArnErrorCode, reading: string, text: string, state: string) {
    super(code, `Cannot read ${reading} "${visibleText(text, 200)}": ${visibleText(state)}`);
    this.reading = reading;
    this.text = text;
  }
}
