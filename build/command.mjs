/**
 * Runs one of the project's commands after installing what it needs:
 *
 *     node build/command.mjs conformance --suite pkits
 *
 * Each command is a plain ES module that Node 20 runs as it is; it may import `build/` and `test/run/`.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { ensureTestPackages, ROOT } from "./bootstrap.mjs";

const COMMANDS = {
  test: "test/run/run.mjs",
  conformance: "test/conformance/run.mjs",
  interop: "test/interop/run.mjs",
  fuzz: "test/fuzz/run.mjs",
  format: "build/format.mjs",
  bench: "bench/run.mjs",
  size: "bench/size/run.mjs",
  wasm: "runtimes/wasm/build.mjs",
  binaries: "build/binaries.mjs",
  // Declarations need TypeScript, and a package without them must not be published.
  prepack: "build/build.mjs",
};

const [name, ...args] = process.argv.slice(2);
const script = COMMANDS[name];
if (script === undefined) {
  console.error(`Cannot run "${name}": the commands are ${Object.keys(COMMANDS).join(", ")}`);
  process.exit(2);
}
if (!existsSync(join(ROOT, script))) {
  console.error(`Cannot run "${name}": ${script} does not exist`);
  process.exit(1);
}
ensureTestPackages();
const result = spawnSync(process.execPath, [join(ROOT, script), ...args], { cwd: ROOT, stdio: "inherit" });
process.exitCode = result.status ?? 1;
