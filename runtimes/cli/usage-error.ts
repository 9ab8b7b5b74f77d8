/**
 * Why a command line cannot be understood.
 *
 * @module
 */

import { BaseError } from "../../core/base-error.ts";

/**
 * - `ERR_USAGE_UNKNOWN_COMMAND`, `ERR_USAGE_UNKNOWN_FLAG`: no such name
 * - `ERR_USAGE_MISSING_VALUE`, `ERR_USAGE_INVALID_VALUE`: a flag's value is absent, or not of its type
 * - `ERR_USAGE_MISSING_FLAG`: a flag that the command needs is not there
 * - `ERR_USAGE_MISSING_PROGRAM`: the command runs a program, and none is given
 * - `ERR_USAGE_EXCLUSIVE_FLAGS`: two flags that do not go together
 * - `ERR_USAGE_STRAY_WORD`: a word that belongs to no flag
 */
export type UsageErrorCode =
  | "ERR_USAGE_UNKNOWN_COMMAND"
  | "ERR_USAGE_UNKNOWN_FLAG"
  | "ERR_USAGE_MISSING_VALUE"
  | "ERR_USAGE_INVALID_VALUE"
  | "ERR_USAGE_MISSING_FLAG"
  | "ERR_USAGE_MISSING_PROGRAM"
  | "ERR_USAGE_EXCLUSIVE_FLAGS"
  | "ERR_USAGE_STRAY_WORD";

/** A command line that cannot be understood. */
export class UsageError extends BaseError<UsageErrorCode> {
  override readonly name: string = "UsageError";
}
