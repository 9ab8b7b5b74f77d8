/**
 * What a program needs of its runtime, on Node.
 *
 * Every module is loaded when it is first used: the SDKs start this process again and again, and a module that
 * `credential-process` does not need would cost each of those starts.
 *
 * @module
 */

import { randomFillSync } from "node:crypto";
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import process, { env, platform, stderr, versions } from "node:process";

import type { CryptoProvider } from "../../core/crypto/provider.ts";
import { sleep } from "../../core/session/sleep.ts";
import type { Host } from "../host.ts";
import { type CacheFileSystem, type CacheProcess, nodeApiCacheFiles } from "../shared/node-api/cache-files.ts";
import { type FileSystem, nodeApiFiles } from "../shared/node-api/files.ts";
import { writeOutput } from "../shared/node-api/output.ts";
import type { SignalledProcess } from "../shared/node-api/stop-signals.ts";
import { hostCrypto } from "./host-crypto.ts";
import { httpClient } from "./http-client.ts";
import { nodeSha256 } from "./sha256.ts";

/** Makes the Node host. */
export function nodeHost(): Host {
  let provider: CryptoProvider | undefined;
  return {
    ...nodeApiFiles({ closeSync, fstatSync, openSync, readdirSync, readSync, statSync } as unknown as FileSystem),
    runtime: "node",
    runtimeVersion: versions.node,
    platform: platform === "win32" ? "windows" : platform,
    environment: (name) => env[name],
    crypto: () => provider ??= hostCrypto(),
    sha256: nodeSha256,
    httpClient,
    cacheFiles: () =>
      nodeApiCacheFiles(
        {
          closeSync,
          mkdirSync,
          openSync,
          readdirSync,
          readSync,
          renameSync,
          statSync,
          unlinkSync,
          writeSync,
        } as unknown as CacheFileSystem,
        process as unknown as CacheProcess,
      ),
    durableFiles: async () => (await import("./durable-files.ts")).durableFiles(),
    untilStopped: async (over) => {
      const { untilStopped } = await import("../shared/node-api/stop-signals.ts");
      return await untilStopped(process as unknown as SignalledProcess, over);
    },
    runProgram: async (command, environment) =>
      await (await import("./run-program.ts")).runProgram(command, environment),
    listeners: async () => (await import("./listeners.ts")).listeners(),
    serve: async (handler, options) => (await import("./serve.ts")).serve(handler, options),
    writeOutput: async (data) => writeOutput(writeSync, data),
    writeError: (text) => void stderr.write(text),
    errorIsTerminal: async () => (await import("./terminal.ts")).errorIsTerminal(),
    askSecret: async (question) => (await import("./terminal.ts")).askSecret(question),
    now: Date.now,
    sleep,
    random: (length) => randomFillSync(new Uint8Array(length)),
  };
}
