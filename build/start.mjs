/**
 * `npm start`: on a fresh checkout installs what a build needs, builds, and runs the demo.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { ensureBuildPackages, ROOT } from "./bootstrap.mjs";
import { build } from "./build.mjs";
import { NODE_BIN_SOURCE } from "./bundle.mjs";

ensureBuildPackages();
await build({ quick: true });

const bin = join(ROOT, "dist", "bin", "anyrole.cjs");
if (!existsSync(bin)) {
  console.error(`Cannot run the demo: ${NODE_BIN_SOURCE} does not exist`);
  process.exit(1);
}
const demo = spawnSync(process.execPath, [bin, "demo", ...process.argv.slice(2)], { stdio: "inherit" });
process.exitCode = demo.status ?? 1;
