/**
 * Errors as they leave the component: whatever an exported function throws becomes the error of its `result`.
 *
 * @module
 */

import { isCoded } from "../../core/base-error.ts";

/** `coded-error` of the world. */
export interface CodedFailure {
  /** `ERR_…`, or the name of a programmer's mistake: `TypeError`, `RangeError`, `URIError`. */
  readonly code: string;
  /** For people. */
  readonly message: string;
}

/**
 * Calls, and throws what the component model takes for an error. Errors of ours carry no secret; others are programmer's
 * mistakes about input, or a defect, and are told the same way: a component that traps cannot be called again.
 */
export async function failing<T>(call: () => T | Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw codedFailure(error);
  }
}

function codedFailure(error: unknown): CodedFailure {
  if (isCoded(error)) return { code: error.code, message: error.message };
  if (error instanceof Error) return { code: error.name, message: error.message };
  return { code: "Error", message: "something that is no error was thrown" };
}
