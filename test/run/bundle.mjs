/**
 * Makes one file of many TypeScript sources, for the runtimes that take their tests from npm's side: Node 20 cannot
 * read TypeScript, and a worker is given a single module.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { ROOT, RUNTIMES } from "../../build/bootstrap.mjs";
import { EXTERNAL, TSCONFIG } from "../../build/bundle.mjs";

const ALL_OUTPUT = join(ROOT, "dist", "test");

/** Where this process puts what it makes; several may be at work in one checkout. */
export const OUTPUT = join(ALL_OUTPUT, `run-${process.pid}`);

/** Removes what runs of another day have left behind. */
export function removeOldOutput() {
  mkdirSync(ALL_OUTPUT, { recursive: true });
  for (const name of readdirSync(ALL_OUTPUT)) {
    const path = join(ALL_OUTPUT, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age > 86_400_000) rmSync(path, { recursive: true, force: true });
  }
}

/** Removes what this process has made. */
export function removeOutput() {
  rmSync(OUTPUT, { recursive: true, force: true });
}

/**
 * Bundles the given TypeScript text, whose imports are relative to the root, into `<OUTPUT>/<name>.mjs`, and answers
 * that path. `options` are esbuild's.
 */
export async function bundleText(name, text, options = {}) {
  const esbuild = await import("esbuild");
  mkdirSync(OUTPUT, { recursive: true });
  const outfile = join(OUTPUT, `${name}.mjs`);
  await esbuild.build({
    stdin: { contents: text, resolveDir: ROOT, sourcefile: `${name}.ts`, loader: "ts" },
    outfile,
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    external: EXTERNAL,
    tsconfigRaw: TSCONFIG,
    // The test libraries are installed beside the runtimes, not where a test file would look for them.
    nodePaths: [join(RUNTIMES, "node_modules")],
    // The package says `sideEffects: false`, and a test file is nothing but a side effect.
    ignoreAnnotations: true,
    sourcemap: "inline",
    sourcesContent: false,
    logLevel: "error",
    ...options,
  });
  return outfile;
}

/** The text of an entry module that runs the given test files, and what it does with the number of failures. */
export function entryText(files, ending) {
  const list = files.map((file) => `  [${JSON.stringify(file)}, () => import("./test/${file}")],`);
  return [
    `import { runTestFiles, type TestFiles } from "./test/run/inside.ts";`,
    `const files: TestFiles = [`,
    ...list,
    `];`,
    ending,
    "",
  ].join("\n");
}

/** How a run ends where there is a process. It is not made to exit: what is still open then is a fault. */
export const NODE_ENDING = "process.exitCode = await runTestFiles(files) > 0 ? 1 : 0;";

/** How a run is started, and ends, in `workerd test`. */
export const WORKER_ENDING = `export default {
  async test() {
    if (await runTestFiles(files) > 0) throw new Error("tests failed");
  },
};`;

/** Writes `<OUTPUT>/<name>.capnp` for `workerd test` and answers its path. The bundle lies beside it. */
export function writeWorkerConfig(name, bundle, date, flags) {
  const template = readFileSync(join(ROOT, "test", "workerd", "tests.capnp.in"), "utf8");
  const config = join(OUTPUT, `${name}.capnp`);
  writeFileSync(
    config,
    template.replace("@bundle@", bundle).replace("@date@", date).replace("@flags@", flags),
  );
  return config;
}
