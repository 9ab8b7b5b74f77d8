/**
 * The command line as users start it, in each runtime: as a process. For tests that run on Node.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import type { Writable } from "node:stream";
import { pathToFileURL } from "node:url";
import { repositoryRoot } from "./capabilities.ts";

/** How a process ended, and what it printed. */
export interface Ended {
  readonly code: number | string | null;
  readonly output: Uint8Array;
  readonly errors: string;
}

/** Something to start. */
export interface Program {
  /** For the names of tests: `Node 20`. */
  readonly name: string;
  /** Program and first arguments; absent when it is not on this machine. */
  readonly command?: readonly [string, ...string[]];
  /** Why not. */
  readonly missing?: string;
}

/** A process that is not over after this is ended and has failed. */
const LIMIT_MS = 40_000;

/** What programs get of this environment: where programs and packages are. The developer's AWS settings do not count. */
const KEPT: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(AWS_|NODE_|DENO_(?!DIR))/.test(name)),
);

/**
 * Runs a program to its end, without a controlling terminal.
 *
 * @param inputs what is on its descriptors, by their numbers; default: nothing on standard input
 */
export function runProgram(
  command: readonly [string, ...string[]],
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  inputs: Readonly<Record<number, string | Uint8Array>> = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command[0], [...command.slice(1), ...args], {
      // Nothing is kept in the developer's cache, nor taken from it; a test of the cache names one.
      env: { ...KEPT, NO_COLOR: "1", ANYROLE_NO_CACHE: "1", ...environment },
      stdio: [inputs[0] === undefined ? "ignore" : "pipe", "pipe", "pipe", inputs[3] === undefined ? "ignore" : "pipe"],
      // A session of its own has no terminal.
      detached: true,
      timeout: LIMIT_MS,
    });
    const output: Uint8Array[] = [];
    let errors = "";
    for (const [descriptor, contents] of Object.entries(inputs)) {
      const pipe = child.stdio[Number(descriptor)] as Writable;
      // One who does not read to the end closes it.
      pipe.on("error", () => {});
      pipe.end(contents);
    }
    child.stdout!.on("data", (chunk: Uint8Array) => output.push(chunk));
    child.stderr!.setEncoding("utf8").on("data", (chunk: string) => errors += chunk);
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: code ?? signal, output: Buffer.concat(output), errors }));
  });
}

/** The command line on Node 20 and a current one, as it is published, and on Deno and Bun from its sources. */
export async function commandLines(): Promise<readonly Program[]> {
  const bin = join(repositoryRoot(), "dist", "bin", "anyrole.cjs");
  const [node20, node, deno, bun] = await Promise.all(["node20", "node", "deno", "bun"].map(runtimeProgram));
  return [
    commandLine("Node 20", node20!, [bin]),
    commandLine("current Node", node!, [bin]),
    commandLine("Deno", deno!, ["run", ...DENO_PERMISSIONS, join(repositoryRoot(), "runtimes/deno/bin.ts")]),
    commandLine("Bun", bun!, ["run", join(repositoryRoot(), "runtimes/bun/bin.ts")]),
  ];
}

/** What the command line needs on Deno: files, the environment that it honours, the service. */
export const DENO_PERMISSIONS: readonly string[] = [
  "--quiet",
  "--no-prompt",
  "--allow-read",
  "--allow-env",
  "--allow-net=127.0.0.1,localhost",
];

/** Where a runtime's program is. The locator is plain JavaScript that finds its packages from where it lies. */
export async function runtimeProgram(name: string): Promise<{ readonly program?: string; readonly missing?: string }> {
  const url = pathToFileURL(join(repositoryRoot(), "test", "run", "runtimes.mjs")).href;
  const { locateRuntime } = await import(url) as {
    locateRuntime(name: string): { readonly program?: string; readonly missing?: string };
  };
  return locateRuntime(name);
}

function commandLine(
  name: string,
  { program, missing }: { readonly program?: string; readonly missing?: string },
  args: readonly string[],
): Program {
  return program === undefined ? { name, missing: missing ?? "not found" } : { name, command: [program, ...args] };
}
