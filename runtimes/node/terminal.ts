/**
 * Questions on the controlling terminal, on Node.
 *
 * @module
 */

import { openSync } from "node:fs";
import process from "node:process";
import { isatty, ReadStream, WriteStream } from "node:tty";

import { askSecretOn } from "../shared/node-api/terminal.ts";

/** Asks with the echo off; `HostError` when nobody can be asked. Secret: the answer. */
export function askSecret(question: string): Promise<string> {
  const windows = process.platform === "win32";
  return askSecretOn(() => ({
    input: new ReadStream(openSync(windows ? "\\\\.\\CONIN$" : "/dev/tty", "r+")),
    output: new WriteStream(openSync(windows ? "\\\\.\\CONOUT$" : "/dev/tty", "r+")),
  }), question);
}

/** Whether standard error is a terminal. */
export function errorIsTerminal(): boolean {
  return isatty(2);
}
