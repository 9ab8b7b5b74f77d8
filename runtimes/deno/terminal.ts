/**
 * Questions on the controlling terminal, on Deno.
 *
 * @module
 */

import { HostError } from "../host-error.ts";
import { readSecretLine } from "../shared/secret-line.ts";

/**
 * Asks with the echo off. Standard input and output are never touched.
 *
 * Secret: the answer.
 *
 * @throws {HostError} `ERR_TERMINAL_UNAVAILABLE` when there is no terminal, or the answer is broken off
 */
export async function askSecret(question: string): Promise<string> {
  let terminal: Deno.FsFile;
  try {
    terminal = await Deno.open(Deno.build.os === "windows" ? "CONIN$" : "/dev/tty", { read: true, write: true });
  } catch (cause) {
    throw new HostError("ERR_TERMINAL_UNAVAILABLE", "Cannot ask on the terminal: there is none", { cause });
  }
  try {
    terminal.setRaw(true);
    await terminal.write(new TextEncoder().encode(`${question}\n`));
    return await readSecretLine(async () => {
      const chunk = new Uint8Array(256);
      const count = await terminal.read(chunk);
      return count === null ? undefined : chunk.subarray(0, count);
    });
  } finally {
    terminal.setRaw(false);
    terminal.close();
  }
}
