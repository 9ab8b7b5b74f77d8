import { EcdsaArithmetic } from "../../core/crypto/portable/ecdsa.ts";
import { portableProvider } from "../../core/crypto/portable/mod.ts";
import { portableSha256 } from "../../core/crypto/sha256.ts";
import { assert, suite } from "../support/suite.ts";
import { type ConformanceSuite, SkipCase, type Verdict } from "./conformance-suite.ts";
import { type ConformanceHost, runConformance, SENTINEL } from "./inside.ts";
import type { ConformancePlan } from "./plan.ts";
import { type Exceptions, scoreSuite } from "./score.ts";
import { compare, fail, PASS, skip } from "./verdict.ts";

const test = suite("test/conformance/score");

const CONTEXT = {
  provider: "portable",
  crypto: portableProvider(),
  sha256: portableSha256,
  ecdsa: new EcdsaArithmetic(),
  clock: undefined,
  thorough: false,
} as const;

/** A suite whose cases are named by how they end. */
function suiteOf(...cases: readonly (readonly [id: string, run: () => Verdict, kind?: string])[]): ConformanceSuite {
  return { name: "x", cases: () => cases.map(([id, run, kind = "k"]) => ({ id, kind, run })) };
}

function score(of: ConformanceSuite, exceptions: Exceptions = {}, stride = 1) {
  return scoreSuite(of, new Map(), { runtime: "node", context: CONTEXT, stride }, exceptions);
}

test("scoreSuite() counts how cases end, and what they throw is a failure", async () => {
  const result = await score(suiteOf(
    ["good", () => PASS],
    ["bad", () => fail("because")],
    ["none", () => skip("not here")],
    ["late", () => {
      throw new SkipCase("not here");
    }],
    ["broken", () => {
      throw new TypeError("oops");
    }],
  ));
  assert.is(`${result.passed} ${result.failed} ${result.skipped} ${result.excepted}`, "1 2 2 0");
  assert.equal(result.failures, ["bad", "broken"]);
  assert.equal(result.details, [["bad", "because"], ["broken", "threw TypeError: oops"]]);
  assert.equal(result.notes, ["skipped: not here (2)"]);
});

test("scoreSuite() takes an expected failure as excepted, and an unexpected success as a failure", async () => {
  const both = suiteOf(["good", () => PASS], ["bad", () => fail("because")]);
  const result = await score(both, { good: { reason: "it was wrong" }, bad: { reason: "known" } });
  assert.is(`${result.passed} ${result.failed} ${result.excepted}`, "0 1 1");
  assert.match(result.details[0]![1], /unexpected success.*it was wrong/);
});

test("scoreSuite() holds an exception for its runtime and provider alone", async () => {
  const bad = suiteOf(["bad", () => fail("because")]);
  for (
    const [exception, excepted] of [
      [{ runtime: "node", reason: "r" }, 1],
      [{ runtime: "deno", reason: "r" }, 0],
      [{ provider: "portable", reason: "r" }, 1],
      [{ runtime: "node", provider: "native", reason: "r" }, 0],
      [[{ runtime: "deno", reason: "r" }, { runtime: "node", reason: "r" }], 1],
    ] as const
  ) {
    const result = await score(bad, { bad: exception });
    assert.is(result.excepted, excepted);
    assert.is(result.failed, 1 - excepted);
  }
});

test("scoreSuite() tells cases of the same id apart", async () => {
  const result = await score(suiteOf(["a", () => fail("x")], ["a", () => fail("y")]));
  assert.equal(result.failures, ["a", "a (case 2)"]);
});

test("scoreSuite() fails a suite without a case, and one that cannot be read", async () => {
  assert.is((await score(suiteOf())).failed, 1);
  const unreadable: ConformanceSuite = {
    name: "x",
    cases: () => {
      throw new TypeError("no list");
    },
  };
  assert.match((await score(unreadable)).details[0]![1], /cannot be read: TypeError: no list/);
});

test("scoreSuite() samples each kind, its first case among the sample", async () => {
  const ran: string[] = [];
  const many = suiteOf(
    ...["a", "b"].flatMap((kind) =>
      [0, 1, 2, 3, 4].map((i) => [`${kind}${i}`, () => (ran.push(`${kind}${i}`), PASS), kind] as const)
    ),
  );
  const result = await score(many, {}, 3);
  assert.equal(ran, ["a0", "a3", "b0", "b3"]);
  assert.is(result.passed, 4);
  assert.match(result.notes[0]!, /every 3th case of each kind, 10 cases in all/);
});

test("compare() shows where two texts part", () => {
  assert.equal(compare(["name", "abc", "abc"]), PASS);
  const verdict = compare(["first", "same", "same"], ["text", "abcdef", "abcxef"]);
  assert.equal(verdict, fail(`text differs at 3: "abcdef", expected "abcxef"`));
  assert.is(compare(["text", "abc", "abcd"]).outcome, "fail");
});

/** Runs a plan over folders whose files are empty lists. */
async function run(plan: Partial<ConformancePlan>, host: Partial<ConformanceHost> = {}) {
  const lines: string[] = [];
  const failed = await runConformance(
    { json: true, stride: 1, maxIterations: 1, provider: "portable", folders: [], tellsOfOthers: true, ...plan },
    {
      runtime: "node",
      readText: () => Promise.resolve(`{"cases":[]}`),
      readOctets: () => Promise.resolve(new Uint8Array()),
      print: (line) => lines.push(line),
      printAside: () => {},
      ...host,
    },
  );
  const end = lines.pop()!;
  assert.ok(end.startsWith(SENTINEL));
  return { failed, lines };
}

test("runConformance() reports folders that nothing is run for, once, and fails none of them", async () => {
  const folders = ["mystery", "riddle"].map((suite) => ({ suite, path: suite, files: ["cases.json"] }));
  const { failed, lines } = await run({ folders });
  assert.is(failed, 0);
  const results = lines.map((line) => JSON.parse(line));
  assert.equal(results.map(({ suite, notes }) => [suite, notes]), [
    ["mystery", ["unknown suite"]],
    ["riddle", ["unknown suite"]],
  ]);
  assert.equal((await run({ folders, tellsOfOthers: false })).lines, []);
});

test("runConformance() fails a known suite whose folder is empty", async () => {
  const { failed, lines } = await run({ folders: [{ suite: "keys", path: "keys", files: [] }] });
  assert.is(failed, 1);
  const { suite, runtime, provider, passed, failures } = JSON.parse(lines[0]!);
  assert.equal({ suite, runtime, provider, passed, failures }, {
    ...{ suite: "keys", runtime: "node", provider: "portable", passed: 0, failures: ["keys"] },
  });
});

test("runConformance() says that a runtime lacks a provider", async () => {
  const folders = [{ suite: "keys", path: "keys", files: ["cases.json"] }];
  const { failed, lines } = await run({ folders, provider: "native" });
  assert.is(failed, 0);
  assert.equal(JSON.parse(lines[0]!).notes, ["node has no native provider"]);
});

test.run();
