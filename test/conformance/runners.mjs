/**
 * How the conformance suites are started in each runtime.
 */
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ROOT } from "../../build/bootstrap.mjs";
import { bundleText, OUTPUT } from "../run/bundle.mjs";

/**
 * Runtimes by the names of `--runtime`. `program` is the runtime's name for `locateRuntime()`; `prepare` answers the
 * processes to start, one a configuration; `providers` are those it has.
 */
export const RUNNERS = {
  node20: { program: "node20", providers: ["native", "webcrypto", "portable"], prepare: nodeLike("node") },
  node: { program: "node", providers: ["native", "webcrypto", "portable"], prepare: nodeLike("node") },
  deno: { program: "deno", providers: ["native", "portable"], prepare: prepareDeno },
  bun: { program: "bun", providers: ["native", "webcrypto", "portable"], prepare: nodeLike("bun", ["run"]) },
  workerd: { program: "workerd", providers: ["native", "portable"], prepare: prepareWorkerd },
  quickjs: {
    program: "node20",
    providers: ["portable"],
    // An interpreter within WebAssembly: what takes a second elsewhere takes minutes.
    defaults: { stride: 25, maxIterations: 5000 },
    prepare: prepareQuickJs,
  },
};

/** One bundle, which gets its plan as an argument. */
function nodeLike(entry, args = []) {
  return async (runtime, plan) => {
    const bundle = await bundleEntry(entry, { platform: "node" });
    return [{ runtime, args: [...args, bundle, JSON.stringify({ runtime, plan })] }];
  };
}

/** The sources themselves, with the permissions of `deno task conformance` and those folders. */
function prepareDeno(runtime, plan) {
  const read = ["core", "test", ...plan.folders.map(({ path }) => path)].join(",");
  const args = ["run", "--quiet", `--allow-read=${read}`, "test/conformance/run.ts", "--plan"];
  return [{ runtime, args: [...args, JSON.stringify({ plan })] }];
}

/** The configurations of `npm test`: nothing but the Web platform, and with the flag that brings ML-DSA. */
const WORKERS = {
  "workerd": { date: "2026-06-01", flags: "" },
  "workerd-modern": { date: "2026-11-01", flags: `"webcrypto_modern_algorithms"` },
};

async function prepareWorkerd(_runtime, plan) {
  const bundle = await bundleEntry("workerd");
  return Object.entries(WORKERS).map(([runtime, worker], index) => {
    const own = { ...plan, tellsOfOthers: plan.tellsOfOthers && index === 0 };
    const config = join(OUTPUT, `conformance-${runtime}-${plan.provider}.capnp`);
    writeFileSync(config, workerConfig(basename(bundle), worker, { runtime, plan: own }));
    return { runtime, args: ["test", config] };
  });
}

function workerConfig(bundle, { date, flags }, plan) {
  const { folders } = plan.plan;
  const quote = (text) => JSON.stringify(text);
  const services = folders.map(({ path }) => `(name = ${quote(path)}, disk = (path = ${quote(path)}))`);
  const bindings = folders.map(({ path }) => `(name = ${quote(path)}, service = ${quote(path)})`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "tests", worker = .tests),
    (name = "internet", network = (allow = [])),
    ${services.join(",\n    ")}
  ],
);
const tests :Workerd.Worker = (
  modules = [(name = "tests.mjs", esModule = embed ${quote(bundle)})],
  compatibilityDate = ${quote(date)},
  compatibilityFlags = [${flags}],
  bindings = [
    (name = "plan", json = ${quote(JSON.stringify(plan))}),
    ${bindings.join(",\n    ")}
  ],
);
`;
}

async function prepareQuickJs(runtime, plan) {
  const bundle = await bundleEntry("quickjs");
  const script = join(ROOT, "test", "conformance", "quickjs.mjs");
  return [{ runtime, args: [script, bundle, JSON.stringify({ runtime, plan })] }];
}

/** The annotations are honoured, as in the package: noble's modules do things when they are loaded that QuickJS cannot. */
function bundleEntry(entry, options = {}) {
  const entryPoints = [`test/conformance/entries/${entry}.ts`];
  return bundleText(`conformance-${entry}`, "", {
    stdin: undefined,
    absWorkingDir: ROOT,
    entryPoints,
    ignoreAnnotations: false,
    ...options,
  });
}
