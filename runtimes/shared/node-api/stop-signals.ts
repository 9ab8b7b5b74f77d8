/**
 * Waiting to be stopped, through `node:process`, which Node and Bun both have and each hands in.
 *
 * @module
 */

/** The part of `node:process` that is used. */
export interface SignalledProcess {
  on(signal: string, listener: (signal: string) => void): unknown;
  removeListener(signal: string, listener: (signal: string) => void): unknown;
}

/** Resolves with the signal that asks the process to stop; from then on, signals do what they always do. */
export function untilStopped(process: SignalledProcess): Promise<string> {
  return new Promise((resolve) => {
    const stop = (signal: string) => {
      for (const each of STOP_SIGNALS) process.removeListener(each, stop);
      resolve(signal);
    };
    for (const each of STOP_SIGNALS) process.on(each, stop);
  });
}

const STOP_SIGNALS: readonly string[] = ["SIGINT", "SIGTERM"];
