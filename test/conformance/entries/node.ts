/**
 * The conformance suites in Node: the plan is the process's only argument, as JSON.
 *
 * @module
 */

import { randomFillSync } from "node:crypto";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { nodeCrypto } from "../../../runtimes/node/crypto.ts";
import { nodeSha256 } from "../../../runtimes/node/sha256.ts";
import { runConformance } from "../inside.ts";
import { webCryptoWithPortable } from "../webcrypto-with-portable.ts";

const { runtime, plan } = JSON.parse(process.argv[2]!);

const failed = await runConformance({ ...plan, maxIterations: plan.maxIterations ?? Infinity }, {
  runtime,
  native: nodeCrypto,
  webcrypto: webCryptoWithPortable,
  sha256: nodeSha256,
  random: (length) => randomFillSync(new Uint8Array(length)),
  clock: () => performance.now(),
  readText: (folder, file) => readFile(`${folder.path}/${file}`, "utf8"),
  readOctets: async (folder, file) => new Uint8Array(await readFile(`${folder.path}/${file}`)),
  print: console.log,
  printAside: console.error,
});
process.exitCode = failed > 0 ? 1 : 0;
