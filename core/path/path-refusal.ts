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
  /** Completes "Cannot validate certificate "CN=…": …"; a function where names, which can be long, are written out. */
  readonly state: string | (() => string);
  /** The error that led to it. */
  readonly cause?: unknown;
}

/** Makes a reason. */
export function refuse(code: PathErrorCode, state: Refusal["state"], cause?: unknown): Refusal {
  return cause === undefined ? { code, state } : { code, state, cause };
}

/** The reason in words. */
export function stateOf({ state }: Refusal): string {
  return typeof state === "string" ? state : state();
}
