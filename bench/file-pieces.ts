/**
 * A file piece by piece, in all runtimes that have files, and the memory of the process meanwhile.
 *
 * @module
 */

import { closeSync, openSync, readFileSync, readlinkSync, readSync } from "node:fs";

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
  /**
   * Anonymous pages, as far as they were looked at: everything that the process has allocated or written to, without
   * the files that are mapped into it.
   */
  #anonymous = 0;

  /** Looks. */
  look(): void {
    this.#anonymous = Math.max(this.#anonymous, sizeOf("RssAnon"));
  }

  /**
   * Prints the peak of anonymous pages, that of all resident ones, and how many pages of the runtime's program file,
   * never written to, are resident at the end: they are the system's copy of the file, which any other process of the
   * runtime uses too, and are dropped when memory is short.
   */
  print(): void {
    this.look();
    const resident = sizeOf("VmHWM");
    console.log("@@ " + JSON.stringify([this.#anonymous, resident, programPages()]));
  }
}

function sizeOf(field: string): number {
  const [, kibibytes] = new RegExp(`^${field}:\\s*(\\d+) kB$`, "m").exec(readFileSync("/proc/self/status", "latin1"))!;
  return megabytes(kibibytes!);
}

/** Of every mapping of the program, what is resident without what has become anonymous by being written to. */
function programPages(): number {
  const program = readlinkSync("/proc/self/exe");
  let total = 0;
  for (const mapping of readFileSync("/proc/self/smaps", "latin1").split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m)) {
    if (!mapping.slice(0, mapping.indexOf("\n")).endsWith(` ${program}`)) continue;
    const [, resident] = /^Rss:\s*(\d+) kB$/m.exec(mapping)!;
    const [, written] = /^Anonymous:\s*(\d+) kB$/m.exec(mapping)!;
    total += megabytes(resident!) - megabytes(written!);
  }
  return total;
}

function megabytes(kibibytes: string): number {
  return Number(kibibytes) * 1024 / 1e6;
}
