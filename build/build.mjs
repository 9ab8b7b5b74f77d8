/**
 * `npm run build`: writes `dist/` for npm.
 *
 *     node build/build.mjs            bundles, licences, and declarations if TypeScript is installed
 *     node build/build.mjs --quick    bundles alone; what `npm start` needs
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { ensureBuildPackages, ROOT } from "./bootstrap.mjs";
import { buildEntryPoints, buildNodeBin } from "./bundle.mjs";
import { writeDeclarations } from "./declarations.mjs";
import { entryPoints } from "./entry-points.mjs";
import { writeLicences } from "./licences.mjs";

/** Writes `dist/` anew; `quick` leaves the declarations out. */
export async function build({ quick = false } = {}) {
  const esbuild = await import("esbuild");
  // `dist/test` belongs to the test runner, which may be at work.
  for (const part of ["core", "runtimes", "hsm-bridge", "chunks", "bin", "THIRD-PARTY-LICENSES.txt"]) {
    rmSync(join(ROOT, "dist", part), { recursive: true, force: true });
  }
  const metafiles = [await buildEntryPoints(esbuild), ...await buildNodeBin(esbuild)];
  const packages = writeLicences(metafiles);
  const declared = quick ? undefined : writeDeclarations();
  return {
    packages,
    declared,
    built: entryPoints().filter((entry) => entry.exists).length,
    missing: entryPoints().filter((entry) => !entry.exists),
  };
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  ensureBuildPackages();
  const report = await build({ quick: process.argv.includes("--quick") });
  console.log(`dist/: ${report.built} entry points; inlined: ${report.packages.join(", ") || "nothing"}`);
  if (report.declared === false) {
    console.log("no declarations: TypeScript is not installed (npm test installs it)");
  }
  for (const entry of report.missing) console.error(`missing: ${entry.source} (${entry.subpath})`);
  process.exitCode = report.missing.length > 0 ? 1 : 0;
}
