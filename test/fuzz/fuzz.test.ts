// runtimes: node
import { BaseError } from "../../core/base-error.ts";
import { assert, assertNone, suite } from "../support/suite.ts";
import { fuzz, type FuzzTarget } from "./fuzz.ts";
import { Dice, mutate } from "./mutate.ts";
import { processorMs } from "./processor-clock.ts";
import { TARGETS } from "./targets.ts";

const test = suite("test/fuzz");

/** Every run starts here; `npm run fuzz` starts elsewhere each time. */
const SEED = 20260601;

class Refusal extends BaseError<"ERR_REFUSED"> {}

/** A clock that a target moves, and that runs out after a few readings otherwise. */
function virtualClock() {
  let now = 0;
  return { read: () => now += 0.25, pass: (milliseconds: number) => now += milliseconds };
}

async function findingsOf(run: FuzzTarget["run"], clock = virtualClock()): Promise<readonly string[]> {
  const target = { name: "t", material: () => ({ seeds: [Uint8Array.of(1, 2, 3)], tokens: [] }), run };
  const { findings } = await fuzz(target, { seed: 1, seconds: 0.02, clock: clock.read });
  return findings.map(({ what }) => what);
}

test("mutate() makes the same sequence of the same seed", () => {
  const material = { seeds: [Uint8Array.of(0x30, 3, 2, 1, 5)], tokens: [Uint8Array.of(5, 0)] };
  const sequence = (seed: number): string => {
    const dice = new Dice(seed, "x");
    return Array.from({ length: 50 }, () => mutate(material, dice).join()).join("\n");
  };
  assert.is(sequence(7), sequence(7));
  assert.is.not(sequence(7), sequence(8));
});

test("fuzz() is content with values and coded errors", async () => {
  const findings = await findingsOf((input) => {
    if (input.length % 2 === 0) throw new Refusal("ERR_REFUSED", "no");
  });
  assert.equal(findings, []);
});

test("fuzz() finds errors without a code, also those of promises", async () => {
  const findings = await findingsOf((input) => input.length > 3 ? Promise.reject(new RangeError("deep")) : undefined);
  assert.is(findings.length, 1);
  assert.match(findings[0]!, /not a coded error: RangeError: deep/);
});

test("fuzz() finds parsers that write into their input", async () => {
  const findings = await findingsOf((input) => void (input[0] = 99));
  assert.equal(findings, ["the input was written to"]);
});

test("fuzz() finds parsers that take too long", async () => {
  const clock = virtualClock();
  const findings = await findingsOf(() => void clock.pass(150), clock);
  assert.match(findings[0]!, /^150 ms for 3 octets, 100 are allowed$/);
});

test("fuzz() names the input that took longest", async () => {
  const clock = virtualClock();
  const run = (input: Uint8Array) => void clock.pass(input.length === 3 ? 60 : 1);
  const target = { name: "t", material: () => ({ seeds: [Uint8Array.of(1, 2, 3)], tokens: [] }), run };
  const { slowest } = await fuzz(target, { seed: 1, seconds: 1, clock: clock.read });
  assert.is(slowest.index, 0);
  assert.is(slowest.input, "AQID");
  assert.ok(slowest.milliseconds >= 60);
});

for (const target of TARGETS) {
  test(`${target.name} answers every input with a value or a coded error`, async () => {
    const { inputs, findings } = await fuzz(target, { seed: SEED, seconds: 2, clock: processorMs });
    assertNone(findings.map(({ what, index, input }) => `input ${index}: ${what}\n${input}`));
    assert.ok(inputs > 50, `only ${inputs} inputs`);
  });
}

test.run();
