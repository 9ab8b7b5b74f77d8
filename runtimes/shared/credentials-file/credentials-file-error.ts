/**
 * Why a shared credentials file cannot be written.
 *
 * @module
 */

import { BaseError } from "../../../core/base-error.ts";

/**
 * - `ERR_CREDENTIALS_FILE_PROFILE`: a profile's name that no section can have
 * - `ERR_CREDENTIALS_FILE_VALUE`: a credential that would break a line
 * - `ERR_CREDENTIALS_FILE_ENCODING`: the file is no text of one octet a character, UTF-8 included
 * - `ERR_CREDENTIALS_FILE_PLACE`: nothing says where it is
 */
export type CredentialsFileErrorCode =
  | "ERR_CREDENTIALS_FILE_PROFILE"
  | "ERR_CREDENTIALS_FILE_VALUE"
  | "ERR_CREDENTIALS_FILE_ENCODING"
  | "ERR_CREDENTIALS_FILE_PLACE";

/** A shared credentials file that cannot be written. */
export class CredentialsFileError extends BaseError<CredentialsFileErrorCode> {
  override readonly name: string = "CredentialsFileError";
}
