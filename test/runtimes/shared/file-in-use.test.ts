import { onceFree } from "../../../runtimes/shared/file-in-use.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("runtimes/shared/file-in-use");

/** An action that fails so often, and the pauses that were made for it. */
function failing(times: number, code = "EBUSY") {
  const pauses: number[] = [];
  let calls = 0;
  const outcome = onceFree(
    () => ++calls <= times ? Promise.reject(Object.assign(new Error("it is open"), { code })) : Promise.resolve("done"),
    (error) => (error as { code?: string }).code === "EBUSY",
    (milliseconds) => Promise.resolve(void pauses.push(milliseconds)),
  );
  return { outcome, pauses, calls: () => calls };
}

test("onceFree() tries until the file is free, with growing pauses", async () => {
  const { outcome, pauses } = failing(3);
  assert.is(await outcome, "done");
  assert.equal(pauses, [10, 20, 30]);
  const first = failing(0);
  assert.is(await first.outcome, "done");
  assert.equal(first.pauses, []);
});

test("onceFree() gives up after three seconds, and tells what it was told", async () => {
  const { outcome, pauses, calls } = failing(Infinity);
  await assertRejects(outcome, "EBUSY");
  assert.is(calls(), 25);
  assert.is(pauses.reduce((sum, pause) => sum + pause, 0), 3000);
});

test("onceFree() waits for nothing else", async () => {
  const { outcome, pauses } = failing(1, "ENOSPC");
  await assertRejects(outcome, "ENOSPC");
  assert.equal(pauses, []);
});

test.run();
