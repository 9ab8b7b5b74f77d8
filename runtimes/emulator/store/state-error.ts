/**
 * Why a state file cannot be used.
 *
 * @module
 */

import { BaseError } from "../../../core/base-error.ts";

/**
 * - `ERR_STATE_FORMAT`: it is no state file, or one of another version
 * - `ERR_STATE_DAMAGED`: a line within it is not what was written
 * - `ERR_STATE_LOCKED`: another emulator has it
 * - `ERR_STATE_CLOSED`: it is not in use any more
 * - `ERR_STATE_WRITE`: a change could not be written
 */
export type StateErrorCode =
  | "ERR_STATE_FORMAT"
  | "ERR_STATE_DAMAGED"
  | "ERR_STATE_LOCKED"
  | "ERR_STATE_CLOSED"
  | "ERR_STATE_WRITE";

/** A state file that cannot be used. */
export class StateError extends BaseError<StateErrorCode> {
  override readonly name: string = "StateError";
  /** The line concerned, from 1; undefined when it is the file. */
  readonly line: number | undefined;
  /** Where the line begins, in octets; undefined when it is the file. */
  readonly offset: number | undefined;

  /** @param message the whole message, action first */
  constructor(
    code: StateErrorCode,
    message: string,
    context: { readonly line?: number; readonly offset?: number; readonly cause?: unknown } = {},
  ) {
    super(code, message, context);
    this.line = context.line;
    this.offset = context.offset;
  }
}
