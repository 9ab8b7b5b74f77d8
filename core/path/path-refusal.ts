/**
 * Why a check refuses, before it is known whether that is what the caller will hear: a search may refuse thousands of
 * candidates and report one.
 *
 * @module
 */

import type { PathErrorCode } from "./path-error.ts";

/** A reason without its certificate. */
export interface Refusal {
  /** What the caller will branch on. */
  readonly code: PathErrorCode;
  /** Completes "Cannot validate certificate "CN=…": …". */
  readonly state: string;
  /** The error that led to it. */
  readonly cause?: unknown;
}

/** Makes a reason. */
export function refuse(code: PathErrorCode, state: string, cause?: unknown): Refusal {
  return cause === undefined ? { code, state } : { code, state, cause };
}
