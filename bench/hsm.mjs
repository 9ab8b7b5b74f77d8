/**
 * Topic `hsm`: P-256 signatures by keys in SoftHSM, through the bridge, over the same two C calls by pkcs11js in the same
 * process; in Deno and Bun over Node with koffi; and how long the event loop stands still while a signature is made on
 * another thread.
 *
 * And P-256 signatures by a key in a TPM (swtpm), with the session that authorizes them, over the time that `tpm2_sign` has
 * the same TPM work with the same key, in turn.
 *
 * Each runtime is a process of its own that signs when it is told to, in turn with the others. Keys are objects of a
 * session, the cheapest that SoftHSM has, so that what the bridge adds counts most. What is not on this machine, SoftHSM,
 * swtpm and tpm2-tools, or a compiler for pkcs11js, is left out with a word.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { ROOT, RUNTIMES } from "../build/bootstrap.mjs";
import { locateRuntime } from "../test/run/runtimes.mjs";
import { leaveOut } from "./left-out.mjs";
import { makeToken, PIN, softHsmModule, tokenEnvironment } from "./softhsm.mjs";
import { missingOfTpm, startTpm, TPM_KEY } from "./tpm.mjs";

const PEERS = join(ROOT, "bench", "compare-native");

/** A batch is dozens of signatures. */
const EFFORT = { batchMs: 3, warmUpMs: 500 };

const BRIDGE = "bridge";
const PEER = "pkcs11js";
const BLOCKED = "asynchronous RSA-2048 signature";
const PART = "its part on the thread of JavaScript";
const IDLE = "nothing but time";

/** What calls C in each runtime, and its name for people. */
const BACKENDS = {
  node20: ["koffi", "Node with koffi"],
  node: ["koffi", "Node with koffi"],
  deno: ["Deno.dlopen", "Deno"],
  bun: ["bun:ffi", "Bun with bun:ffi"],
};

/**
 * Node's program exports its own OpenSSL, and a module that needs one takes that: in Node SoftHSM signs by another
 * library than in Deno and Bun. Bound to its own libraries it signs by the same.
 */
const NODES = {
  "Node with koffi, the same OpenSSL": "koffi-deep",
  "Node with koffi, Node's OpenSSL": "koffi",
};

function overNode(name) {
  const [same, other] = Object.keys(NODES);
  return {
    name: "P-256 signature",
    unit: "ms",
    contenders: [name, same, other],
    comparisons: [{ name, against: same, reach: { deno: 1.2, bun: 1.2 } }, { name, against: other }],
  };
}

const LIMIT = "1 ms";

/**
 * Each round is one signature, and one wait of two milliseconds: what stands still then is not our doing. Where no core is
 * idle, the thread that signs takes the core of JavaScript, and everything stands still as long as the signature lasts;
 * so the time that the thread of JavaScript itself has worked is told beside it.
 */
function standstill(contenders) {
  const reach = { node20: 1, node: 1, deno: 1, bun: 1 };
  const all = [BLOCKED, ...contenders.filter((name) => name === PART), IDLE];
  return {
    name: "event loop stands still",
    unit: "ms",
    contenders: all,
    comparisons: all.map((name) => ({ name, against: LIMIT, ...name === IDLE ? {} : { reach } })),
    limits: { [LIMIT]: 1 },
  };
}

const SESSION = "HMAC session";
const TOOL = "tpm2_sign";
const IN_TPM = {
  name: "P-256 signature in a TPM",
  unit: "ms",
  contenders: [SESSION, TOOL],
  comparisons: [{ name: SESSION, against: TOOL, reach: { node20: 2, node: 2, deno: 2, bun: 2 } }],
};

/** Measures a runtime; what is missing is said. */
export async function hsmSamples(runtime, program, bundle, harness, rounds) {
  return [
    ...await tokenSamples(runtime, program, bundle, harness, rounds),
    ...await tpmSamples(runtime, program, bundle, harness, rounds),
  ];
}

/** A signature each round: the tool is a program, which starts for every one. */
async function tpmSamples(runtime, program, bundle, harness, rounds) {
  const missing = missingOfTpm();
  if (missing !== undefined) {
    leaveOut(`Keys in a TPM are left out: ${missing} with your system's packages`);
    return [];
  }
  const folder = mkdtempSync(join(tmpdir(), "anyrole-bench-"));
  let tpm;
  let signer;
  try {
    tpm = await startTpm(folder);
    signer = await startSigner(runtime, program, bundle, ["tpm", tpm.socket, TPM_KEY], folder);
    const clock = (contender, operations) =>
      contender === TOOL ? tpm.toolTime(operations) : signer.run(contender, operations);
    // Functions are compiled, and the key that receives salts is known.
    await clock(SESSION, 300);
    return [await harness.measureGroup(IN_TPM, clock, { rounds, batchMs: 0, warmUpMs: 0 })];
  } finally {
    signer?.end();
    tpm?.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tokenSamples(runtime, program, bundle, harness, rounds) {
  const module = softHsmModule();
  if (module === undefined) {
    leaveOut("SoftHSM is left out: it is not on this machine; install softhsm2 with your system's packages");
    return [];
  }
  const folder = mkdtempSync(join(tmpdir(), "anyrole-bench-"));
  const signers = [];
  const start = async (where, which, backend, peers = "") => {
    const signer = await startSigner(where, which, bundle, [
      module,
      PIN,
      backend,
      join(RUNTIMES, "package.json"),
      peers,
    ], folder);
    signers.push(signer);
    return signer;
  };
  // In turn with Node, twice: see NODES.
  const beside = async (own) => {
    const { program } = locateRuntime("node");
    const nodes = {};
    for (const [name, backend] of Object.entries(NODES)) nodes[name] = await start("node", program, backend);
    return (contender, operations) => (nodes[contender] ?? own).run(BRIDGE, operations);
  };
  const measure = (plan, clock) => harness.measureGroup(plan, clock, { ...EFFORT, rounds });
  try {
    makeToken(folder, "bench");
    const isNode = runtime.startsWith("node");
    const [backend, name] = BACKENDS[runtime];
    const own = await start(runtime, program, backend, isNode ? peersManifest() : "");
    const samples = [];
    if (isNode && own.contenders.includes(PEER)) {
      const contenders = [BRIDGE, PEER];
      const comparisons = [{ name: BRIDGE, against: PEER, reach: { node20: 1.15, node: 1.15 } }];
      samples.push(await measure({ name: "P-256 signature", unit: "ms", contenders, comparisons }, own.run));
    }
    if (!isNode) samples.push(await measure(overNode(name), await beside(own)));
    // bun:ffi has no calls on other threads; with koffi Bun has.
    const asynchronous = runtime === "bun" ? await start(runtime, program, "koffi") : own;
    const plan = standstill(asynchronous.contenders);
    samples.push(await harness.measureGroup(plan, asynchronous.run, { rounds, batchMs: 0, warmUpMs: 500 }));
    return samples;
  } finally {
    for (const signer of signers) signer.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Versions of the peers, as far as they could be installed. */
export function hsmPeers() {
  return peersManifest() === "" ? {} : JSON.parse(readFileSync(join(PEERS, "package.json"), "utf8")).dependencies;
}

/** The manifest beside which pkcs11js is installed; empty, with a word, where it cannot be. */
function peersManifest() {
  const manifest = join(PEERS, "package.json");
  if (existsSync(join(PEERS, "node_modules", "pkcs11js", "build", "Release", "pkcs11.node"))) return manifest;
  const args = ["install", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status } = spawnSync("npm", args, { cwd: PEERS, stdio: "ignore", shell: process.platform === "win32" });
  if (status === 0) return manifest;
  leaveOut("pkcs11js is left out: it is compiled where it is installed, and here that fails");
  return "";
}

/** Starts a process that signs; `run` tells it how often, and answers the milliseconds that it took. */
async function startSigner(runtime, program, bundle, args, folder) {
  // Deno lets nobody read below /proc without every permission.
  const before = runtime === "deno" ? ["run", "--no-prompt", "--allow-all"] : [];
  const child = spawn(program, [...before, bundle, ...args], {
    stdio: ["pipe", "pipe", "inherit"],
    env: tokenEnvironment(folder),
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the signer in ${runtime} ended`);
    return value;
  };
  const contenders = (await next()).split(",");
  return {
    contenders,
    run: async (contender, operations) => {
      child.stdin.write(`${contender} ${operations}\n`);
      return Number(await next());
    },
    end: () => child.stdin.end(),
  };
}
