/**
 * A TPM 2.0 in software (swtpm), with keys that tpm2-tools, OpenSSL's TPM provider and this package make, used in every
 * runtime.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { createPublicKey, verify } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { encodePem } from "../../core/pem/pem.ts";
import { type InteropContext, type InteropItem, Missing, requireProgram } from "./interop.ts";
import {
  certify,
  credentialsJob,
  requireConformance,
  requireFailure,
  TOKEN_RUNTIMES,
  type TokenPrograms,
  tokenPrograms,
  type TokenRuntime,
  tool,
  verifyRequest,
  verifyWithOpenssl,
} from "./token-programs.ts";
import { freePort } from "../support/free-port.ts";

/** The password of keys, which no bus and no output may show. */
const PASSWORD = "canary-tpm-161803";

/** A running TPM and the keys in it. */
interface SoftwareTpm {
  readonly programs: TokenPrograms;
  /** Its folder. */
  readonly path: string;
  /** Its socket. */
  readonly socket: string;
  /** Environment of tpm2-tools and of OpenSSL's provider. */
  readonly environment: Record<string, string>;
  /** What is sent to it over {@link sniffed}. */
  readonly sniffed: { readonly socket: string; readonly octets: Uint8Array[] };
}

const HANDLES = {
  RSA: "handle:0x81010001",
  "P-256": "handle:0x81010002",
  "P-256 with password": "handle:0x81010003",
  "RSA of any scheme": "handle:0x81010004",
  "P-384": "handle:0x81010005",
} as const;

const FILES = {
  RSA: ["-algorithm", "RSA", "-pkeyopt", "bits:2048"],
  "P-256": ["-algorithm", "EC", "-pkeyopt", "group:P-256"],
  "P-384": ["-algorithm", "EC", "-pkeyopt", "group:P-384"],
  "P-256 with password": ["-algorithm", "EC", "-pkeyopt", "group:P-256", "-pkeyopt", `user-auth:${PASSWORD}`],
  "P-256 below 81000001": ["-algorithm", "EC", "-pkeyopt", "group:P-256", "-pkeyopt", "parent:0x81000001"],
} as const;

/** The items of this file. */
export function softwareTpmItems(context: InteropContext): readonly InteropItem[] {
  let ready: Promise<SoftwareTpm> | undefined;
  const item = (name: string, work: (tpm: SoftwareTpm) => Promise<void>): InteropItem => ({
    name: `swtpm: ${name}`,
    quick: false,
    run: async () => await work(await (ready ??= softwareTpm(context))),
  });
  const password = (name: string) => name.includes("password") ? { password: PASSWORD } : {};
  return [
    ...TOKEN_RUNTIMES.flatMap((runtime) => [
      item(`keys of tpm2-tools at handles sign in ${runtime}, verified by OpenSSL`, async ({ programs, socket }) => {
        for (const [name, key] of Object.entries(HANDLES)) {
          await signs(programs, runtime, { key, tpm: { device: socket }, ...password(name) });
        }
      }),
      item(`key files of OpenSSL's provider sign in ${runtime}, verified by OpenSSL`, async (tpm) => {
        for (const name of Object.keys(FILES)) {
          const key = readFileSync(keyFile(tpm, name), "utf8");
          await signs(tpm.programs, runtime, { key, tpm: { device: tpm.socket }, ...password(name) });
        }
      }),
      item(`the tests of every signer with keys at handles and of a file in ${runtime}`, async (tpm) => {
        for (const key of [HANDLES.RSA, HANDLES["P-256"], readFileSync(keyFile(tpm, "P-256"), "utf8")]) {
          await requireConformance(tpm.programs, runtime, { tpm: { device: tpm.socket }, key });
        }
      }),
      item(`credentials with keys at a handle and of a file in ${runtime}`, async (tpm) => {
        for (const key of [HANDLES.RSA, readFileSync(keyFile(tpm, "P-256"), "utf8")]) {
          await credentials(context, tpm, runtime, key);
        }
      }),
      item(`a character device (a terminal of socat) in ${runtime}`, async (tpm) => {
        const device = await terminal(tpm, `${runtime.replace(/\W/g, "")}`);
        try {
          await signs(tpm.programs, runtime, { key: HANDLES["P-256"], tpm: { device: device.path } });
        } finally {
          device.close();
        }
      }),
      item(`a wrong password is refused in ${runtime}, and shown nowhere`, async ({ programs, socket }) => {
        const wrong = "canary-wrong-tpm";
        const job = { do: "sign", tpm: { device: socket }, key: HANDLES["P-256 with password"], count: 1 };
        requireFailure(await programs.run(runtime, { ...job, password: wrong }), "ERR_TPM_PASSWORD_WRONG", wrong);
        const asked = await programs.run(runtime, { ...job, password: wrong, ask: true });
        requireFailure(asked, "ERR_TPM_PASSWORD_WRONG", wrong);
        const { requests } = asked.error as unknown as { readonly requests: readonly number[] };
        // The same one again is not tried again.
        if (requests.join() !== "1,2") throw new Error(`the password was asked for as ${requests}`);
        requireFailure(await programs.run(runtime, job), "ERR_TPM_PASSWORD_MISSING");
      }),
    ]),
    item("a socket of TCP", async (tpm) => {
      const port = await freePort();
      const server = start(join(tpm.path, "tcp"), [
        "--server",
        `type=tcp,port=${port}`,
        "--ctrl",
        `type=unixio,path=${tpm.path}/tcp.ctrl`,
      ]);
      try {
        const create = { type: { type: "ec", curve: "P-256" } };
        const job = { do: "create", tpm: { device: { host: "127.0.0.1", port } }, create };
        await untilAnswered(() => tpm.programs.value("current Node", job));
        await tpm.programs.value("Deno", job);
      } finally {
        server.kill();
      }
    }),
    item("keys made here are loaded by OpenSSL's provider, and ask for certificates", async (tpm) => {
      const makes = [
        { type: { type: "rsa", bits: 2048 } },
        { type: { type: "ec", curve: "P-256" } },
        { type: { type: "ec", curve: "P-384" } },
        { type: { type: "ec", curve: "P-256" }, parent: 0x81000001 },
      ];
      for (const [i, create] of makes.entries()) {
        for (const secret of [{}, { password: PASSWORD }]) {
          const job = { do: "create", tpm: { device: tpm.socket }, create, ...secret };
          const { pem, publicKey, request } = await tpm.programs.value(TOKEN_RUNTIMES[i % 4]!, job);
          verifyRequest(context, request);
          opensslSigns(context, tpm, pem, publicKey, "password" in secret ? PASSWORD : undefined);
        }
      }
    }),
    item("keys of every hierarchy, with an RSA parent, and made persistent", async (tpm) => {
      const device = tpm.socket;
      for (const parent of [0x40000001, 0x40000007, 0x4000000b, 0x4000000c]) {
        const create = { type: { type: "ec", curve: "P-256" }, parent, rsaParent: parent === 0x40000001 };
        const { pem } = await tpm.programs.value("current Node", { do: "create", tpm: { device }, create });
        await signs(tpm.programs, "Node 20", { key: pem, tpm: { device } });
        if (parent !== 0x40000001) continue;
        await tpm.programs.value("Bun", { do: "persist", tpm: { device }, key: pem, handle: 0x81010042 });
        await signs(tpm.programs, "Deno", { key: "handle:81010042", tpm: { device } });
        const again = await tpm.programs.run("Bun", { do: "persist", tpm: { device }, key: pem, handle: 0x81010042 });
        requireFailure(again, "ERR_TPM_COMMAND");
        run(tpm, "tpm2_evictcontrol", ["-C", "o", "-c", "0x81010042"]);
      }
    }),
    item("an importable key of tpm2_duplicate", async (tpm) => {
      const key = await importableKey(tpm);
      for (const runtime of TOKEN_RUNTIMES) await signs(tpm.programs, runtime, { key, tpm: { device: tpm.socket } });
    }),
    item("keys bound to registers sign until those change", async (tpm) => {
      const device = tpm.socket;
      const pcrs = { hash: "SHA-256", registers: [0, 7, 16] };
      const create = { type: { type: "ec", curve: "P-256" }, pcrs };
      const made = await tpm.programs.value("current Node", { do: "create", tpm: { device }, create });
      const job = { do: "create", tpm: { device }, create, password: PASSWORD };
      const { pem } = await tpm.programs.value("current Node", job);
      const keys = [{ key: made.pem }, { key: pem, password: PASSWORD }, { key: await policyKey(tpm) }];
      for (const key of keys) await signs(tpm.programs, "current Node", { ...key, tpm: { device } });
      run(tpm, "tpm2_pcrextend", [`16:sha256=${"42".repeat(32)}`]);
      for (const key of keys) {
        const failed = await tpm.programs.run("Bun", { do: "sign", ...key, tpm: { device }, count: 1 });
        requireFailure(failed, "ERR_TPM_POLICY", PASSWORD);
      }
      run(tpm, "tpm2_pcrreset", ["16"]);
      for (const key of keys) await signs(tpm.programs, "Deno", { ...key, tpm: { device } });
    }),
    item("a password of the owner's hierarchy, and of a key, is nowhere on the bus", async (tpm) => {
      const { sniffed, programs } = tpm;
      const device = sniffed.socket;
      run(tpm, "tpm2_changeauth", ["-c", "o", PASSWORD]);
      try {
        const passwords = { password: PASSWORD, parentPassword: PASSWORD };
        const job = { do: "create", tpm: { device }, create: { type: { type: "ec", curve: "P-256" } }, ...passwords };
        const { pem } = await programs.value("current Node", job);
        await signs(programs, "current Node", { key: pem, tpm: { device }, ...passwords });
        await signs(programs, "Node 20", { key: HANDLES["P-256 with password"], tpm: { device }, password: PASSWORD });
        if (wasSeen(sniffed.octets)) throw new Error("the password was on the bus");
        if (sniffed.octets.length < 20) throw new Error(`${sniffed.octets.length} messages were seen`);
      } finally {
        run(tpm, "tpm2_changeauth", ["-c", "o", "-p", PASSWORD]);
      }
      // That it would have been seen: OpenSSL's provider sends it in clear.
      const words = [...PROVIDER, "-sign", "-inkey", keyFile(tpm, "P-256 with password"), "-passin", "env:CANARY"];
      const files = ["-in", context.folder.write("tpm-message", "message"), "-out", join(tpm.path, "clear.sig")];
      await background("openssl", ["pkeyutl", ...words, "-rawin", "-digest", "sha256", ...files], {
        TPM2OPENSSL_TCTI: `swtpm:path=${device}`,
        CANARY: PASSWORD,
      });
      if (!wasSeen(sniffed.octets)) throw new Error("the sniffer sees nothing");
    }),
    item("64 signatures at once, and two processes at once", async ({ programs, socket, path }) => {
      const job = { do: "sign", tpm: { device: socket }, count: 64 };
      const key = readFileSync(join(path, "P-256.pem"), "utf8");
      const all = await Promise.all([
        programs.value("current Node", { ...job, key }),
        programs.value("Bun", { ...job, key }),
        programs.value("Deno", { ...job, key: HANDLES["P-256"] }),
      ]);
      for (const signed of all) verifyWithOpenssl(signed, 64);
    }),
    item("wrong passwords lead to a lock-out, which is told", async (tpm) => {
      const path = join(tpm.path, "locking");
      const { server, socket, environment } = await startOnSocket(path);
      try {
        tool("tpm2_dictionarylockout", ["-s", "-n", "2", "-t", "1000", "-l", "1000"], environment);
        const locking = { ...tpm, socket, environment };
        const create = { type: { type: "ec", curve: "P-256" } };
        const job = { do: "create", tpm: { device: socket }, create, password: PASSWORD };
        const { pem } = await tpm.programs.value("current Node", job);
        const sign = { do: "sign", tpm: { device: socket }, key: pem, count: 1 };
        const wrong = "canary-wrong-tpm";
        for (const code of ["ERR_TPM_PASSWORD_WRONG", "ERR_TPM_PASSWORD_WRONG", "ERR_TPM_LOCKOUT"]) {
          requireFailure(await tpm.programs.run("current Node", { ...sign, password: wrong }), code, wrong);
        }
        // The right one is refused as well, until somebody clears it.
        requireFailure(await tpm.programs.run("Deno", { ...sign, password: PASSWORD }), "ERR_TPM_LOCKOUT", PASSWORD);
        run(locking, "tpm2_dictionarylockout", ["-c"]);
        await signs(tpm.programs, "Bun", { key: pem, tpm: { device: socket }, password: PASSWORD });
      } finally {
        server.kill();
      }
    }),
    item("10,000 signatures and 1,000 failures leave memory and the TPM as they were", async ({ programs, socket }) => {
      const tpm = { device: socket };
      const job = { do: "endure", tpm, key: HANDLES["P-256"], wrongKey: HANDLES["P-256 with password"] };
      // In pieces: a program of a test has forty seconds.
      for (let i = 0; i < 2; i++) {
        const runtime = TOKEN_RUNTIMES[i]!;
        const { before, after } = await programs.value(runtime, { ...job, signatures: 5_000, failures: 500 });
        if (after > before + 1_000_000) throw new Error(`${runtime}: the heap grew from ${before} to ${after} octets`);
      }
    }),
    item("nothing of all this is left in the TPM", async (tpm) => {
      for (const what of ["handles-transient", "handles-loaded-session", "handles-saved-session"]) {
        const left = run(tpm, "tpm2_getcap", [what]).trim();
        if (left !== "") throw new Error(`${what}: ${left}`);
      }
    }),
  ];
}

/** What makes openssl sign with the TPM. */
const PROVIDER = ["-provider", "tpm2", "-provider", "default", "-propquery", "?provider=tpm2"];

const ADVICE = "install swtpm, tpm2-tools and tpm2-openssl with your system's packages";

/** Starts the TPM and makes keys in it, once. */
async function softwareTpm(context: InteropContext): Promise<SoftwareTpm> {
  requireProgram("swtpm", ["--version"], ADVICE);
  requireProgram("tpm2_getcap", ["--version"], ADVICE);
  const modules = /"(.+)"/.exec(requireProgram("openssl", ["version", "-m"], ADVICE))?.[1] ?? "";
  if (!existsSync(join(modules, "tpm2.so"))) throw new Missing(`OpenSSL's provider tpm2 is not there; ${ADVICE}`);
  const path = join(context.folder.path, "swtpm");
  const { socket, environment } = await startOnSocket(path);
  const sniffed = { socket: join(path, "sniffed"), octets: [] as Uint8Array[] };
  await sniff(socket, sniffed);
  const programs = tokenPrograms(context, "tpm-client", "tpm-client.mjs", [
    // Character devices are open to programs that may do everything, and to no others.
    "--allow-all",
  ]);
  const tpm: SoftwareTpm = { programs, path, socket, environment, sniffed };
  run(tpm, "tpm2_dictionarylockout", ["-s", "-n", "100000", "-t", "0", "-l", "0"]);
  run(tpm, "tpm2_createprimary", ["-C", "o", "-G", "ecc", "-c", join(path, "parent.ctx")]);
  run(tpm, "tpm2_evictcontrol", ["-C", "o", "-c", join(path, "parent.ctx"), "0x81000001"]);
  flush(tpm);
  const sign = ["-a", "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|sign"];
  toolKey(tpm, HANDLES.RSA, ["-G", "rsa2048:rsassa-sha256:null", ...sign]);
  toolKey(tpm, HANDLES["P-256"], ["-G", "ecc256:ecdsa-sha256:null", ...sign]);
  toolKey(tpm, HANDLES["P-256 with password"], ["-G", "ecc256:ecdsa-sha256:null", "-p", PASSWORD, ...sign]);
  toolKey(tpm, HANDLES["RSA of any scheme"], ["-G", "rsa2048:null:null", ...sign]);
  toolKey(tpm, HANDLES["P-384"], ["-G", "ecc384:ecdsa-sha384:null", ...sign]);
  for (const [name, words] of Object.entries(FILES)) {
    const provider = ["-provider", "tpm2", "-provider", "default"];
    run(tpm, "openssl", ["genpkey", ...provider, ...words, "-out", keyFile(tpm, name)]);
  }
  return tpm;
}

function keyFile({ path }: SoftwareTpm, name: string): string {
  return join(path, `${name.replaceAll(" ", "-")}.pem`);
}

/** Makes a key with tpm2-tools and puts it to a handle. */
function toolKey(tpm: SoftwareTpm, handle: string, words: readonly string[]): void {
  const [publicPart, privatePart, loaded] = ["pub", "priv", "ctx"].map((end) => join(tpm.path, `key.${end}`));
  const parts = ["-u", publicPart!, "-r", privatePart!];
  run(tpm, "tpm2_create", ["-C", "0x81000001", ...words, ...parts]);
  flush(tpm);
  run(tpm, "tpm2_load", ["-C", "0x81000001", ...parts, "-c", loaded!]);
  run(tpm, "tpm2_evictcontrol", ["-C", "o", "-c", loaded!, handle.slice("handle:".length)]);
  flush(tpm);
}

/** A key that tpm2_duplicate encrypted for the persistent parent, as a key file. */
async function importableKey(tpm: SoftwareTpm): Promise<string> {
  const at = (name: string) => join(tpm.path, name);
  run(tpm, "tpm2_startauthsession", ["-S", at("trial.ctx")]);
  run(tpm, "tpm2_policycommandcode", ["-S", at("trial.ctx"), "-L", at("duplicate.policy"), "TPM2_CC_Duplicate"]);
  run(tpm, "tpm2_flushcontext", [at("trial.ctx")]);
  run(tpm, "tpm2_createprimary", ["-C", "n", "-G", "ecc", "-c", at("old-parent.ctx")]);
  flush(tpm);
  const attributes = ["-a", "sensitivedataorigin|userwithauth|sign|noda", "-L", at("duplicate.policy")];
  const parts = ["-u", at("dup.pub"), "-r", at("dup.priv")];
  run(tpm, "tpm2_create", ["-C", at("old-parent.ctx"), "-G", "ecc256:ecdsa-sha256:null", ...attributes, ...parts]);
  flush(tpm);
  run(tpm, "tpm2_load", ["-C", at("old-parent.ctx"), ...parts, "-c", at("dup.ctx")]);
  flush(tpm);
  run(tpm, "tpm2_startauthsession", ["--policy-session", "-S", at("session.ctx")]);
  run(tpm, "tpm2_policycommandcode", ["-S", at("session.ctx"), "TPM2_CC_Duplicate"]);
  const target = ["-C", "0x81000001", "-c", at("dup.ctx"), "-G", "null", "-p", `session:${at("session.ctx")}`];
  run(tpm, "tpm2_duplicate", [...target, "-r", at("dup.dpriv"), "-s", at("dup.seed")]);
  run(tpm, "tpm2_flushcontext", [at("session.ctx")]);
  flush(tpm);
  return await tpm.programs.value("Node 20", {
    do: "file",
    parts: {
      emptyAuth: true,
      parent: 0x81000001,
      publicPart: base64(at("dup.pub")),
      privatePart: base64(at("dup.dpriv")),
      secret: base64(at("dup.seed")),
    },
  });
}

/** A key with a policy of tpm2-tools, as a key file: bound to register 16. */
async function policyKey(tpm: SoftwareTpm): Promise<string> {
  const at = (name: string) => join(tpm.path, name);
  run(tpm, "tpm2_createpolicy", ["--policy-pcr", "-l", "sha256:16", "-L", at("pcr.policy")]);
  // The tool leaves its session behind.
  run(tpm, "tpm2_flushcontext", ["-l"]);
  const attributes = ["-a", "fixedtpm|fixedparent|sensitivedataorigin|sign|noda", "-L", at("pcr.policy")];
  const parts = ["-u", at("pcr.pub"), "-r", at("pcr.priv")];
  run(tpm, "tpm2_create", ["-C", "0x81000001", "-G", "ecc256:ecdsa-sha256:null", ...attributes, ...parts]);
  flush(tpm);
  // An empty digest stands for the values of the moment; the policy is that of SHA-256, register 16.
  const parameters = Buffer.from("0000" + "00000001000b03000001", "hex").toString("base64");
  return await tpm.programs.value("Node 20", {
    do: "file",
    parts: {
      emptyAuth: true,
      parent: 0x81000001,
      publicPart: base64(at("pcr.pub")),
      privatePart: base64(at("pcr.priv")),
      policy: [{ commandCode: 0x17f, parameters }],
    },
  });
}

function base64(path: string): string {
  return readFileSync(path).toString("base64");
}

/** Signs three messages in a runtime, and has OpenSSL verify them. */
async function signs(
  programs: TokenPrograms,
  runtime: TokenRuntime,
  job: Readonly<Record<string, unknown>>,
): Promise<void> {
  verifyWithOpenssl(await programs.value(runtime, { do: "sign", count: 3, ...job }), 3);
}

async function credentials(
  context: InteropContext,
  tpm: SoftwareTpm,
  runtime: TokenRuntime,
  key: string,
): Promise<void> {
  const device = { device: tpm.socket };
  const { publicKey } = await tpm.programs.value(runtime, { do: "sign", tpm: device, key, count: 0 });
  const certificate = encodePem("CERTIFICATE", await certify(context, "TPM", publicKey));
  const intermediates = context.authority.intermediate.certificatePem;
  const job = { ...credentialsJob(context, { certificate, intermediates }), tpm: device, key };
  const { accessKeyId } = await tpm.programs.value(runtime, job);
  if (!/^ASIA/.test(accessKeyId)) throw new Error(`access key ${accessKeyId}`);
}

/** Signs with a key file by OpenSSL's provider. */
function opensslSigns(
  context: InteropContext,
  tpm: SoftwareTpm,
  pem: string,
  publicKey: string,
  password: string | undefined,
): void {
  const key = context.folder.write("tpm-created.pem", pem);
  const message = context.folder.write("tpm-created-message", "created");
  const signature = join(tpm.path, "created.sig");
  const words = ["-sign", "-inkey", key, "-rawin", "-digest", "sha256", "-in", message, "-out", signature];
  const secret = password === undefined ? [] : ["-passin", "env:TPM_KEY_PASSWORD"];
  tool("openssl", ["pkeyutl", ...PROVIDER, ...words, ...secret], {
    ...tpm.environment,
    ...(password === undefined ? {} : { TPM_KEY_PASSWORD: password }),
  });
  const spki = createPublicKey({ key: Buffer.from(publicKey, "base64"), format: "der", type: "spki" });
  if (!verify("sha256", Buffer.from("created"), spki, readFileSync(signature))) {
    throw new Error("OpenSSL's signature with the key made here does not verify");
  }
}

function run(tpm: SoftwareTpm, program: string, args: readonly string[]): string {
  return tool(program, args, tpm.environment);
}

/** swtpm has three places and no resource manager. */
function flush(tpm: SoftwareTpm): void {
  run(tpm, "tpm2_flushcontext", ["-t"]);
}

/** Starts a TPM on a socket of the file system; it ends with this process. */
export async function startOnSocket(path: string): Promise<
  { readonly server: ChildProcess; readonly socket: string; readonly environment: Record<string, string> }
> {
  const socket = `${path}.sock`;
  const server = start(path, [
    "--server",
    `type=unixio,path=${socket}`,
    "--ctrl",
    `type=unixio,path=${socket}.ctrl`,
  ]);
  const tcti = `swtpm:path=${socket}`;
  const environment = { TPM2TOOLS_TCTI: tcti, TPM2OPENSSL_TCTI: tcti, TSS2_LOG: "all+NONE" };
  await untilAnswered(async () => tool("tpm2_getcap", ["properties-fixed"], environment));
  return { server, socket, environment };
}

/** The folder of the state must be absolute. */
function start(state: string, words: readonly string[]): ChildProcess {
  mkdirSync(state, { recursive: true });
  const flags = ["--flags", "not-need-init,startup-clear"];
  const child = spawn("swtpm", ["socket", "--tpm2", "--tpmstate", `dir=${state}`, ...words, ...flags], {
    stdio: "ignore",
  });
  child.unref();
  process.once("exit", () => child.kill());
  return child;
}

/** Until it answers, for five seconds. */
export async function untilAnswered(ask: () => Promise<unknown>): Promise<void> {
  for (let tries = 1;; tries++) {
    try {
      await ask();
      return;
    } catch (error) {
      if (tries === 50) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** A character device in front of the TPM. */
async function terminal({ path, socket }: SoftwareTpm, name: string): Promise<{ path: string; close(): void }> {
  requireProgram("socat", ["-V"], "install socat with your system's packages");
  const link = join(path, `tty-${name}`);
  const child = spawn("socat", [`PTY,link=${link},raw,echo=0`, `UNIX-CONNECT:${socket}`], { stdio: "ignore" });
  for (let tries = 0; !existsSync(link); tries++) {
    if (tries === 50) throw new Error("socat makes no terminal");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { path: link, close: () => void child.kill() };
}

/** A socket in front of the TPM that sees everything. */
async function sniff(
  socket: string,
  sniffed: { readonly socket: string; readonly octets: Uint8Array[] },
): Promise<void> {
  for (const end of ["", ".ctrl"]) {
    const server = createServer((client) => {
      const tpm = createConnection(socket + end);
      client.on("data", (octets) => (sniffed.octets.push(octets), tpm.write(octets)));
      tpm.on("data", (octets) => (sniffed.octets.push(octets), client.write(octets)));
      for (const [one, other] of [[client, tpm], [tpm, client]] as const) {
        one.on("error", () => other.destroy());
        one.on("close", () => other.destroy());
      }
    });
    server.unref();
    await new Promise<void>((resolve) => server.listen(sniffed.socket + end, resolve));
  }
}

function wasSeen(octets: readonly Uint8Array[]): boolean {
  return Buffer.concat(octets).includes(PASSWORD);
}

/** A tool that needs this process while it runs. */
async function background(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const child = spawn(program, [...args], { stdio: "ignore", env: { ...process.env, ...environment } });
  const code = await new Promise((resolve, reject) => child.on("close", resolve).on("error", reject));
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
}
