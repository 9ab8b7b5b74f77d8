// runtimes: node20
import { relative } from "node:path";
import { build } from "esbuild";
import { assertNone, suite } from "../support/suite.ts";
import { repositoryRoot } from "../support/capabilities.ts";
import { entryPoints } from "./entry-points.ts";
import { readFileIfPresent } from "./source-files.ts";

const test = suite("architecture/side-effects");

test("a module that is imported for nothing leaves nothing in a bundle", async () => {
  const left: string[] = [];
  const roots = new Set(
    entryPoints().map(({ source }) => source).filter((path) => readFileIfPresent(path) !== undefined),
  );
  // The loop goes on over what it adds: what an entry point loads later must be as free of effects.
  for (const root of roots) {
    const { lines, loadedLater } = await remainder(root);
    left.push(...lines.map((line) => `${root}: ${line}`));
    for (const path of loadedLater) roots.add(path);
  }
  assertNone(left);
});

/**
 * Bundles `import "<source>"` as if the package did not promise to be free of side effects: what stays is code that
 * a bundler must take for an effect. What `import()` loads is left out, and answered as a list. A table made by a call is marked pure; a static field with an initialiser
 * belongs outside of its class.
 */
async function remainder(source: string): Promise<{ lines: string[]; loadedLater: string[] }> {
  const loadedLater: string[] = [];
  const result = await build({
    stdin: { contents: `import "./${source}";`, resolveDir: repositoryRoot(), loader: "ts" },
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    treeShaking: true,
    write: false,
    logLevel: "silent",
    tsconfigRaw: {},
    plugins: [{
      name: "distrust",
      setup(build) {
        // Packages and runtime modules are not ours to judge.
        build.onResolve({ filter: /^[^.]/ }, ({ path }) => ({ path, external: true, sideEffects: false }));
        build.onResolve({ filter: /^\./ }, async ({ path, pluginData, ...request }) => {
          if (pluginData === "seen") return undefined;
          const { importer: _, ...rest } = request;
          const found = await build.resolve(path, { ...rest, importer: request.importer, pluginData: "seen" });
          if (request.kind === "dynamic-import") {
            loadedLater.push(relative(repositoryRoot(), found.path).replaceAll("\\", "/"));
            return { path, external: true };
          }
          return { ...found, sideEffects: true };
        });
      },
    }],
  });
  const text = result.outputFiles[0]!.text;
  return { lines: text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("//")), loadedLater };
}

test.run();
