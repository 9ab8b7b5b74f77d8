/**
 * The worker in which the stores of Cloudflare are tested: `/<store>/<number of the case>` runs that case there, and
 * answers 200, or 500 with what went wrong.
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
} from "../../../../runtimes/edge/mod.ts";
import { storeCases, type StoreSubject } from "../../../support/store-conformance.ts";

export { SessionObject } from "../../../../runtimes/edge/mod.ts";

interface Bindings {
  readonly KV: KvNamespace;
  readonly OBJECTS: DurableObjects;
}

const SUBJECTS: Readonly<Record<string, (bindings: Bindings) => StoreSubject>> = {
  kv: ({ KV }) => ({ leases: "everybody", open: () => kvStore(KV) }),
  cache: () => ({
    leases: "everybody",
    open: () => cacheStore((caches as unknown as { readonly default: CacheLike }).default),
  }),
  objects: ({ OBJECTS }) => ({ leases: "exclusive", open: () => durableObjectStore(OBJECTS) }),
};

export default {
  async fetch(request: Request, bindings: Bindings): Promise<Response> {
    const [, store, number] = new URL(request.url).pathname.split("/");
    const subject = SUBJECTS[store!]!(bindings);
    try {
      await storeCases(subject.leases)[Number(number)]!.run(subject);
      return new Response("passed");
    } catch (error) {
      return new Response(error instanceof Error ? `${error.message}\n${error.stack}` : String(error), { status: 500 });
    }
  },
};
