// runtimes: node20 node
import { slopeOf, slopesOf } from "../../bench/growth.ts";
import type { Samples } from "../../bench/harness.ts";
import { assert, suite } from "../support/suite.ts";

const test = suite("bench/growth");

function samples(costs: readonly number[], each?: true): Samples {
  const sizes = Object.fromEntries(costs.map((_, step) => [`${10 ** step} entries`, 10 ** step]));
  const times = Object.fromEntries(costs.map((cost, step) => [`${10 ** step} entries`, [cost / 2, cost, cost * 2]]));
  const growth = { parameter: "entries", sizes, ...(each === undefined ? {} : { each }) };
  return { name: "lists", unit: "ops/s", contenders: Object.keys(sizes), comparisons: [], growth, times };
}

test("slopeOf() is the exponent of a power", () => {
  const sizes = [1, 10, 100, 1000];
  for (const exponent of [0, 0.5, 1, 2]) {
    const slope = slopeOf(sizes.map((size) => [size, 3 * size ** exponent]));
    assert.ok(Math.abs(slope - exponent) < 1e-9, `${slope}`);
  }
  assert.throws(() => slopeOf([[1, 1]]), /at least two points/);
});

test("slopesOf() fits the medians, and tells the last step by itself", () => {
  const [found] = slopesOf("crl", "node", samples([5, 5, 50, 500]));
  assert.is(found!.lastStep, 1);
  assert.ok(found!.slope < 1 && !found!.worse, JSON.stringify(found));
  assert.equal(found!.points, [[1, 5], [10, 5], [100, 50], [1000, 500]]);
  assert.is(found!.unit, "ms");
});

test("slopesOf() marks what is worse than linear, over all or at last", () => {
  assert.ok(slopesOf("crl", "node", samples([1, 100, 10_000]))[0]!.worse);
  assert.ok(slopesOf("crl", "node", samples([1, 1, 1, 1, 100]))[0]!.worse);
  assert.not.ok(slopesOf("crl", "node", samples([1, 10.5, 110]))[0]!.worse);
});

test("slopesOf() multiplies the time of one among many", () => {
  assert.is(slopesOf("serve", "node", samples([1, 1, 1], true))[0]!.slope, 1);
});

test("slopesOf() leaves a size of 0 out, and says nothing of a group that does not grow", () => {
  const { growth, ...still } = samples([1, 10, 100]);
  assert.equal(slopesOf("crl", "node", still), []);
  const withNone = { ...growth!, sizes: { ...growth!.sizes, "1 entries": 0 } };
  assert.is(slopesOf("crl", "node", { ...still, growth: withNone })[0]!.points.length, 2);
});

test.run();
