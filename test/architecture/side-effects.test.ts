// runtimes: node20
import { build } from "esbuild";
import { assertNone, suite } from "../support/suite.ts";
import { repositoryRoot } from "../support/capabilities.ts";
import { entryPoints } from "./entry-points.ts";
import { readFileIfPresent } from "./source-files.ts";

const test = suite("architecture/side-effects");

test("an entry point that is imported for nothing leaves nothing in a bundle", async () => {
  const left: string[] = [];
  for (const { subpath, source } of entryPoints()) {
    if (readFileIfPresent(source) === undefined) continue;
    left.push(...(await remainder(source)).map((line) => `${subpath}: ${line}`));
  }
  assertNone(left);
});

/**
 * Bundles `import "<source>"` as if the package did not promise to be free of side effects: what stays is code that
 * a bundler must take for an effect. A table made by a call is marked pure; a static field with an initialiser
 * belongs outside of its class.
 */
async function remainder(source: string): Promise<string[]> {
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
          return { ...found, sideEffects: true };
        });
      },
    }],
  });
  return result.outputFiles[0]!.text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("//"));
}

test.run();
