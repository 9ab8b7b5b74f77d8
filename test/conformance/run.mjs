/**
 * `npm run conformance`: runs the suites found in the data folders and prints one line a suite; `--help` lists the
 * flags, README.md describes suites and formats.
 *
 * One process does one runtime with one provider: what happens inside is in inside.ts.
 */
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { ROOT } from "../../build/bootstrap.mjs";
import { bundleText, removeOldOutput, removeOutput } from "../run/bundle.mjs";
import { locateRuntime } from "../run/runtimes.mjs";
import { RUNNERS } from "./runners.mjs";

const SENTINEL = "@@conformance ";
const DEFAULT_DATA = ["test/vectors", "../shared/conformance"].map((path) => join(ROOT, path));

/** A process that prints nothing for so long hangs. */
const SILENCE_LIMIT_MS = 600_000;

process.exitCode = await main(process.argv.slice(2));

async function main(args) {
  removeOldOutput();
  const { chooseFolders, isSuiteFolder, parseOptions, USAGE } = await importPlan();
  if (args.includes("--help")) {
    console.log(USAGE);
    return 0;
  }
  let options;
  let folders;
  try {
    options = parseOptions(args, Object.keys(RUNNERS));
    const found = findFolders(options.data.length > 0 ? options.data : DEFAULT_DATA.filter(existsSync), isSuiteFolder);
    if (found.length === 0 && options.data.length === 0) return skipAll(options);
    if (found.length === 0) throw new RangeError(`there is no suite folder in ${options.data.join(", ")}`);
    folders = chooseFolders(found, options.suites);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.error(`Cannot run conformance suites: ${error.message}\n\n${USAGE}`);
    return 2;
  }
  const runtimes = options.runtimes.length > 0 ? options.runtimes : ["node20"];
  let failed = 0;
  let tellsOfOthers = true;
  for (const name of runtimes) {
    const { providers: own } = RUNNERS[name];
    // Without a choice it is the runtime's own, and where there is none, ours.
    const providers = options.providers.length > 0
      ? options.providers.filter((each) => own.includes(each))
      : own.slice(0, 1);
    if (providers.length === 0) {
      print(options.json, name, options.providers.join(), { skipped: 1, reason: `${name} has ${own.join(" and ")}` });
    }
    for (const provider of providers) {
      failed += await runOne(name, {
        provider,
        folders,
        tellsOfOthers,
        ...limitsOf(name, options),
        json: options.json,
      });
      tellsOfOthers = false;
    }
  }
  if (failed === 0) removeOutput();
  return failed > 0 ? 1 : 0;
}

async function importPlan() {
  const bundle = await bundleText("conformance-plan", `export * from "./test/conformance/plan.ts";`);
  return await import(pathToFileURL(bundle));
}

/** Infinity is not JSON: no limit is an absent one. */
function limitsOf(name, { stride, maxIterations }) {
  const { defaults = {} } = RUNNERS[name];
  return {
    stride: stride || defaults.stride || 1,
    maxIterations: maxIterations || defaults.maxIterations || undefined,
  };
}

/** A checkout without the shared data tests everything else, and says so. */
function skipAll({ json }) {
  const reason = `there is no ${relative(ROOT, DEFAULT_DATA[1])}: see test/conformance/README.md for the data's origin`;
  const counts = { passed: 0, failed: 0, skipped: 1, excepted: 0, failures: [] };
  if (json) console.log(JSON.stringify({ suite: "all", runtime: "node20", provider: "native", ...counts, reason }));
  else console.log(`skipped: ${reason}`);
  return 0;
}

function findFolders(roots, isSuiteFolder) {
  return roots.flatMap((root) => {
    if (!existsSync(root)) throw new RangeError(`there is no folder ${root}`);
    return readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
      .map(({ name }) => ({ path: resolve(root, name), names: readdirSync(join(root, name)) }))
      .filter(({ names }) => isSuiteFolder(names))
      .map(({ path, names }) => ({
        suite: basename(path),
        path,
        files: names.filter((name) => name.endsWith(".json")).sort(),
      }))
      .sort((a, b) => a.suite < b.suite ? -1 : 1);
  });
}

/** Starts one process after the other, where a runtime is run in several configurations; answers the failures. */
async function runOne(name, plan) {
  const runner = RUNNERS[name];
  const located = locateRuntime(runner.program);
  if (located.missing !== undefined) {
    print(plan.json, name, plan.provider, { skipped: 1, reason: located.missing });
    return 0;
  }
  let failed = 0;
  for (const { runtime, args } of await runner.prepare(name, plan)) {
    failed += await runProcess(located.program, args, runtime, plan);
  }
  return failed;
}

/** Passes on what the process prints, and judges how it ended. */
function runProcess(program, args, runtime, { json, provider }) {
  return new Promise((done) => {
    const env = { ...process.env, NODE_NO_WARNINGS: "1" };
    const child = spawn(program, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
    let total;
    let killed;
    let timer;
    const watch = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        killed = `no suite ended for ${SILENCE_LIMIT_MS / 1000} s`;
        child.kill("SIGKILL");
      }, SILENCE_LIMIT_MS);
    };
    watch();
    createInterface({ input: child.stdout }).on("line", (line) => {
      watch();
      if (line.startsWith(SENTINEL)) total = JSON.parse(line.slice(SENTINEL.length));
      else console.log(line);
    });
    createInterface({ input: child.stderr }).on("line", (line) => {
      // What `workerd test` says about itself.
      if (!line.startsWith("workerd/server/")) console.error(line);
    });
    child.on("error", (error) => killed = error.message);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (total !== undefined && (code === 0 || total.failed > 0)) return done(total.failed);
      const detail = killed ?? `it ended (${signal ?? code}) before its end`;
      print(json, runtime, provider, { failed: 1, failures: [detail] });
      done(1);
    });
  });
}

/** A line about a whole run. */
function print(json, runtime, provider, result) {
  const counts = { passed: 0, failed: 0, skipped: 0, excepted: 0, failures: [], ...result };
  if (json) console.log(JSON.stringify({ suite: "all", runtime, provider, ...counts }));
  else {
    const state = counts.failed > 0 ? "FAIL" : "--";
    console.log(`${state.padEnd(4)} all suites ${runtime} ${provider}: ${result.reason ?? counts.failures.join(", ")}`);
  }
}
