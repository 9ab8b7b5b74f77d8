/**
 * Topic `crl`, whole processes: the first list that a process sees, and the memory that a streamed one takes.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { ROOT } from "../build/bootstrap.mjs";
import { bundleText } from "../test/run/bundle.mjs";
import { leaveOut } from "./left-out.mjs";

const ENTRIES = 1_000_000;

/** Smaller lists, in folders named so, by which the growth of memory is told. */
const FEWER = [1000, 10_000, 100_000];

/** Peaks of memory are much the same each time. */
const MEMORY_ROUNDS = 7;

/** Samples of one runtime that has files. @param bundle makes a module of this text for it */
export async function crlSamples(runtime, program, bundle, harness, rounds) {
  files ??= await makeFiles();
  for (const sentence of files.libcrypto.leftOut) leaveOut(sentence);
  return [
    await coldSamples(runtime, program, bundle, harness, rounds),
    ...await memorySamples(runtime, program, bundle, Math.min(rounds, MEMORY_ROUNDS)),
  ];
}

/** Removes the list. */
export function removeCrlFiles() {
  if (files !== undefined) rmSync(files.folder, { recursive: true, force: true });
}

/** What the list is held against besides libraries from npm. */
export function crlTools() {
  return files?.libcrypto.version === undefined ? {} : { libcrypto: files.libcrypto.version };
}

/** One list serves every runtime of a run. */
let files;

async function makeFiles() {
  const bundle = await bundleText("revocation-fixture", `export * from "./bench/revocation-fixture.ts";`);
  const { makeRevocation } = await import(bundle);
  const folder = mkdtempSync(join(tmpdir(), "anyrole-bench-"));
  const write = async (entries, into) => {
    const { serialNumber, ...files } = await makeRevocation(entries);
    for (const [name, octets] of Object.entries(files)) writeFileSync(join(into, `${name}.der`), octets);
    return serialNumber;
  };
  const serialNumber = await write(ENTRIES, folder);
  for (const entries of FEWER) {
    mkdirSync(join(folder, String(entries)));
    await write(entries, join(folder, String(entries)));
  }
  return { folder, libcrypto: buildLibcrypto(folder, Buffer.from(serialNumber).toString("hex")) };
}

/** The C program; or, without compiler or headers, the command of OpenSSL, which finds nothing and is a whole process. */
function buildLibcrypto(folder, serial) {
  const program = join(folder, "libcrypto-crl");
  const source = join(ROOT, "bench", "compare", "libcrypto-crl.c");
  const built = spawnSync("cc", ["-O2", "-o", program, source, "-lcrypto"], { encoding: "utf8" });
  const list = join(folder, "list.der");
  if (built.status === 0) {
    const run = () => {
      const { status, stdout } = spawnSync(program, [list, join(folder, "issuer.der"), serial], { encoding: "utf8" });
      if (status !== 0) throw new Error(`libcrypto-crl ended with ${status}`);
      return stdout.split("\n");
    };
    return { leftOut: [], name: "libcrypto", version: run()[0], time: () => Number(run()[1]) };
  }
  const uncompiled = "libcrypto is left out: there is no C compiler, or there are no headers of OpenSSL (libssl-dev)";
  const version = spawnSync("openssl", ["version"], { encoding: "utf8" });
  if (version.status !== 0) return { leftOut: [uncompiled] };
  const certificate = join(folder, "issuer.pem");
  spawnSync("openssl", ["x509", "-inform", "DER", "-in", join(folder, "issuer.der"), "-out", certificate]);
  const args = ["crl", "-inform", "DER", "-in", list, "-noout", "-CAfile", certificate];
  return {
    leftOut: [`${uncompiled}; the command "openssl crl" stands in`],
    name: "openssl crl, a process, no look-up",
    version: version.stdout.trim(),
    time: () => {
      const start = performance.now();
      const { status } = spawnSync("openssl", args);
      if (status !== 0) throw new Error(`openssl crl ended with ${status}`);
      return performance.now() - start;
    },
  };
}

async function coldSamples(runtime, program, bundle, harness, rounds) {
  const { folder, libcrypto } = files;
  const module = await bundle(`crl-cold-${runtime}`, "crl-cold", "measureOnce");
  const run = (what) => () => record(program, [...flagsOf(runtime), module, what, folder]);
  const contenders = {
    check: run("check"),
    "SHA-256 alone": run("hash"),
    "streamed check, the file read too": run("stream"),
    ...libcrypto.time === undefined ? {} : { [libcrypto.name]: libcrypto.time },
  };
  const reach = (ratio) => Object.fromEntries(["node20", "node", "deno", "bun"].map((name) => [name, ratio]));
  const plan = {
    name: "1,000,000 entries, first list of a process",
    unit: "ms",
    contenders: Object.keys(contenders),
    comparisons: [
      { name: "check", against: "SHA-256 alone", reach: reach(2) },
      { name: "streamed check, the file read too", against: "SHA-256 alone" },
      ...libcrypto.time === undefined ? [] : [{ name: "check", against: libcrypto.name, reach: reach(0.05) }],
    ],
  };
  const clock = async (contender) => contenders[contender]();
  return await harness.measureGroup(plan, clock, { rounds, batchMs: 0, warmUpMs: 0 });
}

async function memorySamples(runtime, program, bundle, rounds) {
  if (process.platform !== "linux") {
    leaveOut("The peak memory of a process is left out: it is measured on Linux alone");
    return [];
  }
  const module = await bundle(`crl-memory-${runtime}`, "crl-memory", "measureMemory");
  const alone = await bundle(`crl-memory-alone-${runtime}`, "crl-memory-alone", "measureAlone", [], false);
  const peaks = (script, folder = files.folder) => record(program, [...flagsOf(runtime), script, folder]);
  const names = [ALLOCATED, RESIDENT, PROGRAM];
  const times = Object.fromEntries(names.map((name) => [name, []]));
  const grown = Object.fromEntries([...FEWER, ENTRIES].map((entries) => [nameOf(entries), []]));
  for (let round = 0; round < rounds; round++) {
    const ours = peaks(module);
    grown[nameOf(ENTRIES)].push(ours[0]);
    for (const entries of FEWER) grown[nameOf(entries)].push(peaks(module, join(files.folder, String(entries)))[0]);
    const others = peaks(alone);
    names.forEach((name, i) => times[name].push(ours[i] - others[i]));
  }
  const limit = "8 MB";
  return [{
    name: "1,000,000 entries streamed, peak above that of reading the file",
    unit: "MB",
    contenders: names,
    comparisons: [
      { name: ALLOCATED, against: limit, reach: { node20: 1, node: 1, deno: 1, bun: 1 } },
      { name: RESIDENT, against: limit },
      { name: PROGRAM, against: limit },
    ],
    limits: { [limit]: 8 },
    times,
  }, {
    name: "anonymous pages by entries, streamed",
    unit: "MB",
    contenders: Object.keys(grown),
    comparisons: [...FEWER.slice(1), ENTRIES].map((entries) => ({ name: nameOf(entries), against: nameOf(FEWER[0]) })),
    growth: {
      parameter: "entries",
      sizes: Object.fromEntries([...FEWER, ENTRIES].map((entries) => [nameOf(entries), entries])),
    },
    times: grown,
  }];
}

function nameOf(entries) {
  return `${entries.toLocaleString("en")} entries`;
}

/** Ours: all that is allocated, the engine's heap and the code it compiles included. This is what the figure is about. */
const ALLOCATED = "anonymous pages";

/** The runtime's own program among them. */
const RESIDENT = "all resident pages";

/**
 * Not ours: pages of the runtime's program file, none of which was written to. Its compilers, for one, are read in when
 * there is something to compile. What is resident and in neither of the two rows is libraries, within noise.
 */
const PROGRAM = "pages of the runtime's program file among them";

function flagsOf(runtime) {
  // The peak stands in /proc, which takes all permissions.
  return runtime === "deno" ? ["run", "--no-prompt", "--allow-all"] : [];
}

function record(program, args) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: "utf8",
    env: { PATH: process.env.PATH, NODE_NO_WARNINGS: "1" },
  });
  if (status !== 0) throw new Error(`${args[0]} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout.slice(stdout.indexOf("@@ ") + 3));
}
