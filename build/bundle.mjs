/**
 * The two bundles of the published package, the entry points as ES modules and the command line for Node; and the
 * command line for programs in one file.
 */
import { createHash } from "node:crypto";
import { chmodSync, existsSync, readFileSync, renameSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { ROOT } from "./bootstrap.mjs";
import { entryPoints } from "./entry-points.mjs";

/** What a runtime or the user brings: never part of a bundle. */
export const EXTERNAL = ["node:*", "bun:*", "bun", "cloudflare:*", "koffi"];

/** esbuild would look for a tsconfig.json beside each source, and honour the `paths` that are meant for tsc. */
export const TSCONFIG = { compilerOptions: { strict: true, verbatimModuleSyntax: true } };

const SHARED = {
  absWorkingDir: ROOT,
  bundle: true,
  charset: "utf8",
  external: EXTERNAL,
  legalComments: "none",
  logLevel: "warning",
  metafile: true,
  target: "es2022",
  tsconfigRaw: TSCONFIG,
};

/**
 * How Bun's own bundler begins what it writes for Bun, which then takes a file as it is: its rewriting of one costs
 * time and memory, and finds nothing to do in these. To all others, Bun's bundler included, it is a comment.
 */
export const BUN_PRAGMA = "// @bun";

/**
 * The entry points, each a file of its own at its source's path. Splitting keeps what is reached by `import()`
 * lazy, and shares one copy of a module between entry points.
 *
 * @returns esbuild's metafile
 */
export async function buildEntryPoints(esbuild, outdir) {
  const present = entryPoints().filter((entry) => entry.exists);
  const result = await esbuild.build({
    ...SHARED,
    entryPoints: present.map((entry) => entry.source),
    outbase: ".",
    outdir,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    banner: { js: BUN_PRAGMA },
  });
  return result.metafile;
}

/** The source of the command line on Node: what starts, and the program that it loads. */
export const NODE_BIN_SOURCE = "runtimes/node/bin.ts";
const NODE_PROGRAM_SOURCE = "runtimes/node/program.ts";

/**
 * The command line on Node, for a fast start: SDKs start `credential-process` again and again. CommonJS, because
 * loading it spares Node the start of its module loader; each module behind an `import()` becomes a file of its own,
 * read when it is needed. All are function expressions, for `bin.ts` to compile, in a folder named by their digest.
 *
 * @returns the metafiles, one a file
 */
export async function buildNodeBin(esbuild, outdir) {
  if (!existsSync(join(ROOT, NODE_BIN_SOURCE))) return [];
  const bin = join(ROOT, outdir, "bin");
  const unnamed = join(bin, "program");
  const output = new Map([[join(ROOT, NODE_PROGRAM_SOURCE), "program.cjs"]]);
  const metafiles = [];
  for (const [source, file] of output) {
    const result = await esbuild.build({
      ...COMMAND_LINE,
      entryPoints: [relative(ROOT, source)],
      outfile: join(unnamed, file),
      banner: { js: "(function(exports,require,module){" },
      footer: { js: "})" },
      plugins: [lazyFiles(output)],
    });
    metafiles.push(result.metafile);
  }
  const digest = createHash("sha256");
  for (const file of output.values()) digest.update(readFileSync(join(unnamed, file)));
  const program = `program-${digest.digest("hex").slice(0, 16)}`;
  renameSync(unnamed, join(bin, program));
  const start = await esbuild.build({
    ...COMMAND_LINE,
    entryPoints: [NODE_BIN_SOURCE],
    outfile: join(bin, "anyrole.cjs"),
    banner: { js: "#!/usr/bin/env node" },
    define: { PROGRAM: JSON.stringify(program) },
  });
  chmodSync(join(bin, "anyrole.cjs"), 0o755);
  return [...metafiles, start.metafile];
}

/**
 * The command line on Bun, for programs in one file: `bin.js` and beside it a file for each `import()`, none of which
 * shares anything with another. Bun's own splitting would cut what starts into a hundred files, and link them anew in
 * each start.
 *
 * @returns the metafiles, one a file
 */
export async function buildBunProgram(esbuild, outdir) {
  const output = new Map([[join(ROOT, "runtimes/bun/bin.ts"), "bin.js"]]);
  const metafiles = [];
  for (const [source, file] of output) {
    const result = await esbuild.build({
      ...COMMAND_LINE,
      entryPoints: [relative(ROOT, source)],
      outfile: join(outdir, file),
      format: "esm",
      target: "esnext",
      supported: {},
      plugins: [lazyFiles(output, ".js")],
    });
    metafiles.push(result.metafile);
  }
  return metafiles;
}

/**
 * The command line on Node in one file, for a single executable application, whose `require` finds nothing but Node's own
 * modules.
 *
 * @returns esbuild's metafile
 */
export async function buildNodeProgram(esbuild, outfile) {
  const contents = [
    `import { argv, exit } from "node:process";`,
    `import { program } from "./${NODE_PROGRAM_SOURCE}";`,
    `program(argv.slice(2)).then(exit);`,
  ].join("\n");
  const { metafile } = await esbuild.build({
    ...COMMAND_LINE,
    stdin: { contents, resolveDir: ROOT, sourcefile: "program.ts", loader: "ts" },
    outfile,
    supported: {},
  });
  return metafile;
}

const COMMAND_LINE = {
  ...SHARED,
  format: "cjs",
  platform: "node",
  target: "node20",
  minify: true,
  // One character beyond Latin-1 would double the memory of the whole text, and the time to read it.
  charset: "ascii",
  // `import()` becomes `require()`: the ES module loader is never started.
  supported: { "dynamic-import": false },
};

/** Sends `import("./x.ts")` to a file of its own, and adds that file to the list of those to build. */
function lazyFiles(output, extension = ".cjs") {
  return {
    name: "lazy-files",
    setup(build) {
      build.onResolve({ filter: /^\./ }, (request) => {
        if (request.kind !== "dynamic-import") return undefined;
        const source = resolve(request.resolveDir, request.path);
        if (!output.has(source)) output.set(source, fileNameOf(source, extension, new Set(output.values())));
        return { path: `./${output.get(source)}`, external: true };
      });
    },
  };
}

/** `runtimes/cli/commands/demo.ts` is `demo.cjs`; a second file of that name gets its folder in front. */
function fileNameOf(source, extension, taken) {
  const folder = basename(dirname(source));
  const name = basename(source, ".ts");
  const short = name === "mod" ? folder : name;
  const names = [short, `${folder}-${short}`].map((each) => each + extension);
  return names.find((candidate) => !taken.has(candidate)) ??
    relative(ROOT, source).replace(/\.ts$/, "").replace(/\W+/g, "-") + extension;
}
