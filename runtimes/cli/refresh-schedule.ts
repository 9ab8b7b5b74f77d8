/**
 * When credentials are replaced, how long to pause after a failure, and waiting for either.
 *
 * @module
 */

import type { Abort, Now, Random, Sleep } from "../../core/ports.ts";
import { uniform } from "../../core/session/retry.ts";

/** Credentials are replaced so long before they end, in milliseconds: the original helper's five minutes. */
export const REFRESH_BEFORE_MS = 300_000;

/** Least time between two sessions, in milliseconds, however short they are. */
export const MIN_INTERVAL_MS = 10_000;

/** Longest pause after failures, in milliseconds. */
export const MAX_PAUSE_MS = 60_000;

/**
 * When to replace credentials: five minutes before they end; of those that live less than ten minutes, in the middle of
 * their life; in ten seconds at the soonest. All in milliseconds since the epoch.
 */
export function refreshTime(expiresAtMs: number, nowMs: number): number {
  const lifeMs = expiresAtMs - nowMs;
  return nowMs + Math.max(MIN_INTERVAL_MS, lifeMs - REFRESH_BEFORE_MS, lifeMs > 2 * REFRESH_BEFORE_MS ? 0 : lifeMs / 2);
}

/**
 * Milliseconds to pause after a failure: half to all of a second at first, of twice as long each time, of a minute at
 * most.
 *
 * @param failures in a row, from 1
 */
export function pauseAfter(failures: number, random: Random): number {
  const longestMs = Math.min(1000 * 2 ** (failures - 1), MAX_PAUSE_MS);
  return longestMs / 2 + (longestMs / 2) * uniform(random);
}

/**
 * Waits until a time by the clock, or as long as it was away when the wait began, whichever is first: timers stand still
 * while a machine is suspended, and clocks are set back.
 *
 * @throws the signal's reason when it aborts
 */
export async function waitUntil(
  { now, sleep }: { readonly now: Now; readonly sleep: Sleep },
  timeMs: number,
  signal: Abort,
): Promise<void> {
  let leftMs = timeMs - now();
  while (leftMs > 0) {
    const stepMs = Math.min(leftMs, MAX_STEP_MS);
    await sleep(stepMs, signal);
    leftMs = Math.min(leftMs - stepMs, timeMs - now());
  }
}

/** So late at most the end of a suspension is noticed, in milliseconds. */
const MAX_STEP_MS = 20_000;
