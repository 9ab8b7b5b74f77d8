/**
 * Questions on the controlling terminal, on Bun.
 *
 * @module
 */

import { closeSync, openSync, readSync } from "node:fs";
import process from "node:process";
import { isatty, ReadStream, WriteStream } from "node:tty";

import { askSecretOn } from "../shared/node-api/terminal.ts";

/** Asks with the echo off; `HostError` when nobody can be asked. Secret: the answer. */
export function askSecret(question: string): Promise<string> {
  const windows = process.platform === "win32";
  return askSecretOn(() => {
    const input = windows ? "\\\\.\\CONIN$" : "/dev/tty";
    const terminal = new ReadStream(openSync(input, "r+"));
    const file = openSync(input, "r");
    return {
      input: {
        setRawMode: (raw) => terminal.setRawMode(raw),
        destroy: () => {
          closeSync(file);
          terminal.destroy();
        },
        // Bun's stream would go on reading after its end: it takes the next answer away and keeps the process alive.
        async *[Symbol.asyncIterator]() {
          for (;;) {
            const chunk = new Uint8Array(256);
            const count = readSync(file, chunk);
            if (count === 0) return;
            yield chunk.subarray(0, count);
          }
        },
      },
      output: new WriteStream(openSync(windows ? "\\\\.\\CONOUT$" : "/dev/tty", "r+")),
    };
  }, question);
}

/** Whether standard error is a terminal. */
export function errorIsTerminal(): boolean {
  return isatty(2);
}
