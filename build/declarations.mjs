/**
 * `.d.ts` files for the npm package, written by `tsc` beside the JavaScript.
 *
 * Types are checked elsewhere (`npm test`); `isolatedDeclarations` lets this step write without checking, so it
 * needs no ambient types of any runtime.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { ROOT, RUNTIMES } from "./bootstrap.mjs";
import { entryPoints } from "./entry-points.mjs";

/** Where the TypeScript compiler is when `test/runtimes` is installed. */
export const TSC = join(RUNTIMES, "node_modules", "typescript", "bin", "tsc");

/** Writes the declarations; answers false when TypeScript is not installed. */
export function writeDeclarations(outdir) {
  if (!existsSync(TSC)) return false;
  const result = spawnSync(process.execPath, [TSC, "-p", "build/declarations.tsconfig.json", "--outDir", outdir], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (result.status !== 0) {
    throw new Error(`Cannot write declarations: tsc says\n${result.stdout}${result.stderr}`);
  }
  for (const file of declarationFiles(join(ROOT, outdir))) pointToJavaScript(file);
  const missing = entryPoints().filter(({ exists, declarations }) =>
    exists && !existsSync(join(ROOT, outdir, declarations.replace(/^dist\//, "")))
  );
  if (missing.length > 0) {
    throw new Error(`Cannot write declarations: none for ${missing.map((entry) => entry.subpath).join(", ")}`);
  }
  return true;
}

function declarationFiles(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".d.ts"))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** tsc leaves `./x.ts` in declarations; every resolver understands `./x.js`. */
function pointToJavaScript(file) {
  const text = readFileSync(file, "utf8");
  const rewritten = text.replace(/(\bfrom\s+|\bimport\()(["'])(\.[^"']*)\.ts\2/g, "$1$2$3.js$2");
  if (rewritten !== text) writeFileSync(file, rewritten);
}
