/**
 * Why a selector cannot be read, or chooses no certificate.
 *
 * @module
 */

import { BaseError, type ErrorContext } from "../base-error.ts";
import { visibleText } from "../bytes/visible-text.ts";

/**
 * - `ERR_SELECTOR_SYNTAX`: neither `Key=…,Value=…` items nor a JSON array of such
 * - `ERR_SELECTOR_KEY`: an attribute that no certificate is chosen by
 * - `ERR_SELECTOR_DUPLICATE`: an attribute that stands twice
 * - `ERR_SELECTOR_SERIAL`: a serial number that is not hexadecimal
 * - `ERR_SELECTION_NONE`: no certificate fits
 * - `ERR_SELECTION_SEVERAL`: more than one fits
 */
export type SelectionErrorCode =
  | "ERR_SELECTOR_SYNTAX"
  | "ERR_SELECTOR_KEY"
  | "ERR_SELECTOR_DUPLICATE"
  | "ERR_SELECTOR_SERIAL"
  | "ERR_SELECTION_NONE"
  | "ERR_SELECTION_SEVERAL";

/** A selector that cannot be read, or that chooses no certificate. */
export class SelectionError extends BaseError<SelectionErrorCode> {
  /** Always `SelectionError`. */
  override readonly name: string = "SelectionError";

  /** Makes the error; what is not seen in the message is escaped. */
  constructor(code: SelectionErrorCode, message: string, context?: ErrorContext) {
    super(code, visibleText(message), context);
  }
}
