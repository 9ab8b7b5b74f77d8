/**
 * Limits of time, loaded with the first request that has one.
 *
 * @module
 */

import type { Sleep } from "../ports.ts";
import { FetchError, type FetchErrorCode } from "./fetch-error.ts";

/** A limit that is running. */
export interface TimeLimit {
  /** Aborts with the caller's signal, or with a `FetchError` when the time is over. */
  readonly signal: AbortSignal;
  /** Stops the clock; the signal still follows the caller's. */
  stop(): void;
}

/**
 * Starts a limit.
 *
 * @param limitMs milliseconds, more than 0
 * @throws {RangeError} when that is no time
 */
export function startTimeLimit(
  limitMs: number,
  code: FetchErrorCode,
  caller: AbortSignal | undefined,
  sleep: Sleep,
): TimeLimit {
  if (!(limitMs > 0)) throw new RangeError('"attemptTimeoutMs" and "deadlineMs" must be more than 0');
  const timer = new AbortController();
  const controller = new AbortController();
  const expire = () => controller.abort(new FetchError(code, `there was no answer within ${limitMs} ms`));
  if (limitMs <= MAX_TIMER_MS) sleep(limitMs, timer.signal).then(expire, () => {});
  const signal = caller === undefined ? controller.signal : AbortSignal.any([caller, controller.signal]);
  return { signal, stop: () => timer.abort("settled") };
}

/** The longest time that timers can be set to (HTML, "timers": a signed 32-bit number); a longer one ends at once. */
const MAX_TIMER_MS = 2_147_483_647;
