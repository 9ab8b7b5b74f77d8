/**
 * A credential store in Workers KV.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import type { CredentialStore } from "../../../core/credentials/store.ts";
import { everybodysLease, STORE_PREFIX } from "./store-names.ts";

/** The part of a `KVNamespace` binding that is used. */
export interface KvNamespace {
  /** Reads octets; null when there are none. */
  get(key: string, options: { readonly type: "arrayBuffer" }): Promise<ArrayBuffer | null>;
  /** Writes octets; `expiration` in seconds since the epoch. */
  put(key: string, value: Bytes, options: { readonly expiration: number }): Promise<void>;
}

/**
 * Makes a store of a KV binding. KV is eventually consistent and has no leases: each isolate that finds nothing makes its
 * own call, and what one has put may take a minute to be seen elsewhere. For one call between all isolates use a Durable
 * Object, or put this before it with `nearStore`.
 */
export function kvStore(namespace: KvNamespace): CredentialStore {
  return {
    get: async (name) => {
      const entry = await namespace.get(STORE_PREFIX + name, { type: "arrayBuffer" });
      return entry === null ? undefined : new Uint8Array(entry);
    },
    put: (name, entry, expiresAtMs) => {
      const earliest = Math.ceil(Date.now() / 1000) + SHORTEST_LIFE_SECONDS;
      const expiration = Math.max(Math.ceil(expiresAtMs / 1000), earliest);
      return namespace.put(STORE_PREFIX + name, entry, { expiration });
    },
    lease: everybodysLease,
  };
}

/** KV refuses a time that is less than 60 seconds away; the clocks may differ a little. */
const SHORTEST_LIFE_SECONDS = 65;
