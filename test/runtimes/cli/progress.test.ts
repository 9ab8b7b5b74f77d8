// runtimes: node20 node deno bun workerd
import { withProgress } from "../../../runtimes/cli/progress.ts";
import type { Host } from "../../../runtimes/host.ts";
import { memoryHost } from "../../support/memory-host.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("runtimes/cli/progress");

/** A machine whose seconds pass when the test says so. */
function clockwork(isTerminal: boolean) {
  const memory = memoryHost();
  let tick = () => {};
  const host: Host = {
    ...memory,
    errorIsTerminal: () => Promise.resolve(isTerminal),
    sleep: (_, signal) =>
      new Promise((resolve, reject) => {
        tick = resolve;
        signal?.addEventListener("abort", () => reject(signal.reason));
      }),
  };
  const second = async () => {
    tick();
    for (let i = 0; i < 9; i++) await Promise.resolve();
  };
  return { host, errors: memory.errors, second };
}

test("withProgress() says on a terminal how long it takes, and takes that away in the end", async () => {
  const { host, errors, second } = clockwork(true);
  const answer = await withProgress(host, "doctor", async () => {
    await second();
    await second();
    return 7;
  });
  assert.is(answer, 7);
  assert.equal(errors, ["anyrole doctor: working, 1 s", "\r\x1b[K", "anyrole doctor: working, 2 s", "\r\x1b[K"]);
});

test("withProgress() takes the line away before anything else is written, and is silent from then on", async () => {
  const { host, errors, second } = clockwork(true);
  await withProgress(host, "doctor", async (shown) => {
    await second();
    shown.writeError("news\n");
    await second();
  });
  assert.equal(errors, ["anyrole doctor: working, 1 s", "\r\x1b[K", "news\n"]);
});

test("withProgress() says nothing of short work, without a terminal, and where nobody knows of one", async () => {
  const short = clockwork(true);
  await withProgress(short.host, "doctor", () => Promise.resolve());
  const piped = clockwork(false);
  await withProgress(piped.host, "doctor", piped.second);
  const memory = memoryHost();
  await withProgress(memory, "doctor", () => Promise.resolve());
  assert.equal([short.errors, piped.errors, memory.errors, memory.waits], [[], [], [], []]);
});

test("withProgress() takes the line away when the work fails", async () => {
  const { host, errors, second } = clockwork(true);
  const failure = new Error("x");
  const failed = await withProgress(host, "doctor", async () => {
    await second();
    throw failure;
  }).catch((error) => error);
  assert.is(failed, failure);
  assert.is(errors.at(-1), "\r\x1b[K");
});

test.run();
