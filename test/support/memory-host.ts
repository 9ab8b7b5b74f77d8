/**
 * A machine in memory: files, environment, terminal and clock are what the test says. Runs in every runtime.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../../core/bytes/text.ts";
import { portableProvider } from "../../core/crypto/portable/mod.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import { portableSha256 } from "../../core/crypto/sha256.ts";
import type { Fetch } from "../../core/ports.ts";
import { descriptorName, fileError, fileTooLarge, HostError } from "../../runtimes/host-error.ts";
import type { Host, HttpClientOptions } from "../../runtimes/host.ts";
import { NOW, testRandom } from "./test-authority.ts";

/** What the machine starts with. */
export interface MemoryHostOptions {
  readonly files?: Readonly<Record<string, string | Bytes>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Answers of the person at the terminal, in order; default: there is no terminal. */
  readonly answers?: readonly string[];
  readonly crypto?: CryptoProvider;
  /** Default: nobody answers. */
  readonly fetch?: Fetch;
  /** Default {@link NOW}. */
  readonly nowMs?: number;
  /** Permissions of files; default: this machine has none. */
  readonly modes?: Readonly<Record<string, number>>;
  /** What is on descriptors; the others are not open. */
  readonly descriptors?: Readonly<Record<number, string | Bytes>>;
  /** What programs answer; default 0. */
  readonly exitCode?: number;
  /** Called instead of waiting. */
  readonly onSleep?: (milliseconds: number) => void;
}

/** A machine in memory, and what happened to it. */
export interface MemoryHost extends Host {
  /** Puts a file in place, or removes it with undefined. */
  write(path: string, contents: string | Bytes | undefined): void;
  /** Paths of all files, sorted. */
  paths(): readonly string[];
  /** Everything on standard output, as text. */
  output(): string;
  /** Everything on standard error. */
  readonly errors: string[];
  /** The questions asked on the terminal. */
  readonly questions: string[];
  /** Paths read, in order. */
  readonly reads: string[];
  /** Waits, in milliseconds. */
  readonly waits: number[];
  /** Programs run. */
  readonly programs: {
    readonly command: readonly string[];
    readonly environment: Readonly<Record<string, string | undefined>>;
  }[];
  /** HTTP clients made. */
  readonly clients: HttpClientOptions[];
}

/** Makes a machine. */
export function memoryHost(options: MemoryHostOptions = {}): MemoryHost {
  const files = new Map<
    string,
    { readonly octets: Bytes; readonly stamp: number; readonly modifiedMs: number }
  >();
  const directories = new Set<string>();
  let stamps = 0;
  const write = (path: string, contents: string | Bytes | undefined): void => {
    if (contents === undefined) files.delete(path);
    else {files.set(path, {
        octets: typeof contents === "string" ? encodeUtf8(contents) : contents,
        stamp: ++stamps,
        modifiedMs: options.nowMs ?? NOW,
      });}
  };
  for (const [path, contents] of Object.entries(options.files ?? {})) {
    write(path, contents);
  }
  const file = (path: string) => {
    const found = files.get(path);
    if (found === undefined) throw fileError(path, "ENOENT", undefined);
    return found;
  };
  const answers = [...options.answers ?? []];
  const descriptors: Record<number, string | Bytes> = { ...options.descriptors };
  const crypto = options.crypto ??
    portableProvider({ random: testRandom("memory host") });
  const written: Bytes[] = [];
  const host: MemoryHost = {
    errors: [],
    questions: [],
    reads: [],
    waits: [],
    clients: [],
    programs: [],
    write,
    paths: () => [...files.keys()].sort(),
    output: () => written.map((octets) => decodeUtf8(octets) ?? "(not UTF-8)").join(""),
    runtime: "memory",
    runtimeVersion: "1.2.3",
    platform: "linux",
    environment: (name) => options.environment?.[name],
    crypto: () => crypto,
    sha256: portableSha256,
    httpClient: (rules) => {
      host.clients.push(rules);
      return options.fetch ??
        (() => Promise.reject(new Error("nobody answers")));
    },
    cacheFiles: () => ({
      read: (path) => files.get(path)?.octets.slice(),
      create: (path, contents) => {
        if (files.has(path)) return false;
        write(path, contents.slice());
        return true;
      },
      replace: (path, _, contents) => write(path, contents.slice()),
      move: (path, to) => {
        const found = files.get(path);
        if (found === undefined) return false;
        files.delete(path);
        files.set(to, found);
        return true;
      },
      remove: (path) => write(path, undefined),
      makeDirectory: (path) => void directories.add(path),
      status: (path) => {
        const found = files.get(path);
        if (found === undefined && !directories.has(path)) return undefined;
        const mode = options.modes?.[path];
        return { modifiedMs: found?.modifiedMs ?? 0, writableBy: "us", ...(mode === undefined ? {} : { mode }) };
      },
      list: (directory) =>
        [...files.keys()].filter((path) => path.startsWith(`${directory}/`)).map((path) =>
          path.slice(directory.length + 1)
        ),
    }),
    durableFiles: async () => ({
      openAppend: async (path) => ({
        append: async (octets) => write(path, concatBytes([file(path).octets, octets])),
        truncate: async (length) => write(path, file(path).octets.slice(0, length)),
        close: async () => {},
      }),
      replaceFile: async (path, contents) => write(path, contents.slice()),
      createFile: async (path, contents) => {
        if (files.has(path)) return false;
        write(path, contents.slice());
        return true;
      },
      removeFile: async (path) => write(path, undefined),
      followLinks: async (path) => path,
      makeDirectory: async () => {},
      stageFile: async (path, staged, contents) => {
        write(staged, contents.slice());
        return {
          commit: async () => {
            write(path, file(staged).octets);
            write(staged, undefined);
          },
          discard: async () => write(staged, undefined),
        };
      },
    }),
    untilStopped: () => new Promise(() => {}),
    runProgram: async (command, environment) => {
      host.programs.push({ command, environment });
      return options.exitCode ?? 0;
    },
    serve: () => Promise.reject(new Error("this machine serves nothing")),
    listeners: () => Promise.reject(new Error("this machine serves nothing")),
    readFile: (path, maxLength) => {
      host.reads.push(path);
      const { octets } = file(path);
      if (octets.length > maxLength) throw fileTooLarge(path, maxLength);
      return octets.slice();
    },
    readDescriptor: (descriptor) => {
      const contents = descriptors[descriptor];
      if (contents === undefined) throw fileError(descriptorName(descriptor), "EBADF", undefined);
      // Once taken it is gone.
      descriptors[descriptor] = "";
      host.reads.push(descriptorName(descriptor));
      return typeof contents === "string" ? encodeUtf8(contents) : contents;
    },
    readPieces: function* (path) {
      host.reads.push(path);
      const { octets } = file(path);
      // As on a real machine, every piece overwrites the one before.
      const memory = new Uint8Array(1000);
      for (let at = 0; at < octets.length; at += memory.length) {
        const piece = octets.subarray(at, at + memory.length);
        memory.set(piece);
        yield memory.subarray(0, piece.length);
      }
    },
    fileStamp: (path) => String(file(path).stamp),
    listFiles: (directory) => {
      const start = `${directory.replace(/\/$/, "")}/`;
      const inside = [...files.keys()].filter((path) => path.startsWith(start)).map((path) => path.slice(start.length));
      if (inside.length === 0) throw fileError(directory, "ENOENT", undefined);
      return inside.filter((name) => !name.includes("/"));
    },
    writeOutput: async (data) => void written.push(typeof data === "string" ? encodeUtf8(data) : data),
    writeError: (text) => void host.errors.push(text),
    askSecret: async (question) => {
      const answer = answers.shift();
      if (answer === undefined) {
        throw new HostError(
          "ERR_TERMINAL_UNAVAILABLE",
          "Cannot ask on the terminal: there is none",
        );
      }
      host.questions.push(question);
      return answer;
    },
    now: () => options.nowMs ?? NOW,
    // Waits do not end by themselves: a time limit that nothing reaches must not count as reached.
    sleep: async (milliseconds, signal) => {
      host.waits.push(milliseconds);
      options.onSleep?.(milliseconds);
      if (milliseconds < 30_000) return;
      await new Promise<void>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    },
    random: testRandom("memory host's own"),
  };
  return host;
}
