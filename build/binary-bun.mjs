/**
 * One program of Bun and our modules, with their bytecode.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { locateRuntime } from "../test/run/runtimes.mjs";

/** Writes the program of `bin.js` among the modules into `outdir`; answers its name and its runtime. */
export function compileForBun(modules, outdir, version, target, runtime) {
  const bun = locateRuntime("bun");
  if (bun.missing !== undefined) throw new Error(bun.missing);
  const name = `anyrole-${version}-${target}`;
  const result = spawnSync(bun.program, [
    "build",
    "bin.js",
    "--compile",
    "--bytecode",
    "--minify",
    "--format=esm",
    "--splitting",
    `--target=${runtime.name.replace("@oven/", "")}`,
    `--compile-executable-path=${runtime.program}`,
    // A file that happens to lie in the working directory has no say.
    "--no-compile-autoload-dotenv",
    "--no-compile-autoload-bunfig",
    // Functions that run a few times before the process ends are not worth compiling.
    "--compile-jit-policy=100",
    `--outfile=${join(outdir, name)}`,
  ], { encoding: "utf8", cwd: modules });
  if (result.status !== 0) throw new Error(`Bun cannot compile it: ${result.stderr.trim()}`);
  const file = existsSync(join(outdir, `${name}.exe`)) ? `${name}.exe` : name;
  return { file, runtime };
}
