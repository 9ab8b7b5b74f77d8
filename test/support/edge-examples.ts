/**
 * The edge examples as their users build them, and the service that they call. For Node 22 and later.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "../../runtimes/emulator/mod.ts";
import { repositoryRoot } from "./capabilities.ts";

const ROOT = repositoryRoot();

/** Where the examples are. */
export const EXAMPLES: string = join(ROOT, "runtimes/edge/examples");

/** The sources of the package's entry points, by their names. */
export function packageSources(): Record<string, string> {
  const { name, exports } = JSON.parse(readFileSync(join(ROOT, "deno.json"), "utf8")) as {
    readonly name: string;
    readonly exports: Readonly<Record<string, string>>;
  };
  const entries = Object.entries(exports).map(([subpath, path]) => [subpath.slice(1), join(ROOT, path)] as const);
  return Object.fromEntries(entries.map(([subpath, path]) => [`${name.split("/")[1]}${subpath}`, path]));
}

/** Bundles a module of the examples, or one that uses them, and answers its text. */
export async function bundleExample(
  contents: string,
  options: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: EXAMPLES, loader: "js", sourcefile: "entry.js" },
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    mainFields: ["module", "main"],
    write: false,
    alias: packageSources(),
    nodePaths: [join(ROOT, "node_modules")],
    external: ["cloudflare:*", "bun", "node:*"],
    logLevel: "error",
    ...options,
  });
  return outputFiles![0]!.text;
}

/** Hands a request on to the emulator as it came, whatever class it is of. */
export async function answerAws(emulator: Emulator, request: Request): Promise<Response> {
  const { url, method, headers } = request;
  const body = method === "GET" || method === "HEAD" ? null : await request.arrayBuffer();
  return await emulator.fetch(new Request(url, { method, headers: [...headers], body }));
}

/**
 * A text that makes a program send to a local server what it wants to send to AWS: the URL and the header fields go in
 * header fields of their own, as {@linkcode answerForwarded} reads them.
 *
 * @param address what the server's address is in the program: an expression
 */
export function forwardingText(address: string): string {
  return `
  const send = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (!new URL(request.url).hostname.endsWith(".amazonaws.com")) return await send(input, init);
    const headers = { "x-test-url": request.url, "x-test-headers": JSON.stringify([...request.headers]) };
    const body = request.method === "GET" ? undefined : await request.arrayBuffer();
    return await send(${address}, { method: request.method, headers, body });
  };
`;
}

/** Answers what was forwarded as AWS; undefined: it was not. */
export async function answerForwarded(emulator: Emulator, request: Request): Promise<Response | undefined> {
  const url = request.headers.get("x-test-url");
  if (url === null) return undefined;
  const body = request.method === "GET" ? null : await request.arrayBuffer();
  const headers = JSON.parse(request.headers.get("x-test-headers")!);
  return await emulator.fetch(new Request(url, { method: request.method, headers, body }));
}
