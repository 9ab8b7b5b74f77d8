/**
 * `npm run binaries`: the command line as programs in one file.
 *
 *     npm run binaries                                     every target, and a Node program for this machine
 *     npm run binaries -- --target linux-x64,windows-x64   these; `host` is this machine's, `node` the Node program
 *     npm run binaries -- --out DIR                        where they go, default dist/binaries
 *
 * Writes the programs, `SHA256SUMS` and a software bill of materials. The same sources, packages and runtimes make the same
 * octets.
 *
 * Each target's runtime is a package of npm's, in the version of test/runtimes/package-lock.json and with its checksum;
 * those of other machines are fetched when they are first needed, and kept. A target whose runtime cannot be had is
 * reported, and fails the command only when it was named.
 */
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { compileForBun } from "./binary-bun.mjs";
import { compileForNode } from "./binary-node.mjs";
import { BUN_TARGETS, bunRuntime, HOST_TARGET } from "./binary-runtimes.mjs";
import { ROOT } from "./bootstrap.mjs";
import { buildBunProgram, buildNodeProgram } from "./bundle.mjs";
import { readManifest } from "./entry-points.mjs";
import { billOfMaterials } from "./sbom.mjs";

const { values } = parseArgs({
  options: {
    target: { type: "string" },
    out: { type: "string", default: join(ROOT, "dist", "binaries") },
  },
});
const named = values.target?.split(",").map((name) => name === "host" ? HOST_TARGET : name);
const known = [...Object.keys(BUN_TARGETS), "node"];
const unknown = (named ?? []).filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`Cannot build ${unknown}: the targets are ${known.join(", ")} and host`);
  process.exit(2);
}

const { version } = readManifest();
const out = resolve(values.out);
const staging = join(out, `.new-${process.pid}`);
mkdirSync(staging, { recursive: true });
const missing = [];
try {
  const esbuild = await import("esbuild");
  const modules = join(staging, "modules");
  const metafiles = [
    ...await buildBunProgram(esbuild, modules),
    await buildNodeProgram(esbuild, join(modules, "program.cjs")),
  ];
  const runtimes = new Map();
  const written = [];
  for (const target of named ?? known) {
    try {
      const { file, runtime } = target === "node"
        ? compileForNode(modules, staging, version)
        : compileForBun(modules, staging, version, target, bunRuntime(target));
      chmodSync(join(staging, file), 0o755);
      runtimes.set(runtime.name, runtime);
      written.push(file);
      console.log(`${file}  ${(readFileSync(join(staging, file)).length / 1e6).toFixed(1)} MB`);
    } catch (error) {
      missing.push(target);
      console.error(`no ${target}: ${error.message}`);
    }
  }
  const bill = `anyrole-${version}.cdx.json`;
  writeFileSync(join(staging, bill), billOfMaterials(metafiles, [...runtimes.values()]));
  written.push(bill);
  const sums = written.sort().map((file) => `${sha256(join(staging, file))}  ${file}\n`).join("");
  writeFileSync(join(staging, "SHA256SUMS"), sums);
  // What is listed and what lies there are of one run.
  for (const file of readdirSync(out)) if (isOurs(file)) rmSync(join(out, file));
  for (const file of [...written, "SHA256SUMS"]) renameSync(join(staging, file), join(out, file));
  console.log(`${relative(process.cwd(), out) || "."}/SHA256SUMS, ${bill}`);
} finally {
  rmSync(staging, { recursive: true, force: true });
}
process.exitCode = named !== undefined && missing.length > 0 ? 1 : 0;

function sha256(path) {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

function isOurs(file) {
  return file === "SHA256SUMS" || /^anyrole-/.test(file);
}
