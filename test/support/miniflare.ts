/**
 * Workers in miniflare. For Node 22 and later.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
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
  const { Miniflare } = await import(pathToFileURL(join(PACKAGES, "miniflare/dist/src/index.js")).href);
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
  return new Miniflare({
    modules: true,
    script: bundle.outputFiles[0]!.text,
    compatibilityDate: "2026-07-01",
    ...options,
  });
}

/** Has miniflare take the newer workerd of the test packages, which has ML-DSA behind a flag. */
export function useNewerWorkerd(): void {
  const program = join(PACKAGES, "workerd/node_modules/@cloudflare/workerd-linux-64/bin/workerd");
  const path = existsSync(program) ? program : join(PACKAGES, "@cloudflare/workerd-linux-64/bin/workerd");
  process.env["MINIFLARE_WORKERD_PATH"] = path;
}
