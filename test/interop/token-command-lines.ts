/**
 * The command line where it finds koffi, as it does in a user's project, and what its items with devices share.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { readmeBlocks } from "../readme/blocks.ts";
import { repositoryRoot } from "../support/capabilities.ts";
import { SESSION_FLAGS } from "../support/local-service.ts";
import { type Ended, runProgram, runtimeProgram } from "../support/programs.ts";
import { type InteropContext, Missing } from "./interop.ts";
import { certify, type TokenPrograms, type TokenRuntime } from "./token-programs.ts";

/** How a command ended, its output as text. */
export interface CommandEnded {
  readonly code: Ended["code"];
  readonly output: string;
  readonly errors: string;
}

/** What Deno allows a command that uses a device: `--allow-ffi` cannot be given for one module. */
const DENO_DEVICE_PERMISSIONS: readonly string[] = [
  "--allow-ffi",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-net=127.0.0.1,localhost",
];

/** Puts the published command beside koffi. */
export function installCommand({ path }: TokenPrograms): void {
  cpSync(join(repositoryRoot(), "dist/bin"), join(path, "node_modules/anyrole/dist/bin"), { recursive: true });
}

/**
 * The command in a runtime: as it is published on Node, from its sources on Deno and Bun.
 *
 * @param permissions what Deno allows besides files, environment and the service
 */
export async function commandLineOf(
  { path }: TokenPrograms,
  runtime: TokenRuntime,
  permissions: readonly string[] = DENO_DEVICE_PERMISSIONS,
): Promise<readonly [string, ...string[]]> {
  const names = { "Node 20": "node20", "current Node": "node", Deno: "deno", Bun: "bun" } as const;
  const { program, missing } = await runtimeProgram(names[runtime]);
  if (program === undefined) throw new Missing(missing ?? `${runtime} is not on this machine`);
  const root = repositoryRoot();
  if (runtime === "Deno") {
    return [program, "run", "--quiet", "--no-prompt", ...permissions, join(root, "runtimes/deno/bin.ts")];
  }
  if (runtime === "Bun") return [program, "run", join(root, "runtimes/bun/bin.ts")];
  return [program, join(path, "node_modules/anyrole/dist/bin/anyrole.cjs")];
}

/** Runs a command to its end. */
export async function runCommand(
  programs: TokenPrograms,
  runtime: TokenRuntime,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  inputs: Readonly<Record<number, string>> = {},
  permissions?: readonly string[],
): Promise<CommandEnded> {
  const command = await commandLineOf(programs, runtime, permissions);
  const { code, output, errors } = await runProgram(
    command as [string, ...string[]],
    args,
    { ...programs.environment, ...environment },
    inputs,
  );
  return { code, output: new TextDecoder().decode(output), errors };
}

/** Its standard output, of a command that must succeed and say nothing else. */
export async function outputOf(...parameters: Parameters<typeof runCommand>): Promise<string> {
  const { code, output, errors } = await runCommand(...parameters);
  if (code !== 0 || errors !== "") {
    throw new Error(`${parameters[1]}: ${parameters[2][0]} ended with ${code}: ${errors}`);
  }
  return output;
}

/** Checks that these are credentials, and that a secret is not in them. */
export function requireCredentials({ code, output, errors }: CommandEnded, secret: string): void {
  if (code !== 0 || errors !== "" || !output.startsWith('{"Version":1,"AccessKeyId":"ASIA')) {
    throw new Error(`it ended with ${code}: ${errors}${output.slice(0, 100)}`);
  }
  if (output.includes(secret)) throw new Error("the secret is in the output");
}

/** Checks that a command failed with one line, which has the words and not the secret. */
export function requireRefusal({ code, output, errors }: CommandEnded, words: RegExp, secret: string): void {
  const lines = errors.trimEnd().split("\n");
  if (code !== 1 || output !== "" || lines.length !== 1 || !words.test(errors)) {
    throw new Error(`it ended with ${code}: ${output}${errors}`);
  }
  if (errors.includes(secret)) throw new Error("the secret is in the error");
}

/** A block of the README's section on devices and flags. */
export function readmeScript(index: number): string {
  const heading = "Keys on tokens and in TPMs, by flags";
  const found = readmeBlocks().filter((block) => block.heading === heading && block.language === "sh")[index];
  if (found === undefined) throw new Error(`the README has no block ${index} below "${heading}"`);
  return found.text;
}

/** A shell in the folder of the programs, which knows the command of the current Node; answers what is printed. */
export async function shellOf({ path, environment }: TokenPrograms): Promise<(script: string) => string> {
  const [node, bin] = await commandLineOf({ path } as TokenPrograms, "current Node");
  const folder = join(path, "bin");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "anyrole"), `#!/bin/sh\nexec "${node}" "${bin}" "$@"\n`, { mode: 0o755 });
  return (script) => {
    const { status, stdout, stderr } = spawnSync("sh", ["-ec", script], {
      cwd: path,
      encoding: "utf8",
      timeout: 30_000,
      env: { ...process.env, ...environment, PATH: `${folder}:${process.env["PATH"]}` },
    });
    if (status !== 0 || stderr !== "") throw new Error(`the script ended with ${status}: ${stderr}`);
    return stdout;
  };
}

/** Flags of a session of the local service. */
export function sessionFlags(context: InteropContext): readonly string[] {
  return [...SESSION_FLAGS, "--endpoint", context.service.endpoint];
}

/** Writes a certificate for a public key, base64, and answers its path. */
export async function certificateFile(context: InteropContext, name: string, publicKey: string): Promise<string> {
  return context.folder.write(`${name.replace(/\W+/g, "-")}.cert.der`, await certify(context, name, publicKey));
}
