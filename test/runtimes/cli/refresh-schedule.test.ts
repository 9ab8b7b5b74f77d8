// runtimes: node20 node deno bun workerd
import * as fc from "fast-check";
import {
  MAX_PAUSE_MS,
  MIN_INTERVAL_MS,
  pauseAfter,
  REFRESH_BEFORE_MS,
  refreshTime,
  waitUntil,
} from "../../../runtimes/cli/refresh-schedule.ts";
import { assert, suite } from "../../support/suite.ts";
import { testRandom } from "../../support/test-authority.ts";

const test = suite("runtimes/cli/refresh-schedule");

test("refreshTime() is five minutes before the end, or the middle of a short life", () => {
  const cases = [
    [43_200_000, 42_900_000],
    [3_600_000, 3_300_000],
    [900_000, 600_000],
    [600_000, 300_000],
    [599_998, 299_999],
    [30_000, 15_000],
    [20_000, MIN_INTERVAL_MS],
    [1, MIN_INTERVAL_MS],
    [0, MIN_INTERVAL_MS],
    [-3_600_000, MIN_INTERVAL_MS],
  ] as const;
  for (const [life, after] of cases) {
    assert.is(refreshTime(7_000_000 + life, 7_000_000), 7_000_000 + after, String(life));
  }
});

test("refreshTime() comes before the end whenever there is time, and never at once", () => {
  fc.assert(fc.property(fc.integer({ min: -1_000_000, max: 50_000_000 }), (life) => {
    const after = refreshTime(life, 0);
    assert.ok(after >= MIN_INTERVAL_MS);
    if (life > 2 * MIN_INTERVAL_MS) assert.ok(after < life && after >= life - Math.max(REFRESH_BEFORE_MS, life / 2));
  }));
});

test("pauseAfter() grows to a minute, with jitter", () => {
  const random = testRandom("pauses");
  for (
    const [failures, longest] of [[1, 1000], [2, 2000], [5, 16_000], [7, MAX_PAUSE_MS], [2000, MAX_PAUSE_MS]] as const
  ) {
    const pauses = Array.from({ length: 50 }, () => pauseAfter(failures, random));
    assert.ok(pauses.every((pause) => pause >= longest / 2 && pause < longest));
    assert.ok(new Set(pauses).size > 40);
  }
});

/** A clock that goes on by itself as far as each sleep says. */
function clock(advance: (milliseconds: number, sleeps: number) => number) {
  let time = 1_000_000;
  const sleeps: number[] = [];
  return {
    sleeps,
    now: () => time,
    sleep: async (milliseconds: number) => {
      sleeps.push(milliseconds);
      time += advance(milliseconds, sleeps.length);
    },
  };
}

const NEVER = new AbortController().signal;

test("waitUntil() waits in short steps for as long as it is", async () => {
  const steady = clock((milliseconds) => milliseconds);
  await waitUntil(steady, 1_050_000, NEVER);
  assert.equal(steady.sleeps, [20_000, 20_000, 10_000]);
  await waitUntil(steady, 1_000_000, NEVER);
  assert.is(steady.sleeps.length, 3);
});

test("waitUntil() ends with the suspension that was longer", async () => {
  const suspended = clock((milliseconds, sleeps) => sleeps === 2 ? 3_600_000 : milliseconds);
  await waitUntil(suspended, 2_000_000, NEVER);
  assert.is(suspended.sleeps.length, 2);
});

test("waitUntil() does not wait longer because the clock was set back, or stands", async () => {
  for (const advance of [() => -3_600_000, () => 0]) {
    const back = clock(advance);
    await waitUntil(back, 1_050_000, NEVER);
    assert.equal(back.sleeps, [20_000, 20_000, 10_000]);
  }
});

test("waitUntil() ends with the signal's reason", async () => {
  const reason = new Error("stopped");
  const sleep = () => Promise.reject(reason);
  await waitUntil({ now: () => 0, sleep }, 1, NEVER)
    .then(() => assert.unreachable(), (error) => assert.is(error, reason));
});

test.run();
