/**
 * The public entry points as package.json lists them, and what each reaches.
 *
 * @module
 */

import { importsOf } from "./imports.ts";
import { readFileIfPresent } from "./source-files.ts";

/** One entry point: its subpath (`./x509`) and its source (`core/x509/mod.ts`). */
export interface EntryPoint {
  readonly subpath: string;
  readonly source: string;
}

/** package.json, as far as the tests read it. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly type: string;
  readonly sideEffects: boolean;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
}

/** Reads a JSON file that must be there. */
export function readJson<T>(path: string): T {
  const text = readFileIfPresent(path);
  if (text === undefined) throw new Error(`${path} does not exist`);
  return JSON.parse(text) as T;
}

/** The entry points that package.json lists. */
export function entryPoints(): EntryPoint[] {
  return Object.entries(readJson<Manifest>("package.json").exports).flatMap(([subpath, target]) => {
    if (typeof target === "string") return [];
    return [{ subpath, source: target.default.replace(/^\.\/dist\//, "").replace(/\.js$/, ".ts") }];
  });
}

/** How far a walk goes: `lazily` also through `import()`. */
export type Reach = "statically" | "lazily";

/**
 * What a source reaches: our files and foreign specifiers, each with the path of imports that leads there. Types
 * are left out: they are gone in JavaScript.
 */
export function reachOf(source: string, reach: Reach): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>([[source, [source]]]);
  for (const [path, trail] of found) {
    const text = path.endsWith(".ts") ? readFileIfPresent(path) : undefined;
    if (text === undefined) continue;
    for (const { kind, target } of importsOf({ path, text })) {
      if (kind === "type" || (kind === "dynamic" && reach === "statically")) continue;
      if (!found.has(target)) found.set(target, [...trail, target]);
    }
  }
  return found;
}
