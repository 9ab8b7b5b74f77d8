/**
 * A file piece by piece, in all runtimes that have files, and the memory of the process meanwhile.
 *
 * @module
 */

import { closeSync, openSync, readFileSync, readSync } from "node:fs";

const PIECE_OCTETS = 65_536;

/** Reads a file in pieces, which all use the same memory. @param look is called after every sixteenth piece */
export function* readPieces(path: string, look: () => void = () => {}): Generator<Uint8Array<ArrayBuffer>> {
  const file = openSync(path, "r");
  try {
    const piece = new Uint8Array(PIECE_OCTETS);
    for (let pieces = 1;; pieces++) {
      const count = readSync(file, piece);
      if (count === 0) return;
      yield piece.subarray(0, count);
      if (pieces % 16 === 0) look();
    }
  } finally {
    closeSync(file);
  }
}

/** The most memory that this process has had, in 10^6 octets; Linux says it. */
export class PeakMemory {
  /** Anonymous pages, as far as they were looked at: what was allocated, without the program that is being run. */
  #anonymous = 0;

  /** Looks. */
  look(): void {
    this.#anonymous = Math.max(this.#anonymous, sizeOf("RssAnon"));
  }

  /** Prints the peak of anonymous pages, and of all that were resident. */
  print(): void {
    this.look();
    console.log("@@ " + JSON.stringify([this.#anonymous, sizeOf("VmHWM")]));
  }
}

function sizeOf(field: string): number {
  const [, kibibytes] = new RegExp(`^${field}:\\s*(\\d+) kB$`, "m").exec(readFileSync("/proc/self/status", "latin1"))!;
  return Number(kibibytes) * 1024 / 1e6;
}
