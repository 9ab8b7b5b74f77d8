/**
 * The worker in which the stores of Cloudflare are tested: `/<store>/<number of the case>` runs that case there, and
 * answers 200, or 500 with what went wrong; `/<store>/fleet/<number of users>` has so many share a session.
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
import { oneCallFor, storeCases, type StoreSubject } from "../../../support/store-conformance.ts";

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
    const [, store, number, users] = new URL(request.url).pathname.split("/");
    if (number === "raw") return Response.json(await rawAnswers(bindings));
    const subject = SUBJECTS[store!]!(bindings);
    try {
      if (users !== undefined) await oneCallFor(subject, Number(users));
      else await storeCases(subject.leases)[Number(number)]!.run(subject);
      return new Response("passed");
    } catch (error) {
      return new Response(error instanceof Error ? `${error.message}\n${error.stack}` : String(error), { status: 500 });
    }
  },
};

/** What the object answers to requests that no store sends. */
async function rawAnswers({ OBJECTS }: Bindings): Promise<Record<string, number>> {
  const object = OBJECTS.get(OBJECTS.idFromName("raw"));
  const requests = [["GET", "/other"], ["PUT", "/"], ["PUT", "/?until=1"], ["POST", "/release"]] as const;
  const statuses: Record<string, number> = {};
  for (const [method, path] of requests) {
    const body = method === "PUT" ? { body: new Uint8Array(path === "/" ? 10 : 70_000) } : {};
    const answer = await object.fetch(`https://session${path}`, { method, ...body });
    await answer.text();
    statuses[`${method} ${path}`] = answer.status;
  }
  return statuses;
}
