/**
 * `npm run build`: writes `dist/` for npm.
 *
 *     node build/build.mjs            bundles, licences, and declarations if TypeScript is installed
 *     node build/build.mjs --quick    bundles alone; what `npm start` needs
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
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
  const staging = `dist/new-${process.pid}`;
  mkdirSync(join(ROOT, staging), { recursive: true });
  try {
    const metafiles = [await buildEntryPoints(esbuild, staging), ...await buildNodeBin(esbuild, staging)];
    const packages = writeLicences(metafiles, staging);
    const declared = quick ? undefined : writeDeclarations(staging);
    replaceParts(staging);
    return {
      packages,
      declared,
      built: entryPoints().filter((entry) => entry.exists).length,
      missing: entryPoints().filter((entry) => !entry.exists),
    };
  } finally {
    rmSync(join(ROOT, staging), { recursive: true, force: true });
  }
}

/** Everything in `dist/` that a build writes; the rest, `dist/test`, belongs to the test runner. */
const PARTS = ["core", "runtimes", "hsm-bridge", "chunks", "bin", "THIRD-PARTY-LICENSES.txt"];

/** Moves a finished build into its place: who reads `dist/` meanwhile finds the old one or the new one. */
function replaceParts(staging) {
  const unknown = readdirSync(join(ROOT, staging)).filter((part) => !PARTS.includes(part));
  if (unknown.length > 0) throw new Error(`Cannot finish the build: nothing should have written ${unknown}`);
  for (const part of PARTS) {
    const place = join(ROOT, "dist", part);
    rmSync(place, { recursive: true, force: true });
    if (existsSync(join(ROOT, staging, part))) renameSync(join(ROOT, staging, part), place);
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  ensureBuildPackages();
  const report = await build({ quick: process.argv.includes("--quick") }).catch((error) => {
    // esbuild has printed its messages already.
    if (!Array.isArray(error.errors)) console.error(error.message);
    process.exit(1);
  });
  console.log(`dist/: ${report.built} entry points; inlined: ${report.packages.join(", ") || "nothing"}`);
  if (report.declared === false) {
    console.log("no declarations: TypeScript is not installed (npm test installs it)");
  }
  for (const entry of report.missing) console.error(`missing: ${entry.source} (${entry.subpath})`);
  process.exitCode = report.missing.length > 0 ? 1 : 0;
}
