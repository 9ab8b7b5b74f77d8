/**
 * `npm run fuzz [-- target …] [--seconds N] [--seed N] [--slowest]`: run.mjs bundles and starts it.
 *
 * @module
 */

import process from "node:process";
import { parseArgs } from "node:util";
import { fuzz, type FuzzTarget } from "./fuzz.ts";
import { processorMs } from "./processor-clock.ts";
import { TARGETS } from "./targets.ts";
import { watchInputs } from "./watchdog.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let seconds: number;
  let seed: number;
  let targets: readonly FuzzTarget[];
  let printSlowest: boolean;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        seconds: { type: "string", default: "10" },
        seed: { type: "string" },
        slowest: { type: "boolean", default: false },
      },
    });
    seconds = positive("--seconds", values.seconds);
    seed = values.seed === undefined ? Date.now() % 0xffff_ffff : positive("--seed", values.seed);
    targets = choose(positionals);
    printSlowest = values.slowest;
  } catch (error) {
    console.error(`Cannot fuzz: ${(error as Error).message}`);
    console.error("usage: npm run fuzz [-- TARGET …] [--seconds N (each, default 10)] [--seed N] [--slowest]");
    return 2;
  }
  console.log(`seed ${seed}, ${seconds} s each`);
  let found = 0;
  const watchdog = watchInputs();
  for (const target of targets) {
    const { inputs, accepted, refused, findings, slowest } = await fuzz(target, {
      seed,
      seconds,
      clock: processorMs,
      onInput: (input) => watchdog.watch(target.name, input),
    });
    const state = findings.length > 0 ? "FAIL" : "ok";
    console.log(
      `${state.padEnd(4)} ${target.name.padEnd(22)} ${inputs} inputs, ${accepted} accepted, ` +
        `${refused.size} error codes, ${findings.length} findings, ` +
        `${slowest.milliseconds.toFixed(1)} ms at most`,
    );
    if (printSlowest) console.log(`     slowest, input ${slowest.index}: ${slowest.input}`);
    for (const { what, index, input } of findings) console.log(`     input ${index}: ${what}\n     ${input}`);
    found += findings.length;
  }
  await watchdog.stop();
  return found > 0 ? 1 : 0;
}

function choose(names: readonly string[]): readonly FuzzTarget[] {
  const unknown = names.find((name) => !TARGETS.some((target) => target.name === name));
  if (unknown !== undefined) {
    throw new RangeError(`there is no target "${unknown}"; there are ${TARGETS.map(({ name }) => name).join(", ")}`);
  }
  return names.length === 0 ? TARGETS : TARGETS.filter(({ name }) => names.includes(name));
}

function positive(flag: string, text: string): number {
  const number = Number(text);
  if (!(number > 0) || !Number.isFinite(number)) throw new RangeError(`"${flag}" is a positive number, not "${text}"`);
  return number;
}
