/**
 * Waiting to be stopped, through `node:process`, which Node and Bun both have and each hands in.
 *
 * @module
 */

import type { Abort } from "../../../core/ports.ts";

/** The part of `node:process` that is used. */
export interface SignalledProcess {
  on(signal: string, listener: (signal: string) => void): unknown;
  removeListener(signal: string, listener: (signal: string) => void): unknown;
}

/**
 * Resolves with the signal that asks the process to stop; from then on, or when it is over, signals do what they always do.
 */
export function untilStopped(process: SignalledProcess, over?: Abort): Promise<string> {
  return new Promise((resolve) => {
    if (over?.aborted) return;
    const leave = () => {
      for (const each of STOP_SIGNALS) process.removeListener(each, stop);
    };
    const stop = (signal: string) => {
      leave();
      resolve(signal);
    };
    for (const each of STOP_SIGNALS) process.on(each, stop);
    over?.addEventListener("abort", leave);
  });
}

const STOP_SIGNALS: readonly string[] = ["SIGINT", "SIGTERM"];
