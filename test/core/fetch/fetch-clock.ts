/**
 * The clock of the tests of `fetch`, whose platform objects settle in tasks of their own and not only in microtasks.
 *
 * @module
 */

import type { Abort } from "../../../core/ports.ts";

export { NOON } from "../session/fake-service.ts";

/** Lets everything that is ready run, tasks of the platform included. */
export async function idle(): Promise<void> {
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setTimeout(resolve, 0));
}

/** Time for tests: `now` and `sleep` fit the ports. */
export class TaskClock {
  /** Milliseconds since the epoch. */
  time: number;
  /** Every duration that was slept to its end, in milliseconds. */
  readonly slept: number[] = [];
  #timers: { readonly at: number; readonly fire: () => void }[] = [];

  constructor(time: number) {
    this.time = time;
  }

  readonly now = (): number => this.time;

  readonly sleep = (ms: number, signal?: Abort): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const fire = () => {
        signal?.removeEventListener("abort", cancel);
        this.slept.push(ms);
        resolve();
      };
      const timer = { at: this.time + ms, fire };
      const cancel = () => {
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
    for (let rounds = 0;;) {
      await idle();
      if (settled) return await promise;
      const next = this.#timers.sort((a, b) => a.at - b.at).shift();
      if (next === undefined) {
        // The platform may be at work elsewhere: on a key, on a busy machine.
        if (++rounds < MAX_IDLE_ROUNDS) continue;
        throw new Error("the promise can never settle: no timer is left");
      }
      this.time = Math.max(this.time, next.at);
      next.fire();
    }
  }
}

const MAX_IDLE_ROUNDS = 50;
