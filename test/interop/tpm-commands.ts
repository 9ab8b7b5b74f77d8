/**
 * The command line with keys in a TPM (swtpm), in every runtime.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
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
  tool("tpm2_dictionarylockout", unlimited, { TPM2TOOLS_TCTI: `swtpm:path=${socket}`, TSS2_LOG: "all+NONE" });
  writeFileSync(join(programs.path, "password"), `${PASSWORD}\n`, { mode: 0o600 });
  writeFileSync(join(programs.path, "wrong-password"), WRONG_PASSWORD, { mode: 0o600 });
  return programs;
}
