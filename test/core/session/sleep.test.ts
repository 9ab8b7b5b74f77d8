import { sleep } from "../../../core/session/sleep.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("core/session/sleep");

const STOP = Object.assign(new Error("stop"), { code: "STOP" });

test("sleep() resolves when the time is over, and takes its listener away", async () => {
  let listeners = 0;
  const signal = { aborted: false, addEventListener: () => listeners++, removeEventListener: () => listeners-- };
  await sleep(0, signal as never);
  await sleep(0);
  assert.is(listeners, 0);
});

test("sleep() rejects with the signal's reason before and while it waits", async () => {
  const controller = new AbortController();
  const waiting = assertRejects(sleep(3_600_000, controller.signal), "STOP");
  controller.abort(STOP);
  await waiting;
  await assertRejects(sleep(3_600_000, controller.signal), "STOP");
});

test.run();
