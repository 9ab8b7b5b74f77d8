/**
 * Waiting, on the timers that every runtime has: a `Sleep` to hand to `createSession`.
 *
 * @module
 */

import type { Abort } from "../ports.ts";

/** Resolves after the given milliseconds; rejects with the signal's reason when it aborts before. */
export function sleep(milliseconds: number, signal?: Abort): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop);
  });
}
