/**
 * A clock that stands still until nothing else is left to do, then jumps to the next timer.
 *
 * @module
 */

import type { Abort } from "../../../core/ports.ts";

interface Timer {
  readonly at: number;
  readonly fire: () => void;
}

/** Time for tests: `now` and `sleep` fit the ports of core. */
export class VirtualClock {
  /** Milliseconds since the epoch. */
  time: number;
  /** Every duration that was slept to its end, in milliseconds. */
  readonly slept: number[] = [];
  #timers: Timer[] = [];

  constructor(time: number) {
    this.time = time;
  }

  readonly now = (): number => this.time;

  readonly sleep = (ms: number, signal?: Abort): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer: Timer = {
        at: this.time + ms,
        fire: () => {
          signal?.removeEventListener("abort", cancel);
          this.slept.push(ms);
          resolve();
        },
      };
      const cancel = (): void => {
        this.#timers = this.#timers.filter((each) => each !== timer);
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", cancel);
      this.#timers.push(timer);
    });

  /** Timers that are running. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Waits for the promise, letting time pass only when nothing else happens. */
  async run<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    promise.then(() => settled = true, () => settled = true);
    for (;;) {
      await idle();
      if (settled) return await promise;
      const next = this.#timers.sort((a, b) => a.at - b.at).shift();
      if (next === undefined) throw new Error("the promise can never settle: no timer is left");
      this.time = Math.max(this.time, next.at);
      next.fire();
    }
  }
}

/** Lets everything that is ready run. */
export async function idle(): Promise<void> {
  for (let i = 0; i < 100; i++) await null;
}
