/**
 * Why a text is no PKCS#11 URI.
 *
 * @module
 */

import { BaseError } from "../../core/base-error.ts";

/**
 * - `ERR_PKCS11_URI_SCHEME`: it does not begin with `pkcs11:`
 * - `ERR_PKCS11_URI_SYNTAX`: an attribute is not `name=value`, or is empty
 * - `ERR_PKCS11_URI_CHARACTER`: a character stands where it must be percent-encoded
 * - `ERR_PKCS11_URI_ENCODING`: a percent sign without two hexadecimal digits, or octets that are no UTF-8
 * - `ERR_PKCS11_URI_DUPLICATE`: an attribute stands twice
 * - `ERR_PKCS11_URI_MISPLACED`: an attribute of the query stands in the path, or the other way round
 * - `ERR_PKCS11_URI_VALUE`: a value that its attribute cannot have
 * - `ERR_PKCS11_URI_PIN`: both `pin-value` and `pin-source`
 * - `ERR_PKCS11_URI_LENGTH`: it is longer than any URI that means a token
 */
export type Pkcs11UriErrorCode =
  | "ERR_PKCS11_URI_SCHEME"
  | "ERR_PKCS11_URI_SYNTAX"
  | "ERR_PKCS11_URI_CHARACTER"
  | "ERR_PKCS11_URI_ENCODING"
  | "ERR_PKCS11_URI_DUPLICATE"
  | "ERR_PKCS11_URI_MISPLACED"
  | "ERR_PKCS11_URI_VALUE"
  | "ERR_PKCS11_URI_PIN"
  | "ERR_PKCS11_URI_LENGTH";

/** A text that is no PKCS#11 URI. Neither message nor fields repeat a value: it may be a PIN. */
export class Pkcs11UriError extends BaseError<Pkcs11UriErrorCode> {
  /** Always `Pkcs11UriError`. */
  override readonly name: string = "Pkcs11UriError";
  /** Where in the text, in UTF-16 units from its beginning. */
  readonly offset: number;
  /** The attribute that is wrong, where the standard knows it. */
  readonly attribute: string | undefined;

  /** Makes the error "Cannot read PKCS#11 URI: `state` (at character `offset + 1`)". */
  constructor(code: Pkcs11UriErrorCode, offset: number, attribute: string | undefined, state: string) {
    super(code, `Cannot read PKCS#11 URI: ${state} (at character ${offset + 1})`);
    this.offset = offset;
    this.attribute = attribute;
  }
}
