// runtimes: node20 node deno bun workerd
import { type CredentialStore, nearStore, redisStore } from "../../../../runtimes/edge/mod.ts";
import { idle, VirtualClock } from "../../../core/session/virtual-clock.ts";
import { memoryStore, waitingStore } from "../../../core/credentials/memory-store.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/edge/stores/near-store");

const NAME = "ab".repeat(32);
const TIMES = { lifeMs: 10_000, waitMs: 1000 };

/** An entry as readers of its facts see it; it is never opened here. */
function entry(mark: string): Uint8Array<ArrayBuffer> {
  const facts = {
    version: 1,
    subject: { mark },
    obtainedAt: "2026-06-01T12:00:00Z",
    expiration: "2026-06-01T13:00:00Z",
  };
  return new TextEncoder().encode(`${JSON.stringify(facts)}\n${mark.repeat(40)}`) as Uint8Array<ArrayBuffer>;
}

function stores() {
  const clock = new VirtualClock(0);
  const near = memoryStore(clock.now);
  const far = waitingStore(memoryStore(clock.now), clock);
  return { near, far, store: nearStore(near, far) };
}

test("nearStore() puts into both, and asks the near one first", async () => {
  const { near, far, store } = stores();
  await store.put(NAME, entry("1"), 1);
  assert.equal([near.entries.size, far.entries.size], [1, 1]);
  far.entries.clear();
  assert.equal(await store.get(NAME), entry("1"));
  assert.equal(await store.turn(NAME, TIMES), { entry: entry("1") });
});

test("nearStore() asks the far one for what the near one lacks, and keeps it near", async () => {
  const { near, far, store } = stores();
  far.entries.set(NAME, entry("1"));
  assert.equal(await store.get(NAME), entry("1"));
  assert.equal(await store.turn(NAME, TIMES), { entry: entry("1") });
  assert.equal(near.entries.get(NAME), entry("1"));
});

test("nearStore() asks the far one when what the near one has is refused", async () => {
  const { near, far, store } = stores();
  near.entries.set(NAME, entry("1"));
  far.entries.set(NAME, entry("2"));
  assert.equal(await store.turn(NAME, { ...TIMES, refused: entry("1") }), { entry: entry("2") });
  assert.equal(near.entries.get(NAME), entry("2"));
  const turn = await store.turn(NAME, { ...TIMES, refused: entry("2") });
  assert.ok(turn !== undefined && "lease" in turn);
});

test("nearStore() keeps nothing near that says no end", async () => {
  const { near, far, store } = stores();
  far.entries.set(NAME, new Uint8Array(30));
  assert.equal(await store.turn(NAME, TIMES), { entry: new Uint8Array(30) });
  assert.is(near.entries.size, 0);
});

test("nearStore() goes on without a near store that is down, and tells", async () => {
  const { far } = stores();
  const failures: string[] = [];
  const down = () => Promise.reject(new Error("down"));
  const dead: CredentialStore = { get: down, put: down, lease: down };
  const store = nearStore(dead, far, (error) => void failures.push((error as Error).message));
  const turn = await store.turn(NAME, TIMES);
  assert.ok(turn !== undefined && "lease" in turn);
  await store.put(NAME, entry("1"), 1);
  await idle();
  assert.equal(await store.get(NAME), entry("1"));
  assert.equal(await store.turn(NAME, TIMES), { entry: entry("1") });
  assert.equal(failures, ["down", "down", "down", "down", "down"]);
});

test("nearStore() waits half a second for a near store that is silent, and asks the far one", async () => {
  const { far } = stores();
  const clock = new VirtualClock(0);
  const failures: unknown[] = [];
  const silent: CredentialStore = {
    get: () => new Promise<never>(() => {}),
    put: () => new Promise<never>(() => {}),
    lease: () => undefined,
  };
  const store = nearStore(silent, far, (error) => void failures.push((error as { code?: unknown }).code), clock.sleep);
  await clock.run(Promise.resolve(store.put(NAME, entry("1"), 1)));
  assert.equal(await clock.run(Promise.resolve(store.get(NAME))), entry("1"));
  assert.equal(await clock.run(Promise.resolve(store.turn(NAME, TIMES))), { entry: entry("1") });
  assert.is(clock.time, 4 * 500);
  assert.equal(failures, Array(4).fill("ERR_STORE_TIMEOUT"));
});

test("nearStore() survives a listener that throws or rejects", async () => {
  const { far } = stores();
  far.entries.set(NAME, entry("1"));
  const down = () => {
    throw new Error("down");
  };
  for (const listener of [down, () => Promise.reject(new Error("listener"))]) {
    const store = nearStore({ get: down, put: down, lease: down }, far, listener);
    assert.equal(await store.get(NAME), entry("1"));
  }
});

test("nearStore() refuses a far store that cannot wait", () => {
  const { near } = stores();
  assert.throws(() => nearStore(near, redisStore(() => null)), /must be one that waits/);
});

test.run();
