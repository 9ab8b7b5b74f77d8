/**
 * How often an account may call: token buckets by group of operations and region.
 *
 * @see IAM Roles Anywhere user guide, "Quotas"
 * @module
 */

import type { Now } from "../../../core/ports.ts";
import type { RateGroup } from "../aws-service.ts";

/** Requests a second, by group of operations; a group that is absent has no limit. */
export type Rates = { readonly [group in RateGroup]?: number };

/** The documented rates. */
export const DOCUMENTED_RATES: Rates = {
  "trust-anchors": 1,
  profiles: 1,
  subjects: 1,
  tags: 1,
  crls: 1,
  sessions: 10,
};

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Buckets that hold the requests of one second, and fill by the emulator's clock: while it stands, they do not. */
export class RateLimits {
  readonly #now: Now;
  readonly #rates: Rates;
  readonly #buckets: Map<string, Bucket> = new Map();

  /** @throws {TypeError} for a group that there is not; @throws {RangeError} for a rate that is not above 0 */
  constructor(now: Now, rates: Rates) {
    for (const [group, rate] of Object.entries(rates)) {
      if (!Object.hasOwn(DOCUMENTED_RATES, group)) throw new TypeError(`"rates" has no group "${group}"`);
      if (!(rate > 0)) throw new RangeError(`"rates" must be above 0 requests a second: ${group} is ${rate}`);
    }
    this.#now = now;
    this.#rates = rates;
  }

  /** Whether there is room for one more request; if so, it is counted. */
  admits(group: RateGroup, region: string): boolean {
    const rate = this.#rates[group];
    if (rate === undefined) return true;
    const most = Math.max(1, rate);
    const key = `${region} ${group}`;
    const nowMs = this.#now();
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      // Regions come from requests.
      if (this.#buckets.size >= MOST_BUCKETS) this.#buckets.clear();
      this.#buckets.set(key, bucket = { tokens: most, atMs: nowMs });
    }
    // A clock that is set back fills nothing.
    const passedMs = Math.max(0, nowMs - bucket.atMs);
    bucket.tokens = Math.min(most, bucket.tokens + passedMs * rate / 1000);
    bucket.atMs = nowMs;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** Fills every bucket. */
  reset(): void {
    this.#buckets.clear();
  }
}

const MOST_BUCKETS = 1000;
