/**
 * One measurement of a process of its own: the first revocation list that it sees.
 *
 *     <runtime> crl-cold.mjs check | hash | stream <folder>
 *
 * Prints the milliseconds that it took. The file is in memory before, unless it is streamed. It is read by `node:fs`: on
 * Deno what Node's modules share is loaded then, which takes 20 to 30 ms where nothing else of Node's is in use.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { argv } from "node:process";
import { streamedList } from "../core/path/mod.ts";
import { parseCertificateRevocationList } from "../core/x509/mod.ts";
import { readPieces } from "./file-pieces.ts";
import { RECORD } from "./inside.ts";
import type { Platform } from "./platform/platform.ts";
import { statusCheck } from "./status-check.ts";

/** Measures what the command line says. */
export async function measureOnce(platform: Platform): Promise<void> {
  const [what, folder] = argv.slice(-2);
  // No copy: the collector would have to look at what was read twice while the list is checked.
  const read = (name: string) => {
    const { buffer, byteOffset, length } = readFileSync(`${folder}/${name}`);
    return new Uint8Array(buffer, byteOffset, length);
  };
  const run = prepared(what!, platform, read, `${folder}/list.der`);
  const start = performance.now();
  const answer = await run();
  const time = performance.now() - start;
  if (typeof answer === "object" && "status" in answer && answer.status !== "revoked") {
    throw new Error(`The status is ${JSON.stringify(answer)}`);
  }
  console.log(RECORD + JSON.stringify(time));
}

function prepared(
  what: string,
  platform: Platform,
  read: (name: string) => Uint8Array<ArrayBuffer>,
  path: string,
): () => object | Promise<object> {
  if (what === "hash") {
    const list = read("list.der");
    return () => platform.bareSha256(list) as object;
  }
  const check = statusCheck({ leaf: read("leaf.der"), issuer: read("issuer.der") }, platform.crypto);
  if (what === "stream") return () => check(streamedList(() => readPieces(path)));
  const list = read("list.der");
  return () => check(parseCertificateRevocationList(list));
}
