/**
 * What a file imports.
 *
 * @module
 */

import { maskSource } from "./mask-source.ts";
import type { SourceFile } from "./source-files.ts";

/** One import, re-export or `import()`. */
export interface Import {
  /** `import type` and `export type`: gone in JavaScript. */
  readonly kind: "value" | "type" | "dynamic";
  /** As written. */
  readonly specifier: string;
  /** Path from the root for a relative specifier, otherwise the specifier. */
  readonly target: string;
  /** Whether it is `export * from`. */
  readonly star: boolean;
}

// A clause has no quote and no semicolon in it, so a match is anchored between the keyword and the specifier.
const CLAUSE = /(?<![.\w$])(import|export)\b(\s+type\b(?!\s*,|\s+from\b(?!\s*from)))?([^;"'`()=]*?)\bfrom\s*(["'])/g;
const BARE = /(?<![.\w$])import\s*(["'])/g;
const DYNAMIC = /(?<![.\w$])import\s*\(\s*(["'`])?/g;

/** All imports of a file, in the order of the text within each kind. */
export function importsOf(file: SourceFile): Import[] {
  const code = maskSource(file.text);
  const at = (kind: Import["kind"], quote: number, star: boolean): Import => {
    const end = code.indexOf(code[quote]!, quote + 1);
    const specifier = file.text.slice(quote + 1, end);
    return { kind, specifier, target: resolve(file.path, specifier), star };
  };
  const found: Import[] = [];
  for (const match of code.matchAll(CLAUSE)) {
    const kind = match[2] === undefined ? "value" : "type";
    found.push(at(kind, match.index + match[0].length - 1, /^\s*\*(?!\s*as\b)/.test(match[3] ?? "")));
  }
  for (const match of code.matchAll(BARE)) found.push(at("value", match.index + match[0].length - 1, false));
  for (const match of code.matchAll(DYNAMIC)) {
    const computed = { kind: "dynamic", specifier: "(computed)", target: "(computed)", star: false } as const;
    // `import("./x.ts").Name` inside a type is an import as well; to tell it from a call is not worth it.
    found.push(match[1] === undefined ? computed : at("dynamic", match.index + match[0].length - 1, false));
  }
  return found;
}

function resolve(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  const parts = from.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}
