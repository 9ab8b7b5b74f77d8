/**
 * The licences of the packages whose code esbuild has inlined into `dist/`.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./bootstrap.mjs";

/** Writes `THIRD-PARTY-LICENSES.txt` for the packages that the metafiles name; answers their names. */
export function writeLicences(metafiles, outdir) {
  const packages = [...new Set(metafiles.flatMap(inlinedPackages))].sort();
  const sections = packages.map((name) => {
    const folder = join(ROOT, "node_modules", name);
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) throw new Error(`Cannot collect licences: package "${name}" has no licence file`);
    const text = readFileSync(join(folder, file), "utf8").trim();
    return `${name} ${manifest.version} (${manifest.license})\n\n${text}\n`;
  });
  const heading = "Parts of these packages are included in the files of this folder.\n";
  writeFileSync(
    join(ROOT, outdir, "THIRD-PARTY-LICENSES.txt"),
    [heading, ...sections].join(`\n${"-".repeat(80)}\n\n`),
  );
  return packages;
}

/** Package names among the inputs of which at least one octet reached an output. */
export function inlinedPackages(metafile) {
  const names = [];
  for (const output of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(output.inputs)) {
      const match = /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
      if (match !== null && bytesInOutput > 0 && existsSync(join(ROOT, "node_modules", match[1]))) {
        names.push(match[1]);
      }
    }
  }
  return names;
}
