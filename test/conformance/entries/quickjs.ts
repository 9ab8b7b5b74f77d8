/**
 * The conformance suites in QuickJS compiled to WebAssembly, an engine with nothing of the Web platform: the portable
 * provider alone, without a random source. quickjs.mjs puts `host` in place.
 *
 * @module
 */

import { runConformance } from "../inside.ts";

interface Host {
  readonly runtime: string;
  readonly plan: string;
  readText(path: string): string;
  readOctets(path: string): ArrayBuffer;
  print(line: string): void;
  printAside(line: string): void;
  done(error: string): void;
}

const globals = globalThis as unknown as { readonly host: Host } & Readonly<Record<string, unknown>>;
const { host } = globals;

async function main(): Promise<void> {
  for (const name of ["crypto", "TextEncoder", "URL", "fetch", "setTimeout"]) {
    if (globals[name] !== undefined) throw new Error(`this engine has ${name}`);
  }
  await runConformance(JSON.parse(host.plan), {
    runtime: host.runtime,
    // Interpreted code in WebAssembly says nothing about how long a parser takes.
    clock: undefined,
    readText: (folder, file) => Promise.resolve(host.readText(`${folder.path}/${file}`)),
    readOctets: (folder, file) => Promise.resolve(new Uint8Array(host.readOctets(`${folder.path}/${file}`))),
    print: (line) => host.print(line),
    printAside: (line) => host.printAside(line),
  });
}

main().then(() => host.done(""), (error) => host.done(String(error)));
