/**
 * A credential store in memory, on a clock of the test's.
 *
 * @module
 */

import { type Bytes, equalBytes } from "../../../core/bytes/bytes.ts";
import type { CredentialStore } from "../../../core/credentials/store.ts";
import type { VirtualClock } from "../session/virtual-clock.ts";

/** A store, and what happened to it. */
export interface MemoryStore extends CredentialStore {
  readonly entries: Map<string, Bytes>;
  /** Leases that were given. */
  leases: number;
}

/** Makes a store. */
export function memoryStore(now: () => number): MemoryStore {
  const held = new Map<string, { readonly until: number }>();
  const store: MemoryStore = {
    entries: new Map(),
    leases: 0,
    get: (name) => Promise.resolve(store.entries.get(name)?.slice()),
    put: (name, entry) => void store.entries.set(name, entry.slice()),
    lease: (name, lifeMs) => {
      if (now() < (held.get(name)?.until ?? 0)) return undefined;
      const mine = { until: now() + lifeMs };
      held.set(name, mine);
      store.leases++;
      return {
        release: () => {
          if (held.get(name) === mine) held.delete(name);
        },
      };
    },
  };
  return store;
}

/** The same store when it can wait: whoever has no turn asks again on the clock, as an object does for all that wait. */
export function waitingStore(store: MemoryStore, clock: VirtualClock): MemoryStore & Required<CredentialStore> {
  const turn: Required<CredentialStore>["turn"] = async (name, { refused, lifeMs, waitMs }) => {
    for (const end = clock.time + waitMs; clock.time < end; await clock.sleep(1)) {
      const entry = store.entries.get(name);
      if (entry !== undefined && !equalBytes(entry, refused ?? new Uint8Array())) return { entry };
      const lease = await store.lease(name, lifeMs);
      if (lease !== undefined) return { lease };
    }
    return undefined;
  };
  return Object.assign(store, { turn });
}
