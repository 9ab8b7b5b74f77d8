/**
 * A line on the terminal while a command works longer than a second; taken away again before anything else is written.
 *
 * @module
 */

import type { Abort } from "../../core/ports.ts";
import type { Host } from "../host.ts";

/** How long nothing is said, and how often it is said again, in milliseconds. */
const STEP_MS = 1000;

/**
 * Does the work on a host that shows how long it takes: on standard error, when that is a terminal.
 *
 * @param name of the command
 */
export async function withProgress<T>(host: Host, name: string, work: (host: Host) => Promise<T>): Promise<T> {
  const isTerminal = host.errorIsTerminal;
  if (isTerminal === undefined) return await work(host);
  const stop = new Stop();
  let shown = false;
  const clear = (): void => {
    // Back to the start of the line, and erase it (ECMA-48 §8.3.41).
    if (shown) host.writeError("\r\x1b[K");
    shown = false;
  };
  const show = async (): Promise<void> => {
    for (let seconds = 1;; seconds++) {
      await host.sleep(STEP_MS, stop);
      if (seconds === 1 && !await isTerminal()) return;
      if (stop.aborted) return;
      clear();
      host.writeError(`anyrole ${name}: working, ${seconds} s`);
      shown = true;
    }
  };
  show().catch(() => {}); // It was stopped.
  // What was asked or written ends it: from then on there is something to see.
  const over = (): void => {
    stop.abort();
    clear();
  };
  try {
    return await work({
      ...host,
      writeOutput: (data) => (over(), host.writeOutput(data)),
      writeError: (text) => (over(), host.writeError(text)),
      askSecret: (question) => (over(), host.askSecret(question)),
      runProgram: (command, environment) => (over(), host.runProgram(command, environment)),
    });
  } finally {
    over();
  }
}

/** An end that costs a start next to nothing, where a platform's own would be loaded for it. */
class Stop implements Abort {
  aborted = false;
  readonly reason: Error = new Error("it is over");
  readonly #listeners = new Set<() => void>();

  addEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    this.#listeners.delete(listener);
  }

  abort(): void {
    this.aborted = true;
    for (const listener of [...this.#listeners]) listener();
    this.#listeners.clear();
  }
}
