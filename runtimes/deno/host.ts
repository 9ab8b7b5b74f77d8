/**
 * What a program needs of its runtime, on Deno, through Deno's own API: `node:` modules would double the start-up time.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import type { Abort, Fetch } from "../../core/ports.ts";
import { sleep } from "../../core/session/sleep.ts";
import { descriptorName, fileError, HostError, irregularFile, terminalError, writeError } from "../host-error.ts";
import {
  CLOSE_GRACE_MS,
  type Host,
  type HttpClientOptions,
  type RequestHandler,
  type RunningServer,
  type ServeOptions,
} from "../host.ts";
import { PIECE_LENGTH, readBounded } from "../shared/bounded-read.ts";
import { cacheFiles } from "./cache-files.ts";
import { denoCrypto } from "./crypto.ts";
import { denoSha256 } from "./sha256.ts";
import { systemCode } from "./system-code.ts";
import { askSecret } from "./terminal.ts";

/** Makes the Deno host. */
export function denoHost(): Host {
  let provider: CryptoProvider | undefined;
  return {
    runtime: "deno",
    runtimeVersion: Deno.version.deno,
    platform: Deno.build.os,
    environment,
    crypto: () => provider ??= denoCrypto(),
    sha256: denoSha256,
    httpClient,
    cacheFiles,
    durableFiles: async () => (await import("./durable-files.ts")).durableFiles(),
    listeners: async () => (await import("./listeners.ts")).listeners(),
    untilStopped,
    runProgram: async (command, environment) =>
      await (await import("./run-program.ts")).runProgram(command, environment),
    serve,
    readFile,
    readDescriptor,
    readPieces,
    fileStamp,
    listFiles,
    writeOutput,
    writeError: (text) => {
      Deno.stderr.writeSync(new TextEncoder().encode(text));
    },
    errorIsTerminal: async () => Deno.stderr.isTerminal(),
    askSecret,
    now: () => Date.now(),
    sleep,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  };
}

/** A variable that the program may not read is a variable that is not set. */
function environment(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

function httpClient(options: HttpClientOptions): Fetch {
  if (options.serverCertificate === "skip") {
    throw new HostError(
      "ERR_CA_BUNDLE",
      "Cannot skip the check of the server's certificate: Deno allows it only on its own command line; " +
        "add the server's CA with AWS_CA_BUNDLE instead",
    );
  }
  return async (url, init) => {
    if (options.caBundle === undefined || !url.startsWith("https:")) return await fetch(url, init as RequestInit);
    // Deno trusts these besides its own and has no way to trust these alone.
    using client = Deno.createHttpClient({ caCerts: [options.caBundle()] });
    const { status, headers, body } = await fetch(url, { ...init, client } as RequestInit);
    const chunks: Bytes[] = [];
    let length = 0;
    for await (const chunk of body ?? []) {
      chunks.push(chunk);
      // The caller sees by the length that this is not all, and judges it.
      if ((length += chunk.length) > MAX_BODY_LENGTH) break;
    }
    return { status, headers, text: async () => new TextDecoder().decode(concatBytes(chunks)) };
  };
}

/** Of a longer body, in octets, this much and a chunk is read, when the client does not outlive the call. */
const MAX_BODY_LENGTH = 1_048_576;

function serve(handler: RequestHandler, options: ServeOptions): Promise<RunningServer> {
  const patience = new AbortController();
  return new Promise((resolve, reject) => {
    try {
      const server = Deno.serve(
        {
          hostname: options.hostname,
          port: options.port,
          signal: patience.signal,
          onListen: ({ port }) =>
            resolve({
              port,
              close: async () => {
                const timer = setTimeout(() => patience.abort(), CLOSE_GRACE_MS);
                await server.shutdown();
                clearTimeout(timer);
              },
            }),
          ...(options.tls === undefined ? {} : { cert: options.tls.certificate, key: options.tls.privateKey }),
        } as Deno.ServeTcpOptions,
        handler,
      );
    } catch (error) {
      reject(error);
    }
  });
}

function readFile(path: string, maxLength: number, pipes: "read" | "refuse" = "read"): Bytes {
  try {
    if (pipes === "refuse") refusePipe(path);
    using file = Deno.openSync(path, { read: true });
    const status = file.statSync();
    if (status.isDirectory) throw fileError(path, "EISDIR", undefined);
    return readBounded(path, maxLength, status.size, (into) => file.readSync(into) ?? 0);
  } catch (error) {
    throw error instanceof HostError ? error : fileError(path, systemCode(error), error);
  }
}

/** Deno has no descriptors but the standard ones; the others have paths where there is `/dev/fd`. */
function readDescriptor(descriptor: number, maxLength: number): Bytes {
  const name = descriptorName(descriptor);
  try {
    if (descriptor !== 0) {
      const path = `/dev/fd/${descriptor}`;
      if (Deno.build.os === "windows") {
        throw new HostError("ERR_FILE_NOT_FOUND", `Cannot read ${name}: Deno has none here`);
      }
      return readFile(path, maxLength);
    }
    if (Deno.stdin.isTerminal()) throw terminalError(descriptor);
    return readBounded(name, maxLength, 0, (into) => Deno.stdin.readSync(into) ?? 0);
  } catch (error) {
    throw error instanceof HostError ? error : fileError(name, systemCode(error), error);
  }
}

/** Before it is opened, which waits for a writer. */
function refusePipe(path: string): void {
  if (Deno.statSync(path).isFifo) throw irregularFile(path);
}

function* readPieces(path: string): Generator<Bytes, void, undefined> {
  try {
    refusePipe(path);
    if (Deno.statSync(path).isCharDevice) throw irregularFile(path);
    using file = Deno.openSync(path, { read: true });
    const piece = new Uint8Array(PIECE_LENGTH);
    for (;;) {
      const count = file.readSync(piece);
      if (count === null) return;
      yield piece.subarray(0, count);
    }
  } catch (error) {
    throw error instanceof HostError ? error : fileError(path, systemCode(error), error);
  }
}

function fileStamp(path: string): string {
  try {
    const status = Deno.statSync(path);
    return `${status.dev}:${status.ino}:${status.size}:${status.mtime?.getTime()}`;
  } catch (error) {
    throw fileError(path, systemCode(error), error);
  }
}

function listFiles(directory: string): readonly string[] {
  try {
    return Array.from(Deno.readDirSync(directory)).filter((entry) => !entry.isDirectory).map(({ name }) => name);
  } catch (error) {
    throw fileError(directory, systemCode(error), error);
  }
}

function untilStopped(over?: Abort): Promise<string> {
  const signals: readonly Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  return new Promise((resolve) => {
    if (over?.aborted) return;
    const leave = () => {
      for (const [each, listener] of listeners) Deno.removeSignalListener(each, listener);
    };
    const listeners = signals.map((signal) => {
      const stop = () => {
        leave();
        resolve(signal);
      };
      return [signal, stop] as const;
    });
    for (const [signal, stop] of listeners) Deno.addSignalListener(signal, stop);
    over?.addEventListener("abort", leave);
  });
}

async function writeOutput(data: string | Bytes): Promise<void> {
  const octets = typeof data === "string" ? new TextEncoder().encode(data) : data;
  try {
    for (let at = 0; at < octets.length;) at += await Deno.stdout.write(octets.subarray(at));
  } catch (error) {
    throw writeError("standard output", systemCode(error), error);
  }
}
