/**
 * What contenders allocate, measured in a process of its own.
 *
 * A round runs a batch of each; what a batch allocated is what the heap, and memory outside of it, grew by. That is
 * right as long as nothing is collected in between: Node and Deno are started with a young generation that holds several
 * batches (`YOUNG_GENERATION`), in which a collection spoils one batch of many and the median does not see it; Bun is
 * started without its collector (`BUN_JSC_useGC=0`). Compiled code is warmed up first, as it is for times.
 *
 *     <runtime> … allocation.mjs
 *
 * @module
 */

import { memoryUsage } from "node:process";
import { CONTROL, type Group, planOf, runBatch, type Samples } from "./harness.ts";
import { RECORD } from "./inside.ts";

/** Operations of each contender before anything is measured. */
const WARM_UP = 3000;
/** Operations of a batch. */
const BATCH = 100;
/** Batches of each contender. */
const ROUNDS = 31;

/** Measures the groups and prints a record for each. */
export async function reportAllocation(groups: readonly Group[]): Promise<void> {
  for (const group of groups) console.log(RECORD + JSON.stringify(await measureAllocation(group)));
}

async function measureAllocation(group: Group): Promise<Samples> {
  const entrants = [...group.contenders, { ...group.contenders[0]!, name: CONTROL }];
  const times = Object.fromEntries(entrants.map(({ name }): [string, number[]] => [name, []]));
  for (const contender of entrants) await runBatch(contender, WARM_UP);
  for (let round = 0; round < ROUNDS; round++) {
    for (const contender of entrants) {
      const before = allocated();
      await runBatch(contender, BATCH);
      times[contender.name]!.push((allocated() - before) / BATCH);
    }
  }
  return { ...planOf(group), times };
}

function allocated(): number {
  const { heapUsed, external } = memoryUsage();
  return heapUsed + external;
}
