// runtimes: node20 node
import { largestT, THRESHOLD, welchT } from "../../bench/welch.ts";
import { assert, suite } from "../support/suite.ts";

const test = suite("bench/welch");

test("welchT() is what a textbook says", () => {
  // Two samples with means 3 and 6, variances 2.5 and 10, five values each: -3 / sqrt(0.5 + 2).
  const t = welchT([1, 2, 3, 4, 5], [2, 4, 6, 8, 10]);
  assert.ok(Math.abs(t - -3 / Math.sqrt(2.5)) < 1e-12, String(t));
});

test("welchT() says nothing of samples that are the same", () => {
  assert.is(welchT([7, 7, 7], [7, 7, 7]), 0);
  assert.is(welchT([8, 8], [7, 7]), Infinity);
});

test("welchT() refuses a sample of one", () => {
  assert.throws(() => welchT([1], [1, 2]), /at least two values/);
});

test("largestT() finds a difference of a hundredth under interruptions, and none where there is none", () => {
  const a: number[] = [];
  const b: number[] = [];
  let state = 1;
  const random = (): number => (state = state * 48_271 % 2_147_483_647) / 2_147_483_647;
  for (let i = 0; i < 5000; i++) {
    const interruption = (): number => random() < 0.03 ? 1000 * random() : 0;
    a.push(100 + random() + interruption());
    b.push(100 + random() + interruption());
  }
  assert.ok(largestT(a, b) < THRESHOLD, String(largestT(a, b)));
  const slower = b.map((value) => value + 1);
  assert.ok(largestT(a, slower) > 10 * THRESHOLD, String(largestT(a, slower)));
});

test.run();
