/**
 * Running a program to its end, on Node.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { constants } from "node:os";
import process from "node:process";

import { nodeApiRunProgram, type ProgramApi } from "../shared/node-api/run-program.ts";

/** As `runProgram` of the host. Secret: the environment may hold credentials. */
export function runProgram(
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const api = { spawn, process, signalNumbers: constants.signals } as unknown as ProgramApi;
  return nodeApiRunProgram(api, command, environment);
}
