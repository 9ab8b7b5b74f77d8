import { throwIfAborted, withinTime } from "../../../core/session/time-limit.ts";
import type { Abort } from "../../../core/ports.ts";
import { assert, suite } from "../../support/suite.ts";
import { idle, VirtualClock } from "./virtual-clock.ts";

const test = suite("core/session/time-limit");

const expired = () => new Error("expired");
const rejection = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => "resolved", (error) => error);

test("withinTime() answers what the work answers and aborts its signal afterwards", async () => {
  const clock = new VirtualClock(0);
  let given: Abort | undefined;
  const work = (signal: Abort) => {
    given = signal;
    assert.not.ok(signal.aborted);
    return Promise.resolve(7);
  };
  assert.is(
    await withinTime(work, { limitMs: 10, expired, sleep: clock.sleep, signal: undefined, signalFor: "fetch" }),
    7,
  );
  assert.ok(given!.aborted);
  assert.is(clock.pending, 0);
});

test("withinTime() rejects with the timer's error and takes its listener away from the caller's signal", async () => {
  const clock = new VirtualClock(0);
  const listeners = new Set<() => void>();
  const signal: Abort = {
    aborted: false,
    addEventListener: (_, listener) => void listeners.add(listener),
    removeEventListener: (_, listener) => void listeners.delete(listener),
  };
  const outcome = rejection(
    withinTime(() => new Promise(() => {}), { limitMs: 10, expired, sleep: clock.sleep, signal, signalFor: "fetch" }),
  );
  assert.is(listeners.size, 1);
  assert.is(String(await clock.run(outcome)), "Error: expired");
  assert.is(listeners.size, 0);
});

test("withinTime() passes on a failure of the timer itself", async () => {
  const sleep = () => Promise.reject(new Error("no timers here"));
  const outcome = rejection(
    withinTime(() => new Promise(() => {}), { limitMs: 10, expired, sleep, signal: undefined, signalFor: "fetch" }),
  );
  assert.is(String(await outcome), "Error: no timers here");
});

test("withinTime() works where there is no AbortController", async () => {
  const platform = globalThis.AbortController;
  Object.assign(globalThis, { AbortController: undefined });
  try {
    const clock = new VirtualClock(0);
    let heard = 0;
    const work = (signal: Abort) => {
      signal.addEventListener("abort", () => heard++);
      const never = () => heard += 100;
      signal.addEventListener("abort", never);
      signal.removeEventListener("abort", never);
      return new Promise(() => {});
    };
    const outcome = rejection(
      withinTime(work, { limitMs: 10, expired, sleep: clock.sleep, signal: undefined, signalFor: "fetch" }),
    );
    assert.is(String(await clock.run(outcome)), "Error: expired");
    assert.is(heard, 1);
    await withinTime(() => Promise.resolve(), {
      limitMs: 10,
      expired,
      sleep: clock.sleep,
      signal: undefined,
      signalFor: "fetch",
    });
    await idle();
    assert.is(clock.pending, 0);
  } finally {
    Object.assign(globalThis, { AbortController: platform });
  }
});

test("throwIfAborted() throws the reason and nothing otherwise", () => {
  throwIfAborted(undefined);
  throwIfAborted(new AbortController().signal);
  const controller = new AbortController();
  controller.abort(new Error("stop"));
  assert.throws(() => throwIfAborted(controller.signal), /stop/);
});

test.run();
