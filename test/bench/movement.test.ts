// runtimes: node20 node
import type { Row } from "../../bench/harness.ts";
import { compareResults, comparisonText } from "../../bench/movement.ts";
import { assert, suite } from "../support/suite.ts";

const test = suite("bench/movement");

function row(ratio: number, change: Partial<Row> = {}): Row {
  const rest = { topic: "sign", name: "group: ours", runtime: "node", median: 1000, against: "theirs" };
  return { ...rest, unit: "ops/s", ratio, spread: 0.1, rounds: 31, ...change };
}

function directions(before: readonly Row[], after: readonly Row[]): string[] {
  return compareResults(before, after).movements.map(({ direction }) => direction);
}

test("compareResults() calls still what is within the spreads of both", () => {
  assert.equal(directions([row(2)], [row(2.19)]), ["still"]);
  assert.equal(directions([row(2)], [row(1.81)]), ["still"]);
});

test("compareResults() looks at ratios, whatever the machine does", () => {
  assert.equal(directions([row(2)], [row(2, { median: 10 })]), ["still"]);
});

test("compareResults() tells the better from the worse by the unit", () => {
  assert.equal(directions([row(2)], [row(2.3)]), ["better"]);
  assert.equal(directions([row(2)], [row(1.7)]), ["worse"]);
  for (const unit of ["ms", "MB", "B"] as const) {
    assert.equal(directions([row(2, { unit })], [row(2.3, { unit })]), ["worse"]);
    assert.equal(directions([row(2, { unit })], [row(1.7, { unit })]), ["better"]);
  }
});

test("compareResults() takes a twentieth for noise, however small the spreads", () => {
  const narrow = { spread: 0.001 };
  assert.equal(directions([row(100, narrow)], [row(104.9, narrow)]), ["still"]);
  assert.equal(directions([row(100, narrow)], [row(105.2, narrow)]), ["better"]);
});

test("compareResults() takes for noise what the controls of the group show", () => {
  const control = (ratio: number): Row => row(ratio, { name: "group: control", against: "ours" });
  const of = (ratio: number): string[] => directions([row(2), control(1)], [row(2.5), control(ratio)]);
  assert.equal(of(1), ["better"]);
  assert.equal(of(1.3), ["still"]);
  const elsewhere = row(1.3, { name: "other group: control" });
  assert.equal(directions([row(2)], [row(2.5), elsewhere]), ["better"]);
});

test("compareResults() names rows that are new or gone, and leaves alone what was not measured again", () => {
  const gone = row(1, { name: "group: gone" });
  const elsewhere = row(1, { runtime: "bun" });
  const added = row(1, { name: "group: new" });
  const found = compareResults([row(2), gone, elsewhere], [row(2), added]);
  assert.equal(found.gone, [gone]);
  assert.equal(found.added, [added]);
});

test("comparisonText() tells the worse first, the furthest first, and how many stood still", () => {
  const names = ["a", "b", "c", "d"].map((name) => ({ name: `group: ${name}` }));
  const before = names.map((name) => row(2, name));
  const after = [row(2, names[0]), row(3, names[1]), row(1.5, names[2]), row(1, names[3])];
  assert.is(
    comparisonText(compareResults(before, after)),
    [
      "worse: sign, node: group: d over theirs: 2 before, 1 now; noise 0.2",
      "worse: sign, node: group: c over theirs: 2 before, 1.5 now; noise 0.2",
      "better: sign, node: group: b over theirs: 2 before, 3 now; noise 0.2",
      "3 of 4 ratios moved beyond the noise, 1 did not",
    ].join("\n"),
  );
});

test.run();
