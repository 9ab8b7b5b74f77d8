// runtimes: node20 node deno bun workerd
import { untilStopped } from "../../../../runtimes/shared/node-api/stop-signals.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/shared/node-api/stop-signals");

type Listener = (signal: string) => void;

function fakeProcess() {
  const listeners: (readonly [string, Listener])[] = [];
  return {
    count: () => listeners.length,
    send: (signal: string) => {
      for (const [name, listener] of [...listeners]) if (name === signal) listener(signal);
    },
    on: (signal: string, listener: Listener) => void listeners.push([signal, listener]),
    removeListener: (signal: string, listener: Listener) => {
      const at = listeners.findIndex((each) => each[0] === signal && each[1] === listener);
      if (at >= 0) listeners.splice(at, 1);
    },
  };
}

test("untilStopped() answers the first signal, and leaves the second to the system", async () => {
  const process = fakeProcess();
  const stopped = untilStopped(process);
  process.send("SIGTERM");
  assert.is(await stopped, "SIGTERM");
  assert.is(process.count(), 0);
});

test("untilStopped() leaves signals to the system when nobody waits any more", () => {
  const process = fakeProcess();
  const over = new AbortController();
  void untilStopped(process, over.signal);
  assert.is(process.count(), 2);
  over.abort();
  assert.is(process.count(), 0);
  void untilStopped(process, over.signal);
  assert.is(process.count(), 0);
});

test.run();
