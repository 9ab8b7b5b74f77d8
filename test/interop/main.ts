/**
 * What `npm run interop` does, inside Node: every item in order, and the totals.
 *
 *     run.mjs [--only TEXT]     the items whose names hold the text
 *
 * @module
 */

import process from "node:process";
import { interopContext, interopItems, Missing } from "./interop.ts";

const at = process.argv.indexOf("--only");
const only = at < 0 ? "" : process.argv[at + 1] ?? "";
const counts = { passed: 0, failed: 0, skipped: 0 };
const context = await interopContext();
try {
  for (const { name, run } of interopItems(context)) {
    if (!name.includes(only)) continue;
    try {
      await run();
      counts.passed++;
      console.log(`passed   ${name}`);
    } catch (error) {
      const message = withCauses(error);
      const outcome = error instanceof Missing ? "skipped" : "failed";
      counts[outcome]++;
      console.log(`${outcome.padEnd(8)} ${name}: ${message.trim().replaceAll(/\s*\n\s*/g, " | ")}`);
    }
  }
} finally {
  await context.close();
}
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;

/** What an error says, and what each error behind it says: "fetch failed" alone tells nobody why. */
function withCauses(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${withCauses(error.cause)}`;
}
