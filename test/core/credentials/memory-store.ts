/**
 * A credential store in memory, on a clock of the test's.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import type { CredentialStore } from "../../../core/credentials/store.ts";

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
