/**
 * The worker of topic `store`: the stores of Cloudflare in miniflare, measured from outside as those of `worker.ts`.
 *
 * Held against the bare means of each; of a Durable Object a request that the object refuses.
 *
 * @module
 */

import {
  type CacheLike,
  cacheStore,
  type DurableObjects,
  durableObjectStore,
  type KvNamespace,
  kvStore,
} from "../runtimes/edge/mod.ts";
import { type Group, planOf, runBatch } from "./harness.ts";
import { ENTRY, storeGroup } from "./store-group.ts";

export { SessionObject } from "../runtimes/edge/mod.ts";

/** What miniflare binds. */
export interface StoreBindings {
  readonly KV: KvNamespace;
  readonly OBJECTS: DurableObjects;
}

export default {
  async fetch(request: Request, bindings: StoreBindings): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const groups = groupsOf(bindings);
    if (pathname === "/plan") return Response.json(groups.map(planOf));
    const group = groups.find(({ name }) => name === searchParams.get("group"))!;
    const contender = group.contenders.find(({ name }) => name === searchParams.get("contender"))!;
    await runBatch(contender, Number(searchParams.get("operations")));
    return new Response("");
  },
};

function groupsOf({ KV, OBJECTS }: StoreBindings): Group[] {
  const cache = (caches as unknown as { readonly default: Cache }).default;
  const kept = () => new Response(ENTRY, { headers: { "cache-control": "max-age=60" } });
  const key = "https://bare.invalid/entry";
  const namespace = KV as unknown as {
    put(name: string, value: ArrayBuffer): Promise<void>;
    get(name: string, type: "arrayBuffer"): Promise<ArrayBuffer | null>;
  };
  const object = OBJECTS.get(OBJECTS.idFromName("bare"));
  const refused = async () => await (await object.fetch("https://object/other", { method: "GET" })).text();
  return [
    storeGroup("Workers KV in miniflare", kvStore(KV), {
      put: () => namespace.put("bare", ENTRY.buffer),
      get: () => namespace.get("bare", "arrayBuffer"),
    }, "everybody"),
    storeGroup("Cache API in miniflare", cacheStore(cache as unknown as CacheLike), {
      put: () => cache.put(key, kept()),
      get: async () => await (await cache.match(key))?.arrayBuffer(),
    }, "everybody"),
    storeGroup("Durable Object in miniflare", durableObjectStore(OBJECTS), { put: refused, get: refused }),
  ];
}
