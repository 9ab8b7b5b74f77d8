// runtimes: node
/**
 * The stores of Cloudflare's workers, inside a worker.
 *
 * @module
 */

import { startWorker, type Worker } from "../../../support/miniflare.ts";
import { storeCases, type StoreSubject } from "../../../support/store-conformance.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/edge/stores");

const STORES: Readonly<Record<string, readonly [symbol: string, leases: StoreSubject["leases"]]>> = {
  kv: ["kvStore", "everybody"],
  cache: ["cacheStore", "everybody"],
  objects: ["durableObjectStore", "exclusive"],
};

let worker: Worker;

test.before(async () => {
  worker = await startWorker({
    contents: `export { default, SessionObject } from "./test/runtimes/edge/stores/store-worker.ts";`,
    kvNamespaces: ["KV"],
    durableObjects: { OBJECTS: { className: "SessionObject", useSQLite: true } },
  });
});

test.after(() => worker.dispose());

for (const [path, [symbol, leases]] of Object.entries(STORES)) {
  for (const [i, { name }] of storeCases(leases).entries()) {
    test(`${symbol}(): ${name}`, async () => {
      const answer = await worker.dispatchFetch(`http://worker/${path}/${i}`);
      assert.is(await answer.text(), "passed");
    });
  }
}

test("durableObjectStore() makes one call for a thousand isolates that start at once", async () => {
  const answer = await worker.dispatchFetch("http://worker/objects/fleet/1000");
  assert.is(await answer.text(), "passed");
});

test("SessionObject refuses what no store sends", async () => {
  const answer = await worker.dispatchFetch("http://worker/objects/raw");
  assert.equal(await answer.json(), { "GET /other": 404, "PUT /": 400, "PUT /?until=1": 400, "POST /release": 204 });
});

test.run();
