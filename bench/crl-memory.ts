/**
 * The peak memory of a process of its own that checks a certificate against a revocation list in pieces.
 *
 *     <runtime> crl-memory.mjs <folder>
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { argv } from "node:process";
import { streamedList } from "../core/path/mod.ts";
import { PeakMemory, readPieces } from "./file-pieces.ts";
import type { Platform } from "./platform/platform.ts";
import { statusCheck } from "./status-check.ts";

/** Checks, and prints the peak. */
export async function measureMemory(platform: Platform): Promise<void> {
  const folder = argv.at(-1)!;
  const read = (name: string) => new Uint8Array(readFileSync(`${folder}/${name}`));
  const check = statusCheck({ leaf: read("leaf.der"), issuer: read("issuer.der") }, platform.crypto);
  const peak = new PeakMemory();
  const status = await check(streamedList(() => readPieces(`${folder}/list.der`, () => peak.look())));
  if (status.status !== "revoked") throw new Error(`The status is ${JSON.stringify(status)}`);
  peak.print();
}
