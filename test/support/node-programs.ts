/**
 * Programs that tests on Node start: npm and the TypeScript compiler of `test/runtimes`.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import process from "node:process";
import { assertNone } from "./suite.ts";

/** How a program ended and what it printed. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of this Node to its end, in the root of the checkout. */
export function runNode(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Ended {
  return spawnSync(process.execPath, [...args], {
    encoding: "utf8",
    env: { ...process.env, ...environment },
    timeout: 60_000,
  });
}

/** Runs npm; `npm run` says where it is. */
export function runNpm(args: readonly string[]): Ended {
  const script = process.env["npm_execpath"];
  return script === undefined
    ? spawnSync("npm", [...args], { encoding: "utf8", shell: process.platform === "win32", timeout: 60_000 })
    : runNode([script, ...args]);
}

/** Checks that a program ended well; the failure shows what it printed. */
export function assertEndedWell({ status, stdout, stderr }: Ended): void {
  if (status !== 0) assertNone([`ended with ${status}`, ...`${stdout}${stderr}`.trim().split("\n")]);
}

/** Runs the TypeScript compiler. */
export function runTsc(args: readonly string[]): Ended {
  return runNode(["test/runtimes/node_modules/typescript/bin/tsc", ...args]);
}
