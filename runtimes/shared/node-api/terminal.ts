/**
 * Questions on the controlling terminal through `node:tty`, which Node and Bun both have and each hands in.
 *
 * @module
 */

import { HostError } from "../../host-error.ts";
import { readSecretLine } from "../secret-line.ts";

/** The part of `node:tty`'s `ReadStream` that is used. */
interface TerminalInput extends AsyncIterable<Uint8Array> {
  setRawMode(raw: boolean): unknown;
  destroy(): unknown;
}

/** The part of `node:tty`'s `WriteStream` that is used. */
interface TerminalOutput {
  write(text: string): unknown;
  destroy(): unknown;
}

/**
 * Asks with the echo off. Standard input and output are never touched: they belong to the caller of the program.
 *
 * Secret: the answer.
 *
 * @param open opens the controlling terminal in both directions; throws when there is none
 * @throws {HostError} `ERR_TERMINAL_UNAVAILABLE` when there is no terminal, or the answer is broken off
 */
export async function askSecretOn(
  open: () => { readonly input: TerminalInput; readonly output: TerminalOutput },
  question: string,
): Promise<string> {
  let terminal: ReturnType<typeof open>;
  try {
    terminal = open();
  } catch (cause) {
    throw new HostError("ERR_TERMINAL_UNAVAILABLE", "Cannot ask on the terminal: there is none", { cause });
  }
  const { input, output } = terminal;
  try {
    input.setRawMode(true);
    output.write(`${question}\n`);
    const chunks = input[Symbol.asyncIterator]();
    return await readSecretLine(async () => {
      const next = await chunks.next();
      return next.done === true ? undefined : next.value;
    });
  } finally {
    input.setRawMode(false);
    input.destroy();
    output.destroy();
  }
}
