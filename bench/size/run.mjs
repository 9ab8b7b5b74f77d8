/**
 * `npm run size`: how many octets a program takes over that imports us: minified, and what gzip (level 9) makes of it.
 *
 *     npm run size               a table
 *     npm run size -- --json     one JSON object a line: {"entry" or "consumer", "minified", "gzip"}, and "budget"
 *
 * An entry point counts with everything that it loads at once; what it may load later by `import()` does not count: the
 * table tells it beside, as what gzip makes of all together. The
 * consumers beside this file are programs that use a part; they carry the budgets. Over budget, or reaching what must
 * not be reached, ends with 1 and says which modules are the largest.
 */
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import esbuild from "esbuild";
import { ROOT } from "../../build/bootstrap.mjs";
import { EXTERNAL, TSCONFIG } from "../../build/bundle.mjs";
import { entryPoints } from "../../build/entry-points.mjs";

/** Octets after gzip. */
const BUDGETS = { sigv4: 2600, edge: 10_000, sign: 6000, validate: 14_000 };

/** What only these entry points may load at once: markers are the beginnings of modules' paths, or of specifiers. */
const MARKERS = {
  "node_modules/@noble/": ["./portable"],
  "node_modules/hono/": ["./emulator"],
  "core/crypto/portable/": ["./portable"],
  "core/crypto/password/": [".", "./keys", "./edge", "./node", "./deno", "./bun", "./cli", "./emulator"],
  "runtimes/emulator/": ["./emulator"],
  "hsm-bridge/": ["./hsm"],
  "koffi": [],
  "node:": ["./node", "./bun", "./hsm"],
};

const LARGEST = 12;

const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
const subjects = [
  ...entryPoints().filter(({ exists }) => exists).map(({ subpath, source }) => ({ entry: subpath, source })),
  ...Object.keys(BUDGETS).map((name) => ({ consumer: name, source: `bench/size/${name}.ts` })),
];

const faults = [];
for (const { source, ...subject } of subjects) {
  const name = subject.entry ?? subject.consumer;
  const { minified, gzip, gzipAll, modules, specifiers } = await measure(source);
  const budget = BUDGETS[subject.consumer];
  if (values.json) console.log(JSON.stringify({ ...subject, minified, gzip, budget }));
  else {
    const label = subject.entry === undefined ? `consumer ${name}` : `anyrole${name.slice(1)}`;
    const verdict = budget === undefined ? "" : `${gzip > budget ? "OVER" : "within"} ${budget}`;
    const later = gzipAll === gzip ? "" : `${gzipAll} with what it loads later`;
    const figures = `${label.padEnd(24)} ${String(minified).padStart(8)} ${String(gzip).padStart(7)}`;
    console.log([figures, verdict, later].filter(Boolean).join("  "));
  }
  if (gzip > BUDGETS[subject.consumer]) {
    const largest = modules.slice(0, LARGEST).map(([path, octets]) => `  ${String(octets).padStart(6)} ${path}`);
    faults.push(
      `consumer ${name}: ${gzip} octets, at most ${BUDGETS[name]} are allowed; minified:\n${largest.join("\n")}`,
    );
  }
  for (const [marker, allowed] of Object.entries(MARKERS)) {
    const found = [...modules.map(([path]) => path), ...specifiers].find((path) => path.startsWith(marker));
    if (found !== undefined && !allowed.includes(subject.entry)) faults.push(`${name} reaches ${found} at once`);
  }
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length > 0 ? 1 : 0;

/** What a module and all that it imports statically come to, and which modules those are, the largest first. */
async function measure(source) {
  const { outputFiles, metafile } = await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: [source],
    outdir: "size",
    bundle: true,
    write: false,
    minify: true,
    metafile: true,
    splitting: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    charset: "utf8",
    legalComments: "none",
    external: EXTERNAL,
    tsconfigRaw: TSCONFIG,
    logLevel: "error",
  });
  const contents = new Map(outputFiles.map(({ path, contents }) => [path, contents]));
  const entry = Object.keys(metafile.outputs).find((path) => metafile.outputs[path].entryPoint === source);
  const loaded = new Set([entry]);
  for (const path of loaded) {
    for (const { path: next, kind, external } of metafile.outputs[path].imports) {
      if (kind === "import-statement" && !external) loaded.add(next);
    }
  }
  const outputs = [...loaded].map((path) => metafile.outputs[path]);
  const text = Buffer.concat([...loaded].map((path) => contents.get(join(ROOT, path))));
  const all = outputFiles.length === loaded.size ? text : Buffer.concat([...contents.values()]);
  return {
    minified: text.length,
    gzip: gzipSync(text, { level: 9 }).length,
    gzipAll: gzipSync(all, { level: 9 }).length,
    modules: outputs.flatMap(({ inputs }) => Object.entries(inputs).map(([path, input]) => [path, input.bytesInOutput]))
      .filter(([, octets]) => octets > 0)
      .sort((a, b) => b[1] - a[1]),
    specifiers: outputs.flatMap(({ imports }) => imports)
      .filter(({ external, kind }) => external && kind === "import-statement")
      .map(({ path }) => path),
  };
}
