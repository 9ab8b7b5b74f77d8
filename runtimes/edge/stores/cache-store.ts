/**
 * A credential store in the Cache API: of the data centre in workers, of the origin in browsers.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import { MAX_SEALED_OCTETS } from "../../../core/credentials/sealed-session.ts";
import type { CredentialStore } from "../../../core/credentials/store.ts";
import { everybodysLease, STORE_PREFIX } from "./store-names.ts";

/** The part of a `Cache` that is used, of `caches.default` or `await caches.open("…")`. */
export interface CacheLike {
  /** Reads an answer. */
  match(url: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | undefined>;
  // deno-lint-ignore no-explicit-any -- the platforms' types of an answer differ
  /** Keeps an answer. */ put(url: string, answer: any): Promise<void>;
}

/**
 * Makes a store of a cache. It has no leases, and may drop what it likes: it saves calls and does not bound their number.
 *
 * @param origin what the keys' URLs begin with; nothing is ever sent there
 */
export function cacheStore(cache: CacheLike, origin: string = "https://anyrole.invalid"): CredentialStore {
  const url = (name: string) => `${origin}/${STORE_PREFIX}${name}`;
  return {
    get: async (name) => {
      const answer = await cache.match(url(name));
      return answer === undefined ? undefined : new Uint8Array(await answer.arrayBuffer());
    },
    put: (name, entry, expiresAtMs) => {
      const life = Math.floor((expiresAtMs - Date.now()) / 1000);
      if (life <= 0 || entry.length > MAX_SEALED_OCTETS) return;
      const headers = { "cache-control": `max-age=${life}`, "content-type": "application/octet-stream" };
      return cache.put(url(name), new Response(entry satisfies Bytes, { headers }));
    },
    lease: everybodysLease,
  };
}
