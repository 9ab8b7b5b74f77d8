/**
 * What a program needs of its runtime, on Bun: its own `fetch`, and the `node:` modules, which it answers natively.
 *
 * @module
 */

import * as fileSystem from "node:fs";
import process from "node:process";

import type { CryptoProvider } from "../../core/crypto/provider.ts";
import type { Fetch } from "../../core/ports.ts";
import { sleep } from "../../core/session/sleep.ts";
import type { Host, HttpClientOptions } from "../host.ts";
import { type CacheFileSystem, type CacheProcess, nodeApiCacheFiles } from "../shared/node-api/cache-files.ts";
import { type FileSystem, nodeApiFiles } from "../shared/node-api/files.ts";
import { writeOutput } from "../shared/node-api/output.ts";
import type { SignalledProcess } from "../shared/node-api/stop-signals.ts";
import { bunCrypto } from "./crypto.ts";
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
    crypto: () => provider ??= bunCrypto(),
    sha256: bunSha256,
    httpClient,
    cacheFiles: () => nodeApiCacheFiles(fileSystem as unknown as CacheFileSystem, process as unknown as CacheProcess),
    durableFiles: async () => (await import("./durable-files.ts")).durableFiles(),
    untilStopped: async () => {
      const { untilStopped } = await import("../shared/node-api/stop-signals.ts");
      return await untilStopped(process as unknown as SignalledProcess);
    },
    runProgram: async (command, environment) =>
      await (await import("./run-program.ts")).runProgram(command, environment),
    listeners: async () => (await import("./listeners.ts")).listeners(),
    serve: async (handler, options) => (await import("./serve.ts")).serve(handler, options),
    writeOutput: async (data) => writeOutput(fileSystem.writeSync, data),
    writeError: (text) => void process.stderr.write(text),
    askSecret: async (question) => (await import("./terminal.ts")).askSecret(question),
    now: Date.now,
    sleep,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  };
}

function httpClient(options: HttpClientOptions): Fetch {
  return async (url, init) => {
    // `tls` is Bun's own member of the options.
    const tls = url.startsWith("https:")
      ? {
        rejectUnauthorized: options.serverCertificate === "verify",
        ...(options.caBundle === undefined ? {} : { ca: options.caBundle() }),
      }
      : undefined;
    const proxy = options.proxy?.(new URL(url));
    if (proxy === undefined) return await withoutProxy(() => fetch(url, { ...init, tls } as unknown as RequestInit));
    // So is `proxy`.
    const { secure, hostname, port, authorization } = proxy;
    const host = hostname.includes(":") ? `[${hostname}]` : hostname;
    return await fetch(url, {
      ...init,
      tls,
      proxy: {
        url: `${secure ? "https" : "http"}://${host}:${port}`,
        headers: authorization === undefined ? {} : { "proxy-authorization": authorization },
      },
    } as unknown as RequestInit);
  };
}

/** Bun's `fetch` looks for the environment's proxies when it is called, and sends even what is for loopback there. */
function withoutProxy<T>(call: () => T): T {
  const before = process.env["NO_PROXY"];
  process.env["NO_PROXY"] = "*";
  try {
    return call();
  } finally {
    if (before === undefined) delete process.env["NO_PROXY"];
    else process.env["NO_PROXY"] = before;
  }
}
