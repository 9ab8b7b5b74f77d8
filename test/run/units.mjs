/**
 * One stage per runtime: its test files, loaded and run inside it.
 */
import { delimiter, dirname } from "node:path";
import process from "node:process";
import { EXTERNAL } from "../../build/bundle.mjs";
import { bundleText, entryText, NODE_ENDING, WORKER_ENDING, writeWorkerConfig } from "./bundle.mjs";
import { runTests } from "./child.mjs";
import { locateRuntime, RUNTIME_NAMES } from "./runtimes.mjs";
import { findTestFiles } from "./test-files.mjs";

/** The stages `unit <runtime>` for the files whose path begins with `only`. */
export function unitStages({ only = "", runtimes = RUNTIME_NAMES }) {
  const all = findTestFiles().filter(({ file }) => file.startsWith(only));
  return runtimes.map((runtime) => {
    const files = all.filter((entry) => entry.runtimes.includes(runtime)).map((entry) => entry.file);
    return {
      name: `unit ${runtime}`,
      files: files.length,
      // Neutral tests and those of the architecture read sources; the others may start what was built.
      needsBuild: files.some((file) => !/^(core|architecture|run)\//.test(file)),
      run: () => runUnit(runtime, files, only),
    };
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
  node20: (program, files) => runNodeLike("node20", program, ["--enable-source-maps"], files),
  node: (program, files) => runNodeLike("node", program, ["--enable-source-maps"], files),
  bun: (program, files) => runNodeLike("bun", program, ["run"], files),
  deno: runDeno,
  workerd: runWorkerd,
};

/** Libraries that only tests use may be CommonJS, which asks for `require`; esbuild stays outside. */
const NODE_LIKE = {
  platform: "node",
  // The package by its own name is what was built, and not a source.
  external: [...EXTERNAL, "esbuild", "anyrole"],
  banner: { js: `import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);` },
};

async function runNodeLike(name, program, args, files) {
  const bundle = await bundleText(name, entryText(files, NODE_ENDING), NODE_LIKE);
  return await runTests(name, program, [...args, bundle]);
}

/** Deno runs the sources, by the same tasks, and so with the same permissions, as `deno task test`. */
async function runDeno(program, files, only) {
  // The permission to run `deno` is by name; here it comes from a package and not from the path.
  const env = { PATH: `${dirname(program)}${delimiter}${process.env.PATH}` };
  const results = [];
  for (const task of ["test:core", "test:host"]) {
    const wanted = files.some((file) => file.startsWith("core/") === (task === "test:core"));
    if (!wanted) continue;
    const args = ["task", "--quiet", task, "--records", `--only=${only}`];
    results.push(await runTests(task.replace("test:", "deno-"), program, args, { env }));
  }
  return sum(results);
}

/**
 * Workers differ by compatibility. Of the later dates, workerd brings Node's globals by itself; the first of these has
 * nothing but the Web platform, and the second has Node's globals and the flag without which there is no ML-DSA.
 */
const WORKERS = {
  "workerd": { date: "2026-06-01", flags: "" },
  "workerd-modern": { date: "2026-11-01", flags: `"webcrypto_modern_algorithms"` },
};

/** What the command line loads for keys on devices imports Node's modules, and a bundle without files would at once. */
const WITHOUT_BRIDGE = {
  name: "without-bridge",
  setup(build) {
    build.onResolve(
      { filter: /\/hsm-bridge\// },
      ({ importer, kind, path }) =>
        kind === "dynamic-import" && importer.includes("runtimes/cli/") ? { path, external: true } : undefined,
    );
  },
};

async function runWorkerd(program, files) {
  await bundleText("workerd", entryText(files, WORKER_ENDING), { plugins: [WITHOUT_BRIDGE] });
  const results = [];
  for (const [name, { date, flags }] of Object.entries(WORKERS)) {
    const config = writeWorkerConfig(name, "workerd.mjs", date, flags);
    results.push(await runTests(name, program, ["test", config]));
  }
  return sum(results);
}

function sum(results) {
  const total = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [], notes: [] };
  for (const result of results) {
    for (const count of ["passed", "failed", "skipped"]) total[count] += result[count];
    total.failures.push(...result.failures);
    total.skips.push(...result.skips);
    total.notes.push(...result.notes);
  }
  return total;
}
