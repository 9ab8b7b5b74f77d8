/**
 * The public entry points. `exports` of package.json is the one list; everything else is derived from it:
 * `./dist/core/x509/mod.js` is built from `core/x509/mod.ts`.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./bootstrap.mjs";

/** package.json, parsed. */
export function readManifest() {
  return JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
}

/** Every entry point as `{ subpath, source, output, declarations, exists }`, paths relative to the root. */
export function entryPoints() {
  return Object.entries(readManifest().exports).flatMap(([subpath, target]) => {
    if (typeof target === "string") return [];
    const output = target.default.replace(/^\.\//, "");
    const source = output.replace(/^dist\//, "").replace(/\.js$/, ".ts");
    return [{
      subpath,
      source,
      output,
      declarations: target.types.replace(/^\.\//, ""),
      exists: existsSync(join(ROOT, source)),
    }];
  });
}
