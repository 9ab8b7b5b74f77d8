/**
 * What is published, on the runtimes for Windows, in wine: a module of PKCS#11 and a TPM behind libraries that mingw
 * compiles, and the command line.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { structuresOf } from "../../hsm-bridge/pkcs11/structures.ts";
import type { CommandEnded } from "./token-command-lines.ts";
import { type InteropContext, type InteropItem, requireProgram } from "./interop.ts";
import { certify, type JobOutcome, verifyRequest, verifyWithOpenssl } from "./token-programs.ts";
import {
  checkSource,
  commandInOneFile,
  compileLibrary,
  compileProgram,
  installKoffi,
  WINDOWS_RUNTIMES,
  type WindowsMachine,
  windowsMachine,
  type WindowsRuntime,
} from "./windows-machine.ts";
import { freePort } from "../support/free-port.ts";

/** The PIN of the token. */
const PIN = "canary-662607";

/** One structure of ours, and what the header calls it. */
const STRUCTURES = {
  attribute: "CK_ATTRIBUTE",
  mechanism: "CK_MECHANISM",
  initializeArgs: "CK_C_INITIALIZE_ARGS",
  info: "CK_INFO",
  slotInfo: "CK_SLOT_INFO",
  tokenInfo: "CK_TOKEN_INFO",
  sessionInfo: "CK_SESSION_INFO",
} as const;

/** Members of ours that stand for several of the header's, by the first of them. */
const SEVERAL: Readonly<Record<string, string>> = { sessionCounts: "ulMaxSessionCount", rest: "ulTotalPublicMemory" };

/** The items of this file. */
export function windowsItems(context: InteropContext): readonly InteropItem[] {
  let ready: Promise<WindowsMachine> | undefined;
  let binary: string | undefined;
  const machine = () => ready ??= windowsMachine(context);
  const items = (runtime: WindowsRuntime): readonly InteropItem[] => {
    const item = (name: string, work: (on: Program) => Promise<void>): InteropItem => ({
      name: `Windows (wine): ${name} in ${runtime}`,
      quick: false,
      run: async () => {
        const windows = await machine();
        const program = await windows.runtime(runtime);
        const bin = windows.windowsPath(join(windows.path, "node_modules/anyrole/dist/bin/anyrole.cjs"));
        const command = runtime === "Bun" ? [binary ??= commandInOneFile(windows)] : [program, bin];
        await work({ context, windows, program, command });
      },
    });
    return [
      item("the command line gets credentials, which processes share", sharesCredentials),
      item("the command line updates a credentials file that others edit", updatesCredentials),
      item("a line that the command line writes is what an SDK can start", writesLine),
      item("a key of a PKCS#11 module is made, certified, and gets credentials", usesToken),
      item("modules that are missing, no library, or no module", refusesModules),
      item("a key of the TPM Base Services is made, certified, and gets credentials", usesTpm),
    ];
  };
  return [
    {
      name: "Windows: the structures of PKCS#11 lie where p11-kit's header has them",
      quick: false,
      run: async () => await Promise.resolve(checkSource(join(context.folder.path, "layouts"), layoutChecks())),
    },
    ...(Object.keys(WINDOWS_RUNTIMES) as WindowsRuntime[]).flatMap(items),
  ];
}

/** What an item has to work with. */
interface Program {
  readonly context: InteropContext;
  readonly windows: WindowsMachine;
  /** The runtime's. */
  readonly program: string;
  /** The command line: on Node as npm installs it, of Bun the program in one file. */
  readonly command: readonly string[];
}

/** C that compiles when every structure is laid out as ours is. */
function layoutChecks(): string {
  const structures = structuresOf("windows");
  const checks = (Object.keys(STRUCTURES) as (keyof typeof STRUCTURES)[]).flatMap((name) => {
    const { size, offsets } = structures[name];
    const type = STRUCTURES[name];
    return [
      `_Static_assert(sizeof(${type}) == ${size}, "${type}");`,
      ...Object.entries(offsets).map(([member, offset]) =>
        `_Static_assert(offsetof(${type}, ${SEVERAL[member] ?? member}) == ${offset}, "${type}.${member}");`
      ),
    ];
  });
  return ["#include <p11-kit/pkcs11.h>", ...checks, ""].join("\n");
}

/** Runs the command line, which must succeed and say nothing else. */
async function command(
  { windows, command: [program, ...words] }: Program,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  return outputOf(await windows.start(program!, [...words, ...args], { environment }), args[0]!);
}

function outputOf({ code, output, errors }: CommandEnded, what: string): string {
  if (code !== 0 || errors !== "") throw new Error(`${what} ended with ${code}: ${errors.slice(0, 2000)}`);
  return output;
}

/** Flags of `credential-process`, their paths as Windows has them. */
function flagsOf({ context, windows }: Program): readonly string[] {
  return context.flags.map((word) => word.startsWith("/") ? windows.windowsPath(word) : word);
}

async function sharesCredentials(on: Program): Promise<void> {
  const { windows, context } = on;
  const version = JSON.parse(await command(on, ["version", "--json"]));
  if (version.platform !== "windows") throw new Error(`the platform is ${version.platform}`);
  const shared = { ANYROLE_NO_CACHE: "" };
  const { directory } = JSON.parse(await command(on, ["cache", "clear", "--json"], shared));
  if (!/^C:\\users\\[^\\]+\\AppData\\Local\\anyrole\\cache$/i.test(directory)) throw new Error(directory);
  const started = [0, 1, 2, 3].map(() => command(on, ["credential-process", ...flagsOf(on)], shared));
  const keys = new Set((await Promise.all(started)).map((output) => JSON.parse(output).AccessKeyId));
  if (keys.size !== 1 || !/^ASIA/.test([...keys].join())) throw new Error(`not shared: ${[...keys]}`);
  const { entries } = JSON.parse(await command(on, ["cache", "list", "--json"], shared));
  if (entries.length !== 1) throw new Error(`${entries.length} entries`);
  const { removed } = JSON.parse(await command(on, ["cache", "clear", "--json"], shared));
  if (removed !== 1) throw new Error(`${removed} removed`);
  // A password in a file of Notepad's, and variables in the environment of a program.
  const password = context.folder.write("password.txt", "correct horse\r\n");
  const encrypted = (name: string) => windows.windowsPath(join(context.folder.path, name));
  const words = [
    ...["exec", "--certificate", encrypted("encrypted-cert.pem"), "--private-key", encrypted("encrypted-key.pem")],
    ...["--password-file", windows.windowsPath(password)],
    ...flagsOf(on).slice(6),
  ];
  // A variable is the same in small letters, and one that would lead elsewhere is taken away.
  const elsewhere = { aws_profile: "elsewhere" };
  const listed = await command(on, [...words, "--", "cmd", "/c", "set"], elsewhere);
  if (!/^AWS_ACCESS_KEY_ID=ASIA\w+\r?$/m.test(listed) || /^aws_profile=/im.test(listed)) throw new Error(listed);
}

async function updatesCredentials(on: Program): Promise<void> {
  const { windows } = on;
  const directory = join(windows.path, "aws folder");
  mkdirSync(directory, { recursive: true });
  const path = join(directory, "credentials");
  const others = "; kept as it is\r\n[other]\r\naws_access_key_id = AKIAOTHER\r\naws_secret_access_key = secret\r\n";
  writeFileSync(path, others);
  const environment = { AWS_SHARED_CREDENTIALS_FILE: windows.windowsPath(path) };
  const profiles = ["one", "two", "three"];
  const update = (profile: string) =>
    command(on, ["update", "--once", "--profile", profile, ...flagsOf(on)], environment);
  await Promise.all(profiles.map(update));
  // Whoever reads the file just now keeps others from replacing it.
  const held = join(windows.path, `held-${Date.now()}`);
  const holder = windows.start(compileProgram(windows, "holder"), [path, held].map(windows.windowsPath));
  try {
    while (!existsSync(held)) await new Promise((resolve) => setTimeout(resolve, 20));
    await update("one");
  } finally {
    outputOf(await holder, "the holder of the file");
  }
  const text = readFileSync(path, "utf8");
  if (!text.startsWith(others)) throw new Error(`what others wrote has changed: ${JSON.stringify(text.slice(0, 200))}`);
  for (const profile of profiles) {
    if (text.split(`[${profile}]`).length !== 2) throw new Error(`profile ${profile}: ${JSON.stringify(text)}`);
  }
  if (/[^\r]\n/.test(text)) throw new Error("lines end in different ways");
  const left = readdirSync(directory).filter((name) => name !== "credentials");
  if (left.length > 0) throw new Error(`left behind: ${left}`);
}

async function writesLine(on: Program): Promise<void> {
  const { windows, program } = on;
  // As npm installs a command on Windows, in a folder with a blank.
  const folder = join(windows.path, "npm folder");
  mkdirSync(folder, { recursive: true });
  const words = on.command.map((word) => `"${word.startsWith("/") ? windows.windowsPath(word) : word}"`).join(" ");
  writeFileSync(join(folder, "anyrole.cmd"), `@${words} %*\r\n`);
  const config = join(folder, "config");
  writeFileSync(config, "[default]\r\nregion = eu-central-1\r\n");
  const environment = { AWS_CONFIG_FILE: windows.windowsPath(config) };
  const starter = ["--program", windows.windowsPath(join(folder, "anyrole.cmd"))];
  await command(on, ["init", "--profile", "edge", ...starter, ...flagsOf(on), "--json"], environment);
  const line = /^credential_process\s*=\s*(.*?)\r?$/m.exec(readFileSync(config, "utf8"))?.[1];
  if (line === undefined) throw new Error("no line was written");
  // SDKs for JavaScript hand the line to the shell.
  const script = "require('fs').writeSync(1, require('child_process').execSync(process.env.LINE))";
  const ended = await windows.start(program, ["-e", script], { environment: { LINE: line } });
  // Bun finds fault with wine's folders, and says so.
  const output = outputOf({ ...ended, errors: "" }, "the line");
  if (!/^ASIA/.test(JSON.parse(output).AccessKeyId)) throw new Error(output);
  const report = JSON.parse(
    await command(on, ["doctor", "--profile", "edge", "--json"], { ...environment, ANYROLE_NO_CACHE: "" }),
  );
  const wrong = report.findings.filter(({ severity }: { severity: string }) => severity === "error");
  if (wrong.length > 0) throw new Error(JSON.stringify(wrong));
}

/** Does a job of a client script. */
async function job(
  { windows, program }: Program,
  script: string,
  job: Readonly<Record<string, unknown>>,
  environment: Readonly<Record<string, string>>,
): Promise<JobOutcome> {
  const input = JSON.stringify(job);
  const ended = await windows.start(program, [windows.windowsPath(join(windows.path, script))], { environment, input });
  // koffi prints some failures by itself.
  const printed = outputOf({ ...ended, errors: "" }, script);
  if ((printed + ended.errors).includes(PIN)) throw new Error("the PIN is printed");
  return { ...JSON.parse(printed) as JobOutcome, printed };
}

// deno-lint-ignore no-explicit-any
function valueOf({ value, error }: JobOutcome): any {
  if (error !== undefined) throw new Error(`${error.code}: ${error.message}`);
  return value;
}

async function usesToken(on: Program): Promise<void> {
  const { context, windows } = on;
  await installKoffi(windows);
  const module = windows.windowsPath(compileLibrary(windows, "token", ["bcrypt"]));
  const files = join(windows.path, `token-${Date.now()}`);
  mkdirSync(files);
  const environment = { ANYROLE_TEST_TOKEN: windows.windowsPath(files), ANYROLE_TEST_PIN: PIN };
  const token = (words: Readonly<Record<string, unknown>>) =>
    job(on, "token-client.mjs", { module, pin: PIN, ...words }, environment);
  const uri = "pkcs11:token=windows;object=edge";
  const key = { type: "ec", curve: "P-256" };
  const made = valueOf(await token({ do: "generate", uri, key, subject: "windows" }));
  verifyRequest(context, made.request);
  const certificate = Buffer.from(await certify(context, "windows", made.publicKey)).toString("base64");
  valueOf(await token({ do: "import", uri: made.uri, certificate }));
  const { library, tokens } = valueOf(await token({ do: "list", uri: "pkcs11:", login: "log-in" }));
  const types = tokens[0].objects.map(({ type }: { type: string }) => type).sort().join();
  if (library !== "module of a test" || tokens[0].tries !== "low" || types !== "certificate,private key,public key") {
    throw new Error(`${library}, ${tokens[0].tries}, ${types}`);
  }
  verifyWithOpenssl(valueOf(await token({ do: "sign", identity: { certificate: uri }, count: 64 })), 64);
  const device = ["--certificate", uri, "--pkcs11-lib", module, "--pkcs11-pin-env", "TOKEN_PIN"];
  const words = ["credential-process", ...device, ...flagsOf(on).slice(4)];
  const credentials = JSON.parse(await command(on, words, { ...environment, TOKEN_PIN: PIN }));
  if (!/^ASIA/.test(credentials.AccessKeyId)) throw new Error(credentials.AccessKeyId);
  const { error } = await token({ do: "sign", key: `${uri}?pin-value=wrong`, pin: undefined, count: 1 });
  if (error?.code !== "ERR_TOKEN_PIN_INCORRECT") throw new Error(`a wrong PIN: ${error?.code}`);
}

async function refusesModules(on: Program): Promise<void> {
  const { windows } = on;
  await installKoffi(windows);
  const cases = [
    ["C:\\nowhere\\token.dll", "ERR_HSM_MODULE_NOT_FOUND"],
    [windows.windowsPath(join(windows.path, "package.json")), "ERR_HSM_MODULE_NOT_LOADABLE"],
    ["kernel32.dll", "ERR_HSM_NOT_A_MODULE"],
  ] as const;
  for (const [module, code] of cases) {
    const { error } = await job(on, "token-client.mjs", { do: "list", module }, {});
    if (error?.code !== code) throw new Error(`${module}: ${error?.code}: ${error?.message}`);
  }
}

async function usesTpm(on: Program): Promise<void> {
  const { context, windows } = on;
  await installKoffi(windows);
  copyFileSync(compileLibrary(windows, "tbs", ["ws2_32"]), join(windows.drive, "windows/system32/tbs.dll"));
  const port = await freePort();
  const state = join(windows.path, `tpm-${port}`);
  const tpm = await softwareTpm(state, port);
  try {
    const environment = { ANYROLE_TEST_TPM_PORT: String(port) };
    const client = (words: Readonly<Record<string, unknown>>, given: Readonly<Record<string, string>> = environment) =>
      job(on, "tpm-client.mjs", { tpm: {}, ...words }, given);
    const made = valueOf(await client({ do: "create", create: { type: { type: "ec", curve: "P-256" } } }));
    verifyRequest(context, made.request);
    verifyWithOpenssl(valueOf(await client({ do: "sign", key: made.pem, count: 4 })), 4);
    const certificate = context.folder.write("tpm.cer", await certify(context, "windows tpm", made.publicKey));
    const key = context.folder.write("tpm-key.pem", made.pem);
    const device = ["--certificate", windows.windowsPath(certificate), "--private-key", windows.windowsPath(key)];
    const words = ["credential-process", ...device, "--no-tpm-key-password", ...flagsOf(on).slice(4)];
    const credentials = JSON.parse(await command(on, words, environment));
    if (!/^ASIA/.test(credentials.AccessKeyId)) throw new Error(credentials.AccessKeyId);
    const { error } = await client({ do: "sign", key: made.pem, count: 1 }, {});
    if (error?.code !== "ERR_TPM_NOT_FOUND") throw new Error(`no TPM: ${error?.code}`);
  } finally {
    tpm.kill();
  }
}

async function softwareTpm(state: string, port: number): Promise<ChildProcess> {
  requireProgram("swtpm", ["--version"], "install swtpm with your system's packages");
  mkdirSync(state);
  const child = spawn("swtpm", [
    ...["socket", "--tpm2", "--tpmstate", `dir=${state}`, "--server", `type=tcp,port=${port}`],
    ...["--ctrl", `type=unixio,path=${state}/control`, "--flags", "not-need-init,startup-clear"],
  ], { stdio: "ignore" });
  child.unref();
  process.once("exit", () => child.kill());
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries === 50) throw new Error("swtpm does not start");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return child;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, "127.0.0.1");
    socket.on("connect", () => (socket.destroy(), resolve(true))).on("error", () => resolve(false));
  });
}
