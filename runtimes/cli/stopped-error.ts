/**
 * The error of a command that a signal ended while a device was open for it.
 *
 * @module
 */

import { BaseError } from "../../core/base-error.ts";

/** A signal asked the process to stop before the command was done. */
export class StoppedError extends BaseError<"ERR_COMMAND_STOPPED"> {
  override readonly name: string = "StoppedError";
  /** `SIGTERM`, for instance. */
  readonly signal: string;

  /** Says which signal it was. */
  constructor(signal: string) {
    super("ERR_COMMAND_STOPPED", `Cannot finish: ${signal} asked the command to stop`);
    this.signal = signal;
  }
}
