/**
 * Finds the test files and the runtimes that each is meant for.
 *
 * `test/core/**` is neutral and runs everywhere; other files run on Node, unless their first line says otherwise:
 *
 *     // runtimes: node20 node deno bun
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { ROOT } from "../../build/bootstrap.mjs";
import { RUNTIME_NAMES } from "./runtimes.mjs";

/** Every `*.test.ts` as `{ file, runtimes }`, `file` relative to `test/`, sorted. */
export function findTestFiles() {
  const folder = join(ROOT, "test");
  return walk(folder, "").sort().map((file) => ({ file, runtimes: runtimesOf(folder, file) }));
}

function walk(folder, prefix) {
  return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === "node_modules" || entry.name === "vectors") return [];
    const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) return walk(folder, path);
    return entry.name.endsWith(".test.ts") ? [path.split(sep).join("/")] : [];
  });
}

function runtimesOf(folder, file) {
  const [firstLine] = readFileSync(join(folder, file), "utf8").split("\n", 1);
  const declared = /^\/\/ runtimes: (.+)$/.exec(firstLine);
  if (declared === null) return file.startsWith("core/") ? RUNTIME_NAMES : ["node20", "node"];
  const names = declared[1].trim().split(/\s+/);
  const unknown = names.filter((name) => !RUNTIME_NAMES.includes(name));
  if (unknown.length > 0) throw new Error(`Cannot run ${file}: unknown runtime ${unknown.join(", ")}`);
  return names;
}
