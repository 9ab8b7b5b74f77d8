/**
 * The time of the benchmarks.
 *
 * @module
 */

/** Milliseconds since the epoch at which everything is signed and checked. */
export const NOW_MS: number = /* @__PURE__ */ Date.UTC(2026, 10, 21, 12, 0, 0);
