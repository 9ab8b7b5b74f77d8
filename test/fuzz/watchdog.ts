/**
 * Ends a process whose parser does not come back, and says which input did it.
 *
 * @module
 */

import { Worker } from "node:worker_threads";
import { MAX_INPUT, type Octets } from "./mutate.ts";

/** A thread that looks on. */
export interface Watchdog {
  /** Tells it of an input that is about to be parsed. */
  watch(target: string, input: Octets): void;
  /** Ends it. */
  stop(): Promise<unknown>;
}

/** Starts the thread. */
export function watchInputs(): Watchdog {
  // Count of inputs, length of the target's name, length of the input; then both.
  const numbers = new Int32Array(new SharedArrayBuffer(12));
  const octets = new Uint8Array(new SharedArrayBuffer(256 + MAX_INPUT));
  const worker = new Worker(WATCH, { eval: true, workerData: { numbers, octets } });
  return {
    watch(target, input) {
      for (let i = 0; i < target.length; i++) octets[i] = target.charCodeAt(i);
      octets.set(input, 256);
      numbers[1] = target.length;
      numbers[2] = input.length;
      Atomics.add(numbers, 0, 1);
    },
    stop: () => worker.terminate(),
  };
}

const WATCH = `
  const { workerData: { numbers, octets } } = require("node:worker_threads");
  const { writeSync } = require("node:fs");
  let last = 0;
  let seconds = 0;
  setInterval(() => {
    const now = Atomics.load(numbers, 0);
    seconds = now === last ? seconds + 1 : 0;
    last = now;
    if (seconds < 10 || now === 0) return;
    const name = Buffer.from(octets.slice(0, numbers[1])).toString();
    const input = Buffer.from(octets.slice(256, 256 + numbers[2])).toString("base64");
    writeSync(1, "FAIL " + name + ": no answer for 10 s\\n     " + input + "\\n");
    process.kill(process.pid, "SIGKILL");
  }, 1000);
`;
