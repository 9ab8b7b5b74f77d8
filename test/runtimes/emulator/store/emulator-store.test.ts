// runtimes: node20 node deno bun workerd
import { type Change, type ChangeLog, EmulatorStore } from "../../../../runtimes/emulator/store/emulator-store.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/emulator/store/emulator-store");

const set = (key: string, value: number): Change => ({ table: "settings", key, record: { value } });

/** A log whose appends end when the test says so. */
function scriptedLog(): ChangeLog & { readonly ends: ((failure?: Error) => void)[] } {
  const ends: ((failure?: Error) => void)[] = [];
  return {
    ends,
    append: () =>
      new Promise((resolve, reject) => {
        ends.push((failure) => failure === undefined ? resolve() : reject(failure));
      }),
  };
}

const values = (store: EmulatorStore) =>
  Object.fromEntries(Array.from(store.all("settings"), ([key, { value }]) => [key, value]));

test("EmulatorStore shows a change at once and acknowledges it when it is durable", async () => {
  const log = scriptedLog();
  const store = new EmulatorStore(log, [set("kept", 0)]);
  let done = false;
  const committed = store.commit([set("a", 1)]).then(() => done = true);
  assert.equal(values(store), { kept: 0, a: 1 });
  await Promise.resolve();
  assert.is(done, false);
  log.ends[0]!();
  await committed;
});

test("EmulatorStore.reading() waits for what was read to be durable", async () => {
  const log = scriptedLog();
  const store = new EmulatorStore(log);
  await store.reading()();
  const first = store.commit([set("a", 1)]);
  const settled = store.reading();
  const order: string[] = [];
  const waited = settled().then(() => order.push("read"));
  log.ends[0]!();
  await first.then(() => order.push("committed"));
  await waited;
  assert.equal(order, ["committed", "read"]);
});

test("EmulatorStore goes back to what is durable when the log fails, and takes no more changes", async () => {
  const log = scriptedLog();
  const store = new EmulatorStore(log, [set("a", 1), set("b", 2)]);
  const durable = store.commit([set("a", 3)]);
  const lost = store.commit([set("a", 4), { table: "settings", key: "b" }, set("c", 5)]);
  const later = store.commit([set("c", 6)]);
  const settled = store.reading();
  assert.equal(values(store), { a: 4, c: 6 });
  log.ends[0]!();
  await durable;
  log.ends[1]!(new Error("the disk is full"));
  log.ends[2]!(new Error("the disk is full"));
  for (const promise of [() => lost, () => later, settled, () => store.commit([set("d", 7)])]) {
    const failure = await promise().then(() => undefined, (error) => error.failure);
    assert.is(failure?.status, 503);
    assert.is(failure?.code, "ServiceUnavailable");
  }
  assert.equal(values(store), { a: 3, b: 2 });
  await store.reading()();
});

test("EmulatorStore.everything() makes the same tables", () => {
  const store = new EmulatorStore(undefined, [set("a", 1), set("b", 2), set("a", 3)]);
  assert.equal(values(new EmulatorStore(undefined, store.everything())), { a: 3, b: 2 });
});

test.run();
