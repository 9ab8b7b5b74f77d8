/**
 * Measures groups inside the runtime that this runs in.
 *
 * @module
 */

import { type Effort, type Group, inProcessClock, measureGroup, planOf, type Samples } from "./harness.ts";

/** Marks the lines of a child process that `bench/run.mjs` reads. */
export const RECORD = "@@ ";

/** Measures one group after the other. */
export async function measureAll(groups: readonly Group[], effort: Effort): Promise<Samples[]> {
  const all: Samples[] = [];
  for (const group of groups) {
    all.push(await measureGroup(planOf(group), inProcessClock(group, () => performance.now()), effort));
  }
  return all;
}

/** Measures and prints a record for each group. */
export async function report(groups: readonly Group[], effort: Effort): Promise<void> {
  for (const samples of await measureAll(groups, effort)) console.log(RECORD + JSON.stringify(samples));
}
