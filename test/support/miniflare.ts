/**
 * Workers in miniflare. For Node 22 and later.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Readable } from "node:stream";
import { pathToFileURL } from "node:url";
import { repositoryRoot } from "./capabilities.ts";

const PACKAGES = join(repositoryRoot(), "test/runtimes/node_modules");

/** A running worker. */
export interface Worker {
  /** Sends it a request. */
  dispatchFetch(url: string, init?: RequestInit): Promise<Response>;
  /** Ends it. */
  dispose(): Promise<void>;
}

/** A worker to start: its source, and miniflare's own options. */
export interface WorkerOptions {
  /** The text of its main module, whose imports are relative to `resolveDir`. */
  readonly contents: string;
  /** Default: the root of the repository. */
  readonly resolveDir?: string;
  /** Answers what the worker sends to the world. */
  readonly outboundService?: (request: Request) => Promise<Response>;
  /** Everything else: `bindings`, `kvNamespaces`, `durableObjects`, `compatibilityFlags`, … */
  readonly [option: string]: unknown;
}

/** Bundles a worker and starts it. */
export async function startWorker(
  { contents, resolveDir = repositoryRoot(), ...options }: WorkerOptions,
): Promise<Worker> {
  const { build } = await import("esbuild");
  const bundle = await build({
    stdin: { contents, resolveDir, loader: "ts", sourcefile: "worker.ts" },
    bundle: true,
    format: "esm",
    target: "es2022",
    write: false,
    preserveSymlinks: true,
    nodePaths: [PACKAGES],
    external: ["cloudflare:*", "esbuild"],
    logLevel: "error",
  });
  return await startMiniflare({ script: bundle.outputFiles[0]!.text, ...options });
}

/** What a worker wrote to its console. */
export interface LogLine {
  readonly text: string;
}

/** A running worker whose console is kept. */
export interface MiniflareWorker extends Worker {
  /** Everything so far. */
  log(): readonly LogLine[];
}

/** Starts a worker of one module, with miniflare's own options and `workerd`, the program to run it. */
export async function startMiniflare(
  { workerd, ...options }: {
    readonly script: string;
    readonly workerd?: string | undefined;
    readonly [option: string]: unknown;
  },
): Promise<MiniflareWorker> {
  const { Miniflare } = await import(pathToFileURL(join(PACKAGES, "miniflare/dist/src/index.js")).href);
  const lines: LogLine[] = [];
  const keep = (stream: Readable): void => {
    stream.setEncoding("utf8").on("data", (text: string) => lines.push({ text }));
  };
  if (workerd !== undefined) process.env["MINIFLARE_WORKERD_PATH"] = workerd;
  try {
    const worker = new Miniflare({
      modules: true,
      compatibilityDate: "2026-07-01",
      handleRuntimeStdio: (output: Readable, errors: Readable) => [output, errors].forEach(keep),
      ...options,
    });
    await worker.ready;
    return {
      dispatchFetch: (url, init) => worker.dispatchFetch(url, init),
      dispose: () => worker.dispose(),
      log: () => lines,
    };
  } finally {
    delete process.env["MINIFLARE_WORKERD_PATH"];
  }
}

/** The newer workerd of the test packages, which has ML-DSA behind a flag; undefined where there is none. */
export function newerWorkerd(): string | undefined {
  const program = join(PACKAGES, `@cloudflare/workerd-${process.platform}-64/bin/workerd`);
  return existsSync(program) ? program : undefined;
}
