// runtimes: node20 node deno bun workerd
import { decodeLatin1 } from "../../../core/bytes/text.ts";
import { DESERTED_AFTER_MS, lockFile } from "../../../runtimes/shared/file-lock.ts";
import { memoryHost } from "../../support/memory-host.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("runtimes/shared/file-lock");

const LOCK = "/f.lock";

test("lockFile() gives a lock to one at a time, and to each in turn", async () => {
  const host = memoryHost();
  const files = await host.durableFiles();
  let inside = 0;
  let most = 0;
  let turns = 0;
  await Promise.all(Array.from({ length: 20 }, async () => {
    const lock = await lockFile(host, files, "/f");
    most = Math.max(most, ++inside);
    turns++;
    await Promise.resolve();
    assert.ok(lock.isHeld());
    inside--;
    await lock.release();
    assert.not.ok(lock.isHeld());
  }));
  assert.equal([most, turns], [1, 20]);
  assert.equal(host.paths(), []);
});

test("lockFile() takes a lock over that nobody gives back, after looking at it long enough", async () => {
  for (const left of ["0".repeat(32), "", "something else"]) {
    const host = memoryHost({ files: { [LOCK]: left } });
    const lock = await lockFile(host, await host.durableFiles(), "/f");
    assert.is(lock.deserted, left);
    assert.ok(lock.isHeld());
    const waited = host.waits.reduce((sum, wait) => sum + wait, 0);
    assert.ok(waited >= DESERTED_AFTER_MS && waited < DESERTED_AFTER_MS + 1000, String(waited));
    assert.ok(host.waits.every((wait) => wait >= 20 && wait <= 300));
    await lock.release();
    assert.equal(host.paths(), []);
  }
});

test("lockFile() lets one of many take a deserted lock over, and the others come after it", async () => {
  const host = memoryHost({ files: { [LOCK]: "0".repeat(32) } });
  const files = await host.durableFiles();
  let inside = 0;
  const deserted = await Promise.all(Array.from({ length: 20 }, async () => {
    const lock = await lockFile(host, files, "/f");
    assert.is(++inside, 1);
    await Promise.resolve();
    inside--;
    await lock.release();
    return lock.deserted;
  }));
  assert.is(deserted.filter((token) => token !== undefined).length, 1);
  assert.equal(host.paths(), []);
});

test("lockFile() takes over although another died while taking over", async () => {
  const host = memoryHost({ files: { [LOCK]: "0".repeat(32), [`${LOCK}.lock`]: "1".repeat(32) } });
  const lock = await lockFile(host, await host.durableFiles(), "/f");
  assert.ok(lock.isHeld());
  await lock.release();
  assert.equal(host.paths(), []);
});

test("lockFile() waits as long as others take turns, however long each clock says it was", async () => {
  let looks = 0;
  const host = memoryHost({
    files: { [LOCK]: "a" },
    onSleep: () => host.write(LOCK, ++looks < 500 ? `owner ${Math.floor(looks / 10)}` : undefined),
  });
  // The wall clock leaps: a suspended machine.
  const leaping = { ...host, now: () => host.now() + looks * 3_600_000 };
  const lock = await lockFile(leaping, await host.durableFiles(), "/f");
  assert.is(lock.deserted, undefined);
  assert.is(looks, 500);
});

test("lockFile() stops waiting when it is told to", async () => {
  const host = memoryHost({ files: { [LOCK]: "a" } });
  const stop = new AbortController();
  const reason = new Error("stopped");
  const stopped = { ...host, sleep: () => (stop.abort(reason), Promise.reject(stop.signal.reason)) };
  await lockFile(stopped, await host.durableFiles(), "/f", stop.signal)
    .then(() => assert.unreachable(), (error) => assert.is(error, reason));
  assert.is(decodeLatin1(host.readFile(LOCK, 10)), "a");
});

test("release() leaves a lock that somebody took over", async () => {
  const host = memoryHost();
  const lock = await lockFile(host, await host.durableFiles(), "/f");
  host.write(LOCK, "another");
  assert.not.ok(lock.isHeld());
  await lock.release();
  assert.equal(host.paths(), [LOCK]);
});

test.run();
