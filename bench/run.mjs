/**
 * `npm run bench`: times what we do beside what others do, in every runtime.
 *
 *     npm run bench                                  every topic in every runtime
 *     npm run bench -- sign parse                    these topics
 *     npm run bench -- sign --runtime node,workerd   in these runtimes
 *     npm run bench -- --json                        one JSON object a line
 *     npm run bench -- --processes 1 --rounds 5      less effort: at most so many rounds; default 3 processes of 101 each
 *     npm run bench -- --out DIR                     where the results go, default bench/results
 *     npm run bench -- --against FILE                measures the topic of this result again and says what moved
 *     npm run bench -- --page                        writes bench/README.md and its charts anew, and measures nothing
 *
 * What a row says is written in harness.ts. Each topic's result goes to `bench/results/<topic>.json`, with the machine,
 * the versions, the date and the command line; a run of every topic in every runtime ends with the page. Deno alone runs
 * the same topics, without the peers that npm brings: `deno task bench`.
 *
 * A topic that fails in a runtime does not end the run: it is told, the result says "not measured" there, and the exit
 * code is 1. What the machine lacks is told, too, and does not count as a failure.
 *
 * `--against` compares ratios, by the rule in movement.ts, and is information: whatever moved, the exit code is 0. It
 * writes nothing unless it is told where (`--out`).
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { ensureInstalled, ROOT } from "../build/bootstrap.mjs";
import { BUN_PRAGMA, EXTERNAL } from "../build/bundle.mjs";
import { bundleText, OUTPUT, removeOutput } from "../test/run/bundle.mjs";
import { locateRuntime, RUNTIME_NAMES } from "../test/run/runtimes.mjs";
import { crlSamples, crlTools, removeCrlFiles } from "./crl.mjs";
import { edgeStartSamples } from "./edge-start.mjs";
import { fleetSamples } from "./fleet.mjs";
import { hsmPeers, hsmSamples } from "./hsm.mjs";
import { missingPrograms, takeLeftOut } from "./left-out.mjs";
import { installCharts, writePage } from "./page.mjs";
import { nativeDrivers, nativeVersions, removeNativeDrivers } from "./native.mjs";
import { serveSamples } from "./serve.mjs";
import { sessionTarget, stopSessionService } from "./session.mjs";
import { startupSamples } from "./startup.mjs";
import { storeSamples } from "./store.mjs";
import { wasmSizes, wasmTarget } from "./wasm.mjs";
import { measureWorker } from "./workerd.mjs";

const COMPARE = join(ROOT, "bench", "compare");

/** Peers by the runtimes that they run in. */
const TOPICS = {
  sign: {
    module: "sign.bench.ts",
    groups: "signGroups",
    peers: () => [],
    runtimes: RUNTIME_NAMES,
  },
  sigv4: {
    module: "sigv4.bench.ts",
    groups: "sigV4TopicGroups",
    peers: (runtime) => runtime === "workerd" ? ["aws4fetch"] : ["aws4fetch", "aws4", "smithy", "smithyNative"],
    runtimes: RUNTIME_NAMES,
    processes: (runtime, program) => allocationSamples(runtime, program, "sigv4", "sigV4AllocationGroups"),
    without: ["workerd"],
  },
  parse: {
    module: "parse.bench.ts",
    groups: "parseGroups",
    // node-forge asks for Node's modules, which are not in the worker.
    peers: (runtime) => ["pkijs", "peculiar", ...runtime === "workerd" ? [] : ["forge"]],
    runtimes: RUNTIME_NAMES,
    target: nativeDrivers,
  },
  path: {
    module: "path.bench.ts",
    groups: "pathGroups",
    peers: (runtime) => {
      return ["pkijsChain", "peculiarChain", "peculiarSignatures", ...runtime === "workerd" ? [] : ["forgeChain"]];
    },
    runtimes: RUNTIME_NAMES,
    target: nativeDrivers,
    processes: hostileSamples,
    without: ["workerd"],
  },
  crl: {
    module: "crl.bench.ts",
    groups: "crlGroups",
    peers: () => ["asn1jsRevocation", "pkijsRevocation", "peculiarRevocation"],
    runtimes: RUNTIME_NAMES,
    processes: (runtime, program) =>
      crlSamples(runtime, program, (...script) => bundleScript(runtime, ...script), harness, atMost(COLD_ROUNDS)),
    without: ["workerd"],
  },
  session: {
    module: "session.bench.ts",
    groups: "sessionGroups",
    peers: () => [],
    runtimes: RUNTIME_NAMES,
    target: sessionTarget,
    processes: (runtime, program) => allocationSamples(runtime, program, "session", "sessionAllocationGroups"),
    // In Deno and Bun what a request takes is largely outside of the heap that they tell.
    without: ["deno", "bun", "workerd"],
  },
  decision: {
    module: "decision.bench.ts",
    groups: "decisionGroups",
    peers: () => [],
    runtimes: RUNTIME_NAMES,
  },
  "who-can": {
    module: "who-can.bench.ts",
    groups: "whoCanGroups",
    peers: () => [],
    runtimes: RUNTIME_NAMES,
  },
  wasm: {
    module: "wasm.bench.ts",
    groups: "wasmGroups",
    peers: () => [],
    runtimes: ["node20", "node"],
    target: wasmTarget,
    processes: wasmSizes,
  },
  // No runtime has a part in it: the Node that runs this script makes the bundles.
  size: { runtimes: ["node20"] },
  serve: { runtimes: ["node20", "node", "deno", "bun"] },
  startup: { runtimes: ["node20", "node", "bun"] },
  store: { runtimes: RUNTIME_NAMES },
  fleet: { runtimes: ["workerd"] },
  "edge-start": { runtimes: ["workerd"] },
  hsm: { runtimes: ["node20", "node", "deno", "bun"] },
  "timing-leak": { runtimes: ["node20", "node", "deno", "bun"] },
};

/** Batches of a worker: long enough that the request around one is next to nothing. Their number is divided. */
const WORKER_BATCH_MS = 50;
const WORKER_ROUNDS_DIVISOR = 8;

/** What this script itself needs of the TypeScript beside it. */
const HARNESS = ["harness", "growth", "inside", "movement", "table"].map((name) =>
  `export * from "./bench/${name}.ts";`
).join("\n");

/** Topics reach loopback alone. */
const DENO_RUN = ["run", "--no-prompt", "--allow-net=127.0.0.1"];

/** Of V8, for allocation: batches of 100 signed requests are below 5 MB. */
const YOUNG_GENERATION_MB = 256;

/** Of whole processes. */
const STARTUP_ROUNDS = 41;

/** Of whole processes that check a list of 42 MB. */
const COLD_ROUNDS = 11;

/** Of isolates that start at once. */
const FLEET_ROUNDS = 15;

/** Of workers that start. */
const EDGE_START_ROUNDS = 41;

/** Of entries put, read and leased. */
const STORE_ROUNDS = 41;

/** Of reads over loopback. */
const SERVE_ROUNDS = 101;

/** Of signatures by keys in a token. */
const HSM_ROUNDS = 101;

/** Of what is timed inside a runtime. */
const ROUNDS = 101;

/** Of each of four kinds. */
const HOSTILE_CHAINS = 2500;

/** How long the rounds of one group may take in one process. */
const LONGEST_MS = 6000;

/** After that a process has failed. */
const LONGEST_PROCESS_MS = 900_000;

/** The file in `compare/` that has a peer, and what it is made of. */
const PEERS = {
  aws4: { file: "aws4", packages: ["aws4"] },
  aws4fetch: { file: "aws4fetch", packages: ["aws4fetch"] },
  smithy: { file: "smithy", packages: ["@smithy/signature-v4", "@aws-crypto/sha256-js"] },
  smithyNative: { file: "smithy-native", packages: ["@smithy/signature-v4", "@smithy/hash-node"] },
  pkijs: { file: "pkijs", packages: ["pkijs", "asn1js"] },
  pkijsChain: { file: "pkijs", packages: ["pkijs", "asn1js"] },
  pkijsRevocation: { file: "pkijs", packages: ["pkijs", "asn1js"] },
  peculiar: { file: "peculiar", packages: ["@peculiar/x509"] },
  peculiarChain: { file: "peculiar", packages: ["@peculiar/x509"] },
  peculiarSignatures: { file: "peculiar", packages: ["@peculiar/x509"] },
  peculiarRevocation: { file: "peculiar", packages: ["@peculiar/x509"] },
  forge: { file: "forge", packages: ["node-forge"] },
  forgeChain: { file: "forge", packages: ["node-forge"] },
  asn1jsRevocation: { file: "asn1js", packages: ["asn1js"] },
};

/** Peers may be CommonJS, which asks for `require`. */
const NODE_LIKE = {
  platform: "node",
  external: EXTERNAL,
  banner: { js: `import { createRequire } from "node:module";\nconst require = createRequire(import.meta.url);` },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runtime: { type: "string" },
    json: { type: "boolean", default: false },
    processes: { type: "string", default: "3" },
    rounds: { type: "string" },
    out: { type: "string" },
    against: { type: "string", multiple: true, default: [] },
    page: { type: "boolean", default: false },
  },
});
const earlier = values.against.map(readResult);
const comparing = earlier.length > 0;
const named = comparing && positionals.length === 0 ? earlier.map(({ topic }) => topic) : positionals;
const topics = values.page ? [] : chosen("topic", named, Object.keys(TOPICS));
const results = resolve(values.out ?? join(ROOT, "bench", "results"));
const runtimes = chosen("runtime", values.runtime?.split(",") ?? [], RUNTIME_NAMES);
const processes = Number(values.processes);
const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
const everything = !comparing && topics.length === Object.keys(TOPICS).length &&
  runtimes.length === RUNTIME_NAMES.length;
const started = new Date();
const failures = [];

if (topics.some(hasPeers)) ensureInstalled(COMPARE);
if (values.page || everything) installCharts();
if (everything) { for (const line of missingPrograms()) console.error(line); }
const harness = await import(await bundleText("bench-harness", HARNESS));
try {
  const measured = [];
  for (const topic of topics) measured.push(...await runTopic(topic));
  if (comparing) {
    const before = earlier.flatMap(({ rows }) => rows).filter(({ topic }) => topics.includes(topic));
    console.log(harness.comparisonText(harness.compareResults(before, measured)));
  }
  if (values.page || everything) await writePage(results);
  if (topics.length > 1) console.error(`${topics.length} topics in ${elapsed()}`);
  for (const failure of failures) console.error(`Not measured: ${failure}`);
  if (failures.length > 0) process.exitCode = 1;
} finally {
  removeOutput();
  removeCrlFiles();
  await stopSessionService();
  removeNativeDrivers();
}

/** Measures a topic in every runtime, tells and keeps what came of it, and answers the rows. */
async function runTopic(topic) {
  const found = { rows: [], slopes: [], versions: {}, missing: {} };
  const startedMs = Date.now();
  const wanted = TOPICS[topic].runtimes.filter((name) => runtimes.includes(name));
  for (const runtime of wanted) {
    const place = `${topic}, ${topics.indexOf(topic) + 1} of ${topics.length} topics: ${runtime}`;
    console.error(topics.length > 1 ? `${place}; ${elapsed()} so far` : place);
    const located = locateRuntime(runtime);
    if (located.missing === undefined) {
      found.versions[runtime] = located.version;
      await runInRuntime(topic, runtime, located, found);
    } else {
      console.error(`${topic}: ${located.missing}`);
      found.missing[runtime] = located.missing;
    }
  }
  if (wanted.length > 0 && (!comparing || values.out !== undefined)) {
    writeResult(topic, found, Math.round((Date.now() - startedMs) / 1000));
  }
  return found.rows;
}

/** Adds to what was found; what fails is told and kept, and ends nothing. */
async function runInRuntime(topic, runtime, { program, version }, found) {
  try {
    for await (const samples of measure(topic, runtime, program)) {
      const rows = harness.rowsOf(topic, runtime, samples);
      found.rows.push(...rows);
      const grown = harness.slopesOf(topic, runtime, samples);
      found.slopes.push(...grown);
      if (values.json) { for (const row of rows) console.log(JSON.stringify(row)); }
      else {
        const lines = [harness.tableOf(rows), ...grown.length > 0 ? [harness.slopeLines(grown)] : []];
        console.log(`${topic}, ${runtime} ${version}\n${lines.join("\n")}\n`);
      }
    }
  } catch (error) {
    console.error(error);
    found.missing[runtime] = reasonOf(error);
    failures.push(`${topic}, ${runtime}: ${found.missing[runtime]}`);
  }
}

/** The first line of what went wrong, without the folders of this machine. */
function reasonOf(error) {
  const [line] = String(error?.message ?? error).split("\n");
  return [ROOT, tmpdir()].reduce((text, folder) => text.replaceAll(folder, "…"), line);
}

/** Since this run began. */
function elapsed() {
  const seconds = Math.round((Date.now() - started.getTime()) / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** As many rounds, or as few as the command line says. */
function atMost(most) {
  return Math.min(most, rounds ?? most);
}

/** Of what is not measured in rounds: less, where fewer rounds are asked for. */
function effortShare() {
  return atMost(ROUNDS) / ROUNDS;
}

/** How long things are measured inside a runtime. */
function effortOf(runtime) {
  const effort = { rounds: rounds ?? ROUNDS, batchMs: 2, warmUpMs: 200, longestMs: LONGEST_MS, runtime };
  if (runtime !== "workerd") return effort;
  return { ...effort, rounds: Math.ceil(effort.rounds / WORKER_ROUNDS_DIVISOR), batchMs: WORKER_BATCH_MS };
}

/** The samples of each group of a topic, pooled over several processes: what a compiler makes of code differs by run. */
async function* measure(topic, runtime, program) {
  if (topic === "startup") {
    return yield* await startupSamples(runtime, program, process.execPath, harness, atMost(STARTUP_ROUNDS));
  }
  if (topic === "serve") {
    return yield* await serveSamples(runtime, program, await bundleServers(runtime), harness, atMost(SERVE_ROUNDS));
  }
  if (topic === "fleet") return yield* await fleetSamples(atMost(FLEET_ROUNDS));
  if (topic === "edge-start") {
    return yield* await edgeStartSamples(program, join(COMPARE, "node_modules"), harness, atMost(EDGE_START_ROUNDS));
  }
  if (topic === "store") return yield* await storeSamples(runtime, program, harness, atMost(STORE_ROUNDS));
  if (topic === "size") return yield* sizeSamples();
  if (topic === "timing-leak") return yield* await timingLeakSamples(runtime, program);
  if (topic === "hsm") {
    return yield* await hsmSamples(runtime, program, await bundleHsm(runtime), harness, atMost(HSM_ROUNDS));
  }
  const bundle = await bundleTopic(topic, runtime);
  const runs = [];
  for (let run = 0; run < processes; run++) {
    runs.push(
      runtime === "workerd"
        ? await measureWorker(program, `${topic}-${runtime}.mjs`, harness, effortOf(runtime))
        : runProcess(program, [...runtime === "deno" ? DENO_RUN : [], bundle]),
    );
  }
  const inside = runs[0].map((_, group) => harness.poolSamples(runs.map((samples) => samples[group])));
  const { processes: wholeProcesses, without = [] } = TOPICS[topic];
  yield* inside;
  if (wholeProcesses !== undefined && !without.includes(runtime)) yield* await wholeProcesses(runtime, program);
}

/** The worst of ten thousand hostile chains, each of them tried by one process. */
async function hostileSamples(runtime, program) {
  const chains = Math.ceil(HOSTILE_CHAINS * effortShare());
  const bundle = await bundleScript(runtime, `hostile-${runtime}`, "hostile", "measureHostile", [chains]);
  const [worst] = runProcess(program, [...runtime === "deno" ? ["run", "--no-prompt"] : [], bundle]);
  const times = Object.fromEntries(Object.entries(worst).map(([kind, milliseconds]) => [kind, [milliseconds]]));
  const limit = "100 ms";
  const reach = { node20: 1, node: 1, deno: 1, bun: 1 };
  return [{
    name: `worst of ${chains.toLocaleString("en")} hostile chains`,
    unit: "ms",
    contenders: Object.keys(times),
    comparisons: Object.keys(times).map((name) => ({ name, against: limit, reach })),
    limits: { [limit]: 100 },
    times,
  }];
}

/** The largest |t| of each question; what leaks on purpose and is not detected ends the run. */
async function timingLeakSamples(runtime, program) {
  const more = [effortShare()];
  const bundle = await bundleScript(runtime, `timing-leak-${runtime}`, "timing-leak", "measureTimingLeaks", more);
  const [found] = runProcess(program, [...runtime === "deno" ? ["run", "--no-prompt"] : [], bundle]);
  const limit = "4.5";
  const names = Object.keys(found);
  const innocent = { node20: 1, node: 1, deno: 1, bun: 1 };
  return [{
    name: "Welch's t",
    unit: "|t|",
    contenders: names,
    comparisons: names.map((name) => ({
      name,
      against: limit,
      ...name.startsWith("control") ? {} : { reach: innocent },
    })),
    limits: { [limit]: 4.5 },
    times: Object.fromEntries(Object.entries(found).map(([name, t]) => [name, [t]])),
  }];
}

/** What the named consumers come to, as `npm run size` weighs them, over their budgets. */
function sizeSamples() {
  const script = join(ROOT, "bench", "size", "run.mjs");
  const { stdout } = spawnSync(process.execPath, [script, "--json"], { encoding: "utf8" });
  const consumers = stdout.trim().split("\n").map((line) => JSON.parse(line)).filter(({ budget }) =>
    budget !== undefined
  );
  const budgets = Object.fromEntries(consumers.map(({ budget }) => [`${budget / 1000} kB`, budget]));
  return [{
    name: "gzip of a consumer",
    unit: "B",
    contenders: consumers.map(({ consumer }) => consumer),
    comparisons: consumers.map(({ consumer, budget }) => ({
      name: consumer,
      against: `${budget / 1000} kB`,
      reach: { node20: 1 },
    })),
    limits: budgets,
    times: Object.fromEntries(consumers.map(({ consumer, gzip }) => [consumer, [gzip]])),
  }];
}

/** What a signed request allocates, in a process that collects next to nothing: see allocation.ts. */
async function allocationSamples(runtime, program, topic, groups) {
  const bundle = await bundleTopic(topic, runtime, groups, "reportAllocation");
  const young = `--max-semi-space-size=${YOUNG_GENERATION_MB},--min-semi-space-size=${YOUNG_GENERATION_MB}`;
  if (runtime === "bun") return runProcess(program, [bundle], { BUN_JSC_useGC: "0" });
  if (runtime === "deno") return runProcess(program, [...DENO_RUN, `--v8-flags=${young}`, bundle]);
  return runProcess(program, [...young.split(","), bundle]);
}

function runProcess(program, args, environment = {}) {
  const result = spawnSync(program, args, {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 1 << 26,
    timeout: LONGEST_PROCESS_MS,
    killSignal: "SIGKILL",
    env: { ...process.env, NODE_NO_WARNINGS: "1", ...environment },
  });
  if (result.status !== 0) throw new Error(`${program} ended with ${result.signal ?? result.status}\n${result.stdout}`);
  return result.stdout.split("\n")
    .filter((line) => line.startsWith(harness.RECORD))
    .map((line) => JSON.parse(line.slice(harness.RECORD.length)));
}

async function bundleTopic(topic, runtime, groups = TOPICS[topic].groups, reporter = "report") {
  const { module, peers, target } = TOPICS[topic];
  const platform = runtime === "node20" ? "node" : runtime;
  const names = peers(runtime);
  const more = target === undefined ? "" : `, ${JSON.stringify(await target())}`;
  const make = `${groups}(platform, [${names}]${more})`;
  const text = [
    `import { platform } from "./bench/platform/${platform}.ts";`,
    `import { ${groups} } from "./bench/${module}";`,
    ...names.map((name) => `import { ${name} } from "./bench/compare/${PEERS[name].file}.ts";`),
    ...platform === "workerd"
      ? [`import { benchWorker } from "./bench/worker.ts";`, `export default benchWorker(() => ${make});`]
      : reporter === "report"
      ? [
        `import { report } from "./bench/inside.ts";`,
        `await report(await ${make}, ${JSON.stringify(effortOf(runtime))});`,
      ]
      : [`import { ${reporter} } from "./bench/allocation.ts";`, `await ${reporter}(await ${make});`],
  ].join("\n");
  return await bundleText(`${topic}${reporter === "report" ? "" : "-allocation"}-${runtime}`, text, {
    nodePaths: [join(COMPARE, "node_modules")],
    sourcemap: false,
    ...platform === "workerd" ? { mainFields: ["browser", "module", "main"] } : NODE_LIKE,
  });
}

/** The servers of topic `serve`. */
function bundleServers(runtime) {
  const folder = runtime === "node20" ? "node" : runtime;
  const text = [
    `import { listeners } from "./runtimes/${folder}/listeners.ts";`,
    `import { bareServer } from "./bench/bare/${folder}.ts";`,
    `import { serveAll } from "./bench/serve-servers.ts";`,
    `await serveAll(listeners(), bareServer);`,
  ].join("\n");
  return bundleText(`serve-${runtime}`, text, { sourcemap: false, ...NODE_LIKE });
}

/** The process of topic `hsm`. */
function bundleHsm(runtime) {
  const text = `import { serveHsm } from "./bench/hsm-worker.ts";
    await serveHsm(globalThis.Deno?.args ?? globalThis.process.argv.slice(2));`;
  return bundleText(`hsm-${runtime}`, text, { sourcemap: false, platform: "node", external: EXTERNAL });
}

/** A module that calls `main`, with the runtime's platform unless it is told otherwise, and with more after it. */
function bundleScript(runtime, name, module, main, more = [], withPlatform = true) {
  const text = [
    ...withPlatform
      ? [`import { platform } from "./bench/platform/${runtime === "node20" ? "node" : runtime}.ts";`]
      : [],
    `import { ${main} } from "./bench/${module}.ts";`,
    `await ${main}(${[...withPlatform ? ["platform"] : [], ...more.map((one) => JSON.stringify(one))].join(", ")});`,
  ].join("\n");
  return bundleText(name, text, { sourcemap: false, ...NODE_LIKE, ...asPublished(name) });
}

/**
 * As the package is: what is not used is left out, what is loaded later stands in a file of its own, and Bun rewrites
 * nothing.
 */
function asPublished(name) {
  return {
    banner: { js: `${BUN_PRAGMA}\n${NODE_LIKE.banner.js}` },
    outfile: undefined,
    outdir: OUTPUT,
    entryNames: name,
    outExtension: { ".js": ".mjs" },
    splitting: true,
    ignoreAnnotations: false,
  };
}

function writeResult(topic, { rows, slopes, versions, missing }, seconds) {
  mkdirSync(results, { recursive: true });
  const result = {
    topic,
    // The same in all topics of one run.
    run: started.toISOString(),
    date: new Date().toISOString(),
    seconds,
    command: `npm run bench -- ${process.argv.slice(2).join(" ")}`.replace(/ -- $/, ""),
    machine: {
      cpu: cpus()[0]?.model ?? "unknown",
      cores: cpus().length,
      system: `${process.platform} ${process.arch}`,
      // Processes that wanted a core in the last minute, ours among them: above the number of cores the spreads are wide.
      load: Number(loadavg()[0].toFixed(1)),
    },
    runtimes: versions,
    missing,
    leftOut: takeLeftOut(),
    peers: peersOf(topic),
    rows,
  };
  const lines = JSON.stringify({ ...result, rows: undefined }, null, 2).replace(/\n}$/, ",");
  const list = (name, entries) => {
    const body = entries.map((entry) => `    ${JSON.stringify(entry)}`).join(",\n");
    return entries.length === 0 ? `  "${name}": []` : `  "${name}": [\n${body}\n  ]`;
  };
  const file = join(results, `${topic}.json`);
  writeFileSync(file, `${lines}\n${list("slopes", slopes)},\n${list("rows", rows)}\n}\n`);
  if (!values.json) console.log(`${relative(process.cwd(), file)}\n`);
}

/** An earlier result, which a file of this run may replace. */
function readResult(path) {
  const result = JSON.parse(readFileSync(path, "utf8"));
  if (!Array.isArray(result.rows) || TOPICS[result.topic] === undefined) {
    throw new TypeError(`Cannot compare with ${path}: it is no result of a topic of npm run bench`);
  }
  return result;
}

/** Whether somebody of `compare/` is beside us in a topic. */
function hasPeers(topic) {
  return namedPeers(topic).length > 0;
}

function namedPeers(topic) {
  return topic === "edge-start" ? ["aws4fetch"] : TOPICS[topic].peers?.("node") ?? [];
}

/** The versions of those that a topic has beside us. */
function peersOf(topic) {
  if (topic === "hsm") return hsmPeers();
  const { target } = TOPICS[topic];
  const packages = new Set(namedPeers(topic).flatMap((peer) => PEERS[peer].packages));
  const { dependencies } = JSON.parse(readFileSync(join(COMPARE, "package.json"), "utf8"));
  return {
    ...Object.fromEntries(Object.entries(dependencies).filter(([name]) => packages.has(name))),
    ...topic === "crl" ? crlTools() : {},
    ...target === nativeDrivers ? nativeVersions() : {},
  };
}

function chosen(kind, names, known) {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new RangeError(`Cannot run ${kind} ${unknown}: the ${kind}s are ${known.join(", ")}`);
  return names.length === 0 ? known : names;
}
