/**
 * The same without us: the file is read, and nothing is done with it.
 *
 * @module
 */

import { argv } from "node:process";
import { PeakMemory, readPieces } from "./file-pieces.ts";

/** Reads, and prints the peak. */
export function measureAlone(): void {
  const peak = new PeakMemory();
  let octets = 0;
  for (const piece of readPieces(`${argv.at(-1)}/list.der`, () => peak.look())) octets += piece.length;
  if (octets === 0) throw new Error("The list is empty");
  peak.print();
}
