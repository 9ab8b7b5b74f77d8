// runtimes: node
/**
 * The bindings of Cloudflare's own types fit what the stores and the `fetch` take: it is the compiler that tests here, in
 * the stage `types`.
 *
 * @module
 */

import type {
  Cache,
  DurableObjectNamespace,
  DurableObjectState,
  ExecutionContext,
  KVNamespace,
  R2Bucket,
  Socket,
} from "@cloudflare/workers-types";

import {
  cacheStore,
  createAwsFetch,
  type CredentialStore,
  durableObjectStore,
  kvStore,
  nearStore,
  redisOverTcp,
  redisStore,
  SessionObject,
  type WaitUntil,
} from "../../../../runtimes/edge/mod.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/edge/stores/workers-types");

interface Bindings {
  readonly KV: KVNamespace;
  readonly SESSIONS: DurableObjectNamespace;
  readonly BUCKET: R2Bucket;
}

/** As a worker in TypeScript puts them together. */
const STORES: Readonly<Record<string, (bindings: Bindings, cache: Cache, open: () => Socket) => CredentialStore>> = {
  kv: ({ KV }) => kvStore(KV),
  object: ({ SESSIONS }) => durableObjectStore(SESSIONS),
  near: ({ KV, SESSIONS }) => nearStore(kvStore(KV), durableObjectStore(SESSIONS)),
  cache: (_, cache) => cacheStore(cache),
  redis: (_bindings, _cache, open) => redisStore(redisOverTcp({ connect: open })),
};

/** What the runtime hands to the class. */
const makeObject = (state: DurableObjectState): SessionObject => new SessionObject(state);

const waitUntilOf = (context: ExecutionContext): WaitUntil => (work) => context.waitUntil(work);

// @ts-expect-error -- a bucket is no namespace
const noStore = ({ BUCKET }: Bindings) => kvStore(BUCKET);

test("stores take the bindings that Cloudflare's types describe", () => {
  assert.equal(Object.values(STORES).map((each) => typeof each), Array(5).fill("function"));
  for (const each of [makeObject, waitUntilOf, noStore, createAwsFetch]) assert.type(each, "function");
});

test.run();
