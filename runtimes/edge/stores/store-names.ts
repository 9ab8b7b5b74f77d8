/**
 * What the stores of this folder have in common: how their entries are named among others, and leases where there are
 * none.
 *
 * @module
 */

import type { Lease } from "../../../core/credentials/store.ts";

/** Stands before the names of entries in stores that hold other things as well. */
export const STORE_PREFIX = "anyrole/session/";

/** The lease of a store that cannot exclude anybody: everybody gets it. */
export function everybodysLease(): Lease {
  return { release: () => {} };
}
