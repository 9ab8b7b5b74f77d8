/**
 * The command line with keys in a TPM (swtpm), in every runtime.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createTpmKey } from "../../hsm-bridge/tpm/create-key.ts";
import { type InteropContext, type InteropItem, requireProgram } from "./interop.ts";
import {
  certificateFile,
  installCommand,
  outputOf,
  readmeScript,
  requireCredentials,
  requireRefusal,
  runCommand,
  sessionFlags,
  shellOf,
} from "./token-command-lines.ts";
import { TOKEN_RUNTIMES, type TokenPrograms, tokenPrograms, tool, verifyRequest } from "./token-programs.ts";

/** The password of keys, which nothing may print. */
const PASSWORD = "canary-tpm-command-577215";
const WRONG_PASSWORD = "canary-wrong-tpm-command";

/** The password of parents and hierarchies. */
const PARENT_PASSWORD = "canary-tpm-parent-141421";

/** What Deno allows: a TPM is a socket here, or a device, which is open to programs that may do everything alone. */
const DENO_PERMISSIONS: readonly string[] = ["--allow-all"];

/** The items of this file. */
export function tpmCommandItems(context: InteropContext): readonly InteropItem[] {
  let ready: Promise<TokenPrograms> | undefined;
  const item = (name: string, work: (programs: TokenPrograms) => Promise<void>): InteropItem => ({
    name: `TPM commands: ${name}`,
    quick: false,
    run: async () => await work(await (ready ??= start(context))),
  });
  const session = sessionFlags(context);
  const passwordFile = (programs: TokenPrograms) => ["--tpm-key-password-file", join(programs.path, "password")];
  const output = (programs: TokenPrograms, runtime: (typeof TOKEN_RUNTIMES)[number], words: readonly string[]) =>
    outputOf(programs, runtime, words, {}, {}, DENO_PERMISSIONS);
  const run = (programs: TokenPrograms, runtime: (typeof TOKEN_RUNTIMES)[number], words: readonly string[]) =>
    runCommand(programs, runtime, words, {}, {}, DENO_PERMISSIONS);
  return [
    ...TOKEN_RUNTIMES.map((runtime, index) =>
      item(`a TSS2 key file, from its making to credentials, in ${runtime}`, async (programs) => {
        for (const [kind, secret] of [["P-256", true], ["rsa-2048", false]] as const) {
          const path = join(programs.path, `tss2-${index}-${kind}.pem`);
          const password = secret ? passwordFile(programs) : [];
          const generate = ["token", "generate", "--tpm", "--key-type", kind, "--output", path, "--json"];
          const { publicKey } = JSON.parse(await output(programs, runtime, [...generate, ...password]));
          if (!readFileSync(path, "utf8").startsWith("-----BEGIN TSS2 PRIVATE KEY-----")) {
            throw new Error("no key file");
          }
          const request = ["token", "csr", "--private-key", path, "--subject", "/C=US/CN=tpm", ...password];
          const pem = await output(programs, runtime, request);
          verifyRequest(context, pem.replace(/-----.*-----|\s/g, ""));
          const certificate = await certificateFile(context, `tss2 ${index} ${kind}`, publicKey);
          const chain = context.folder.write("tpm-chain.pem", context.authority.intermediate.certificatePem);
          const identity = ["--certificate", certificate, "--intermediates", chain, "--private-key", path];
          const words = ["credential-process", ...identity, ...session];
          requireCredentials(await run(programs, runtime, [...words, ...password]), PASSWORD);
          const signed = await output(programs, runtime, ["sign-string", "--private-key", path, ...password]);
          if (!/^"[0-9a-f]+"$/.test(signed)) throw new Error(signed);
          const again = await run(programs, runtime, [...generate.slice(0, -1), ...password]);
          requireRefusal(again, /is there already/, PASSWORD);
          if (secret) {
            const wrong = [...words, "--tpm-key-password-file", join(programs.path, "wrong-password")];
            requireRefusal(await run(programs, runtime, wrong), /incorrect TPM key password/, WRONG_PASSWORD);
            requireRefusal(await run(programs, runtime, words), /unable to read your TPM key password/, PASSWORD);
          } else {
            const unused = await run(programs, runtime, [...words, ...passwordFile(programs)]);
            requireRefusal(unused, /ERR_TPM_PASSWORD_UNUSED/, PASSWORD);
          }
        }
      })
    ),
    ...TOKEN_RUNTIMES.map((runtime, index) =>
      item(`a key at a handle in ${runtime}`, async (programs) => {
        const handle = `0x8101010${index}`;
        const generate = ["token", "generate", "--tpm", "--persistent-handle", handle, "--json"];
        const made = JSON.parse(await output(programs, runtime, generate));
        if (made.privateKey !== `handle:${handle}`) throw new Error(made.privateKey);
        const certificate = await certificateFile(context, `handle ${index}`, made.publicKey);
        const chain = context.folder.write("tpm-chain.pem", context.authority.intermediate.certificatePem);
        const words = ["--certificate", certificate, "--intermediates", chain, "--no-tpm-key-password", ...session];
        for (const key of [["--private-key", made.privateKey], ["--tpm-key-handle", handle]]) {
          requireCredentials(await run(programs, runtime, ["credential-process", ...key, ...words]), PASSWORD);
        }
        const doctor = ["doctor", "--offline", "--private-key", made.privateKey, ...words];
        const report = await run(programs, runtime, doctor);
        if (!/custody.*\n?.*high: the private key is in a TPM/.test(report.output)) throw new Error(report.output);
      })
    ),
    ...TOKEN_RUNTIMES.map((runtime, index) =>
      item(`a key file below a parent with a password in ${runtime}`, async (programs) => {
        const device = programs.environment["TPM_DEVICE"]!;
        const parent = 0x81000010 + index;
        persistParent(device, join(programs.path, "parent.ctx"), parent);
        const { pem, publicKey } = await createTpmKey({
          tpm: { device },
          type: { type: "ec", curve: "P-256" },
          parent,
          parentPassword: new TextEncoder().encode(PARENT_PASSWORD),
        });
        const key = context.folder.write(`below-${index}.pem`, pem);
        const base64 = Buffer.from(publicKey).toString("base64");
        const certificate = await certificateFile(context, `below ${index}`, base64);
        const chain = context.folder.write("tpm-chain.pem", context.authority.intermediate.certificatePem);
        const identity = ["--certificate", certificate, "--intermediates", chain, "--private-key", key];
        const above = ["--tpm-parent-password-file", join(programs.path, "parent-password")];
        const words = ["credential-process", ...identity, ...session];
        requireCredentials(await run(programs, runtime, [...words, ...above]), PARENT_PASSWORD);
        await output(programs, runtime, ["sign-string", "--private-key", key, ...above]);
        const report = await run(programs, runtime, ["doctor", "--offline", ...identity, ...session, ...above]);
        if (!/ok +trial-signature: /.test(report.output)) throw new Error(report.output);
        requireRefusal(await run(programs, runtime, words), /pass --tpm-parent-password-file/, PARENT_PASSWORD);
        const wrong = ["--tpm-parent-password-file", join(programs.path, "wrong-password")];
        const refused = /incorrect password of the TPM key's parent/;
        requireRefusal(await run(programs, runtime, [...words, ...wrong]), refused, WRONG_PASSWORD);
      })
    ),
    item("an owner's hierarchy with a password", async (programs) => {
      const tools = toolEnvironment(programs.environment["TPM_DEVICE"]!);
      tool("tpm2_changeauth", ["-c", "owner", PARENT_PASSWORD], tools);
      try {
        const above = ["--tpm-parent-password-file", join(programs.path, "parent-password")];
        const key = join(programs.path, "owned.pem");
        const generate = ["token", "generate", "--tpm"];
        const refused = await run(programs, "current Node", generate);
        requireRefusal(refused, /incorrect password of the TPM key's parent/, PARENT_PASSWORD);
        await output(programs, "current Node", [...generate, "--output", key, ...above]);
        await output(programs, "current Node", ["sign-string", "--private-key", key, ...above]);
        const handle = ["--persistent-handle", "0x81010200"];
        await output(programs, "current Node", [...generate, ...handle, ...above]);
        const persistent = ["sign-string", "--private-key", "handle:0x81010200", "--no-tpm-key-password"];
        await output(programs, "current Node", persistent);
      } finally {
        tool("tpm2_changeauth", ["-c", "owner", "-p", PARENT_PASSWORD], tools);
      }
    }),
    item("the commands of the README", async (programs) => {
      const shell = await shellOf(programs);
      shell(readmeScript(2));
      verifyRequest(context, readFileSync(join(programs.path, "edge-7.csr"), "utf8").replace(/-----.*-----|\s/g, ""));
    }),
    item("words of the original in errors", async (programs) => {
      const chain = context.folder.write("tpm-chain.pem", context.authority.intermediate.certificatePem);
      const words = ["credential-process", "--certificate", chain, ...session, "--no-tpm-key-password"];
      const of = (key: string) => run(programs, "current Node", [...words, "--private-key", key]);
      requireRefusal(await of("handle:xyz"), /invalid hex TPM handle value/, PASSWORD);
      requireRefusal(await of("handle:1:2"), /invalid TPM handle format/, PASSWORD);
      requireRefusal(await of("handle:0x8101ffff"), /\[ERR_TPM_HANDLE\]/, PASSWORD);
    }),
  ];
}

/** Starts the TPM, which ends with this process. */
async function start(context: InteropContext): Promise<TokenPrograms> {
  requireProgram("swtpm", ["--version"], "install swtpm with your system's packages");
  const programs = tokenPrograms(context, "tpm-commands", "tpm-client.mjs");
  installCommand(programs);
  const state = join(programs.path, "state");
  mkdirSync(state);
  const socket = join(programs.path, "tpm.sock");
  const ends = ["--server", `type=unixio,path=${socket}`, "--ctrl", `type=unixio,path=${socket}.ctrl`];
  const flags = ["--tpm2", "--tpmstate", `dir=${state}`, "--flags", "not-need-init,startup-clear"];
  const child = spawn("swtpm", ["socket", ...flags, ...ends], { stdio: "ignore" });
  child.unref();
  process.once("exit", () => child.kill());
  for (let tries = 0; !existsSync(socket); tries++) {
    if (tries === 100) throw new Error("swtpm does not start");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  programs.environment["TPM_DEVICE"] = socket;
  // Wrong passwords are counted, and some of these items give one.
  const unlimited = ["-s", "-n", "100000", "-t", "0", "-l", "0"];
  tool("tpm2_dictionarylockout", unlimited, toolEnvironment(socket));
  writeFileSync(join(programs.path, "parent-password"), `${PARENT_PASSWORD}\n`, { mode: 0o600 });
  writeFileSync(join(programs.path, "password"), `${PASSWORD}\n`, { mode: 0o600 });
  writeFileSync(join(programs.path, "wrong-password"), WRONG_PASSWORD, { mode: 0o600 });
  return programs;
}

function toolEnvironment(socket: string): Readonly<Record<string, string>> {
  return { TPM2TOOLS_TCTI: `swtpm:path=${socket}`, TSS2_LOG: "all+NONE" };
}

/** Makes a storage key with a password at a persistent handle. */
function persistParent(socket: string, path: string, handle: number): void {
  const tools = toolEnvironment(socket);
  tool("tpm2_createprimary", ["-C", "o", "-G", "ecc", "-p", PARENT_PASSWORD, "-c", path], tools);
  tool("tpm2_evictcontrol", ["-C", "o", "-c", path, `0x${handle.toString(16)}`], tools);
  tool("tpm2_flushcontext", ["-t"], tools);
}
