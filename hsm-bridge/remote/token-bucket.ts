/**
 * A limit on how often something happens: a bucket that is filled at a steady rate and holds so much.
 *
 * @module
 */

import type { Now } from "../../core/ports.ts";

/** How often, and how many at once. */
export interface Rate {
  /** In the long run, a second; above 0. */
  readonly perSecond: number;
  /** At once after a pause; at least 1. */
  readonly burst: number;
}

/** A bucket, full at first. */
export class TokenBucket {
  readonly #rate: Rate;
  readonly #now: Now;
  #level: number;
  #filledMs: number;

  /** @throws {RangeError} for a rate that allows nothing */
  constructor(rate: Rate, now: Now) {
    const { perSecond, burst } = rate;
    if (!(perSecond > 0)) throw new RangeError(`"perSecond" must be above 0: ${perSecond}`);
    if (!(burst >= 1)) throw new RangeError(`"burst" must be at least 1: ${burst}`);
    this.#rate = rate;
    this.#now = now;
    this.#level = burst;
    this.#filledMs = now();
  }

  /** Takes one out: 0 when there was one, else the milliseconds until there is. */
  take(): number {
    const { perSecond, burst } = this.#rate;
    const nowMs = this.#now();
    // A clock that is set back fills nothing.
    const passedMs = Math.max(0, nowMs - this.#filledMs);
    this.#level = Math.min(burst, this.#level + (passedMs * perSecond) / 1000);
    this.#filledMs = nowMs;
    if (this.#level >= 1) {
      this.#level--;
      return 0;
    }
    return Math.ceil(((1 - this.#level) * 1000) / perSecond);
  }
}
