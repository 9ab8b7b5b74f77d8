// runtimes: node20 node
import {
  CONTROL,
  type Effort,
  FEWEST_ROUNDS,
  type GroupPlan,
  measureGroup,
  roundsOf,
  rowsOf,
} from "../../bench/harness.ts";
import { assert, suite } from "../support/suite.ts";

const test = suite("bench/harness");

const PLAN: GroupPlan = {
  name: "group",
  unit: "ms",
  contenders: ["ours", "theirs"],
  comparisons: [{ name: "ours", against: "theirs", reach: { node: 2 } }],
};

const EFFORT: Effort = { rounds: 101, batchMs: 0, warmUpMs: 0 };

/** Each operation takes so long, and is counted. */
function clockOf(milliseconds: number): { (name: string, operations: number): Promise<number>; batches: number } {
  const clock = (_: string, operations: number) => {
    clock.batches++;
    return Promise.resolve(milliseconds * operations);
  };
  clock.batches = 0;
  return clock;
}

test("roundsOf() has all rounds where a ratio is promised, and a third elsewhere, but not too few", () => {
  assert.is(roundsOf(PLAN, EFFORT), 101);
  assert.is(roundsOf(PLAN, { ...EFFORT, runtime: "node" }), 101);
  assert.is(roundsOf(PLAN, { ...EFFORT, runtime: "deno" }), 34);
  assert.is(roundsOf(PLAN, { ...EFFORT, runtime: "deno", rounds: 13 }), FEWEST_ROUNDS);
  assert.is(roundsOf(PLAN, { ...EFFORT, runtime: "deno", rounds: 2 }), 2);
  assert.is(roundsOf({ ...PLAN, rounds: 21 }, EFFORT), 21);
});

test("measureGroup() runs each contender and the control once a round, after a round that does not count", async () => {
  const clock = clockOf(1);
  const { times } = await measureGroup(PLAN, clock, { ...EFFORT, rounds: 5 });
  assert.equal(Object.keys(times), ["ours", "theirs", CONTROL]);
  for (const each of Object.values(times)) assert.equal(each, [1, 1, 1, 1, 1]);
  assert.is(clock.batches, 2 + 3 * 6);
});

test("measureGroup() ends a group that takes too long, but not before it had the fewest rounds", async () => {
  const roundsIn = async (milliseconds: number, longestMs: number) =>
    (await measureGroup(PLAN, clockOf(milliseconds), { ...EFFORT, longestMs })).times["ours"]!.length;
  assert.is(await roundsIn(1, 1e6), 101);
  assert.is(await roundsIn(1, 60), 19);
  assert.is(await roundsIn(1000, 60), FEWEST_ROUNDS);
});

test("rowsOf() says how many rounds a row is of", () => {
  const times = { ours: [1, 2, 3], theirs: [1, 1, 1], [CONTROL]: [1, 2, 3] };
  const rows = rowsOf("topic", "node", { ...PLAN, times });
  assert.equal(rows.map(({ ratio, rounds, reach }) => ({ ratio, rounds, reach })), [
    { ratio: 2, rounds: 3, reach: 2 },
    { ratio: 1, rounds: 3, reach: undefined },
  ]);
});

test.run();
