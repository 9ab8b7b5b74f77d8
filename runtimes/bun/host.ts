/**
 * What a program needs of its runtime, on Bun: its own `fetch`, and the `node:` modules, which it answers natively.
 *
 * @module
 */

import * as fileSystem from "node:fs";
import process from "node:process";

import type { CryptoProvider } from "../../core/crypto/provider.ts";
import { sleep } from "../../core/session/sleep.ts";
import type { Host } from "../host.ts";
import { type CacheFileSystem, type CacheProcess, nodeApiCacheFiles } from "../shared/node-api/cache-files.ts";
import { type FileSystem, nodeApiFiles } from "../shared/node-api/files.ts";
import { writeOutput } from "../shared/node-api/output.ts";
import type { SignalledProcess } from "../shared/node-api/stop-signals.ts";
import { hostCrypto } from "./host-crypto.ts";
import { httpClient } from "./http-client.ts";
import { bunSha256 } from "./sha256.ts";

/** Makes the Bun host. */
export function bunHost(): Host {
  let provider: CryptoProvider | undefined;
  return {
    ...nodeApiFiles(fileSystem as unknown as FileSystem),
    runtime: "bun",
    runtimeVersion: process.versions["bun"] ?? "",
    platform: process.platform === "win32" ? "windows" : process.platform,
    environment: (name) => process.env[name],
    crypto: () => provider ??= hostCrypto(),
    sha256: bunSha256,
    httpClient,
    cacheFiles: () => nodeApiCacheFiles(fileSystem as unknown as CacheFileSystem, process as unknown as CacheProcess),
    durableFiles: async () => (await import("./durable-files.ts")).durableFiles(),
    untilStopped: async (over) => {
      const { untilStopped } = await import("../shared/node-api/stop-signals.ts");
      return await untilStopped(process as unknown as SignalledProcess, over);
    },
    runProgram: async (command, environment) =>
      await (await import("./run-program.ts")).runProgram(command, environment),
    listeners: async () => (await import("./listeners.ts")).listeners(),
    serve: async (handler, options) => (await import("./serve.ts")).serve(handler, options),
    writeOutput: async (data) => writeOutput(fileSystem.writeSync, data),
    writeError: (text) => void process.stderr.write(text),
    errorIsTerminal: async () => (await import("./terminal.ts")).errorIsTerminal(),
    askSecret: async (question) => (await import("./terminal.ts")).askSecret(question),
    now: Date.now,
    sleep,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  };
}
