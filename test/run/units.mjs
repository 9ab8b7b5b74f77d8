/**
 * One stage per runtime: its test files, loaded and run inside it.
 */
import { join } from "node:path";
import process from "node:process";
import { ROOT } from "../../build/bootstrap.mjs";
import { bundleText, entryText } from "./bundle.mjs";
import { runTests } from "./child.mjs";
import { locateRuntime, RUNTIME_NAMES } from "./runtimes.mjs";
import { findTestFiles } from "./test-files.mjs";

/** The stages `unit <runtime>` for the files whose path begins with `only`. */
export function unitStages({ only = "", runtimes = RUNTIME_NAMES }) {
  const all = findTestFiles().filter(({ file }) => file.startsWith(only));
  return runtimes.map((runtime) => {
    const files = all.filter((entry) => entry.runtimes.includes(runtime)).map((entry) => entry.file);
    return { name: `unit ${runtime}`, files: files.length, run: () => runUnit(runtime, files, only) };
  });
}

async function runUnit(runtime, files, only) {
  const located = locateRuntime(runtime);
  if (located.missing !== undefined) {
    const skips = [{ name: runtime, reason: located.missing }];
    return { passed: 0, failed: 0, skipped: 1, failures: [], skips };
  }
  const result = await STARTERS[runtime](located.program, files, only);
  return { ...result, note: located.version };
}

const STARTERS = {
  node20: (program, files) => runNodeLike("node20", program, [], files),
  node: (program, files) => runNodeLike("node", program, [], files),
  bun: (program, files) => runNodeLike("bun", program, ["run"], files),
  deno: runDeno,
  workerd: runWorkerd,
};

async function runNodeLike(name, program, args, files) {
  const ending = `const failed = await runTestFiles(files);\nprocess.exitCode = failed > 0 ? 1 : 0;`;
  const bundle = await bundleText(name, entryText(files, ending));
  return await runTests(name, program, [...args, bundle]);
}

/** Deno runs the sources, by the same tasks, and so with the same permissions, as `deno task test`. */
async function runDeno(program, files, only) {
  const results = [];
  for (const task of ["test:core", "test:host"]) {
    const wanted = files.some((file) => file.startsWith("core/") === (task === "test:core"));
    if (!wanted) continue;
    results.push(
      await runTests(task.replace("test:", "deno-"), program, ["task", "--quiet", task, `--only=${only}`]),
    );
  }
  return sum(results);
}

async function runWorkerd(program, files) {
  const ending = [
    `export default {`,
    `  async test() {`,
    `    const failed = await runTestFiles(files);`,
    "    if (failed > 0) throw new Error(`${failed} failed`);",
    `  },`,
    `};`,
  ].join("\n");
  await bundleText("workerd", entryText(files, ending));
  const config = join(ROOT, "test", "workerd", "tests.capnp");
  return await runTests("workerd", program, ["test", config], { env: { TZ: process.env.TZ ?? "UTC" } });
}

function sum(results) {
  const total = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] };
  for (const result of results) {
    for (const count of ["passed", "failed", "skipped"]) total[count] += result[count];
    total.failures.push(...result.failures);
    total.skips.push(...result.skips);
  }
  return total;
}
