/**
 * Topic `store` in workerd, the part that needs miniflare: prints the samples. For Node 22 and later.
 *
 * @module
 */

import { startWorker } from "../test/support/miniflare.ts";
import { type GroupPlan, measureGroup } from "./harness.ts";
import { RECORD } from "./inside.ts";

/** Of requests of tens of milliseconds. */
const EFFORT = { batchMs: 30, warmUpMs: 200 };

/** Measures every group. */
export async function measureEdgeStores(rounds: number): Promise<void> {
  const worker = await startWorker({
    contents: `export { default, SessionObject } from "./bench/store-worker.ts";`,
    kvNamespaces: ["KV"],
    durableObjects: { OBJECTS: { className: "SessionObject", useSQLite: true } },
  });
  const ask = async (path: string): Promise<string> => {
    const answer = await worker.dispatchFetch(`http://store${path}`);
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(text);
    return text;
  };
  try {
    for (const plan of JSON.parse(await ask("/plan")) as GroupPlan[]) {
      const samples = await measureGroup(plan, async (contender, operations) => {
        const batch = (count: number) =>
          ask(`/run?${new URLSearchParams({ group: plan.name, contender, operations: String(count) })}`);
        const start = performance.now();
        await batch(0);
        const middle = performance.now();
        await batch(operations);
        return Math.max(performance.now() - middle - (middle - start), 0.001);
      }, { ...EFFORT, rounds });
      console.log(RECORD + JSON.stringify(samples));
    }
  } finally {
    await worker.dispose();
  }
}
