/**
 * Formats the sources, all of them or the given paths: `npm run format -- core/der`.
 */
import { spawnSync } from "node:child_process";
import process from "node:process";
import { ROOT } from "./bootstrap.mjs";
import { locateRuntime } from "../test/run/runtimes.mjs";

const deno = locateRuntime("deno");
if (deno.missing !== undefined) {
  console.error(`Cannot format: ${deno.missing}`);
  process.exit(1);
}
const result = spawnSync(deno.program, ["fmt", ...process.argv.slice(2)], { cwd: ROOT, stdio: "inherit" });
process.exitCode = result.status ?? 1;
