/**
 * Topic `startup`: a whole `credential-process`, from the start of its process to its end, over `node -e 0`; on Node as it
 * is published, and as the program in one file that `npm run binaries` makes of Bun.
 *
 * On Node also with the same key in SoftHSM, where that is on this machine, over the run with the key in its file: the copy
 * of the program that does it stands beside koffi, as it does in a user's project.
 *
 * The AWS SDKs start it again and again. Each round starts every program once; the first round, which is not counted,
 * leaves the compiled program beside it. The service is another process, on loopback, and verifies the first request
 * alone. The environment is empty but for the path, and for `AWS_CA_BUNDLE` over TLS: what `NODE_OPTIONS` and
 * `NODE_EXTRA_CA_CERTS` load would be measured too.
 */
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { HOST_TARGET } from "../build/binary-runtimes.mjs";
import { ROOT, RUNTIMES } from "../build/bootstrap.mjs";
import { build } from "../build/build.mjs";
import { EXTERNAL } from "../build/bundle.mjs";
import { readManifest } from "../build/entry-points.mjs";
import { bundleText } from "../test/run/bundle.mjs";
import { locateRuntime } from "../test/run/runtimes.mjs";
import { leaveOut } from "./left-out.mjs";
import { makeToken, PIN, softHsmModule, tokenEnvironment } from "./softhsm.mjs";

/** Starts the local service with `serviceProgram` and measures programs of the Node at `program`, or of Bun. */
export async function startupSamples(runtime, program, serviceProgram, harness, rounds) {
  const isBun = runtime === "bun";
  const node = isBun ? locateRuntime("node").program : program;
  if (node === undefined) throw new Error("there is no Node to compare with");
  const folder = mkdtempSync(join(tmpdir(), "anyrole-bench-"));
  const service = await startService(serviceProgram, folder);
  try {
    const anyrole = isBun ? buildBinary(folder) : [program, await buildCommand()];
    const credentialProcess = (endpoint, env, more = []) => ({
      command: [...anyrole, "credential-process", ...flagsOf(service, endpoint), ...more],
      env,
      output: /"SessionToken"/,
    });
    const commands = {
      "credential-process, HTTP": credentialProcess(service.http, {}, ["--no-cache"]),
      "credential-process, HTTPS": credentialProcess(service.https, { AWS_CA_BUNDLE: service.ca }, ["--no-cache"]),
      "node -e 0": { command: [node, "-e", "0"], env: {}, output: /^$/ },
      // The first round fills the cache; the endpoint is never asked again.
      "credential-process, cached": credentialProcess(service.https, {
        AWS_CA_BUNDLE: service.ca,
        ANYROLE_CACHE_DIR: join(folder, "cache"),
      }),
      // Nothing can be found that lives longer than a session, so that each round makes one and keeps it.
      "credential-process, HTTP, to the cache": credentialProcess(
        service.http,
        { ANYROLE_CACHE_DIR: join(folder, "cache") },
        ["--minimum-life", "43200"],
      ),
      version: { command: [...anyrole, "version"], env: {}, output: /^\d/ },
    };
    const [http, https, nothing, cached, kept, version] = Object.keys(commands);
    const onToken = isBun ? undefined : softHsmCommand(program, service, folder);
    if (onToken !== undefined) commands[ON_TOKEN] = onToken;
    const plan = {
      name: isBun ? "Bun, one file" : "Node",
      unit: "ms",
      contenders: Object.keys(commands),
      comparisons: [
        { name: http, against: nothing, reach: { node: 1.75, bun: 0.41 } },
        { name: https, against: nothing, reach: { node: 2.1, bun: 0.41 } },
        { name: kept, against: http },
        { name: cached, against: nothing },
        { name: cached, against: version, reach: { bun: 1.3 } },
        ...onToken === undefined ? [] : [{ name: ON_TOKEN, against: http, reach: { node20: 1.5, node: 1.5 } }],
      ],
    };
    const clock = async (contender) => timeProcess(commands[contender]);
    return [await harness.measureGroup(plan, clock, { rounds, batchMs: 0, warmUpMs: 0 })];
  } finally {
    service.child.stdin.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

const ON_TOKEN = "credential-process, SoftHSM, HTTP";

/** The command with the key of the file, imported into a token; undefined, with a word, where SoftHSM is missing. */
function softHsmCommand(program, service, folder) {
  const module = softHsmModule();
  if (module === undefined) {
    leaveOut("SoftHSM is left out: it is not on this machine; install softhsm2 with your system's packages");
    return undefined;
  }
  makeToken(folder, "startup");
  const words = [
    "--import",
    service.privateKey,
    "--token",
    "startup",
    "--label",
    "startup",
    "--id",
    "01",
    "--pin",
    PIN,
  ];
  const { status, stderr } = spawnSync("softhsm2-util", words, { env: tokenEnvironment(folder), encoding: "utf8" });
  if (status !== 0) throw new Error(`softhsm2-util ended with ${status}: ${stderr}`);
  const packages = join(folder, "node_modules");
  const bin = join(packages, "anyrole", "dist", "bin");
  mkdirSync(bin, { recursive: true });
  cpSync(join(ROOT, "dist", "bin"), bin, { recursive: true, filter: (path) => !/\.cache\w*$/.test(path) });
  for (const name of ["koffi", "@koromix"]) symlinkSync(join(RUNTIMES, "node_modules", name), join(packages, name));
  const key = { ...service, privateKey: "pkcs11:token=startup;object=startup" };
  const token = ["--pkcs11-lib", module, "--pkcs11-pin-env", "PIN", "--no-cache"];
  return {
    command: [program, join(bin, "anyrole.cjs"), "credential-process", ...flagsOf(key, service.http), ...token],
    env: { SOFTHSM2_CONF: tokenEnvironment(folder).SOFTHSM2_CONF, PIN },
    output: /"SessionToken"/,
  };
}

/** One build serves every Node of a run. */
let built;

async function buildCommand() {
  built ??= build({ quick: true });
  await built;
  return join(ROOT, "dist", "bin", "anyrole.cjs");
}

function buildBinary(folder) {
  const args = [join(ROOT, "build", "binaries.mjs"), "--target", "host", "--out", folder];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`npm run binaries ended with ${status}: ${stderr}`);
  return [join(folder, `anyrole-${readManifest().version}-${HOST_TARGET}`)];
}

function flagsOf({ certificate, privateKey, trustAnchorArn, profileArn, roleArn }, endpoint) {
  const flags = {
    certificate,
    "private-key": privateKey,
    "trust-anchor-arn": trustAnchorArn,
    "profile-arn": profileArn,
    "role-arn": roleArn,
    endpoint,
  };
  return Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
}

function timeProcess({ command: [program, ...args], env, output }) {
  const options = { encoding: "utf8", env: { PATH: process.env.PATH, ...env }, timeout: 30_000 };
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, options);
  const time = performance.now() - start;
  if (status !== 0 || !output.test(stdout)) {
    throw new Error(`${args.slice(0, 2).join(" ")} ended with ${status}: ${stderr}`);
  }
  return time;
}

/** Starts the local service, which writes the files of a client into the folder; it ends when its input does. */
export async function startService(program, folder) {
  const text = `import "./bench/startup-service.ts";`;
  const bundle = await bundleText("startup-service", text, { platform: "node", external: EXTERNAL });
  const child = spawn(program, [bundle, folder], { stdio: ["pipe", "pipe", "inherit"] });
  return await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => reject(new Error(`the local service ended with ${signal ?? code}`)));
    createInterface({ input: child.stdout }).once("line", (line) => resolve({ child, ...JSON.parse(line) }));
  });
}
