/**
 * `npm run wasm`: the core as a WebAssembly component, `dist/wasm/anyrole.wasm`, of `component.ts` bundled by esbuild;
 * and what Node needs to call it, `dist/wasm/node/anyrole.js`. No wasm-pack: the engine in the component is
 * componentize-js's.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as esbuild from "esbuild";
import { TSCONFIG } from "../../build/bundle.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const HERE = dirname(fileURLToPath(import.meta.url));

/** Where the component is built to. */
export const COMPONENT = join(ROOT, "dist", "wasm", "anyrole.wasm");
/** The module through which Node calls it. */
export const NODE_MODULE = join(ROOT, "dist", "wasm", "node", "anyrole.js");

/** Builds both; answers their sizes in octets. */
export async function buildComponent() {
  const bundle = await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: ["runtimes/wasm/component.ts"],
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "es2022",
    minify: true,
    legalComments: "none",
    tsconfigRaw: TSCONFIG,
    plugins: [await writtenOutClasses(), noRandomnessAtStart],
  });
  const { componentize } = await load("@bytecodealliance/componentize-js/src/componentize.js");
  const { component } = await componentize(bundle.outputFiles[0].text, {
    witWorld: readFileSync(join(HERE, "anyrole.wit"), "utf8"),
    worldName: "core",
    // The host sends: the component has no network, and no clock but the one that a call brings.
    disableFeatures: ["http", "fetch-event"],
  });
  const { transpile } = await load("@bytecodealliance/jco/dist/api.js");
  const { files } = await transpile(component, { name: "anyrole" });
  rmSync(dirname(COMPONENT), { recursive: true, force: true });
  mkdirSync(dirname(COMPONENT), { recursive: true });
  writeFileSync(COMPONENT, component);
  const sizes = { source: bundle.outputFiles[0].contents.length, component: component.length };
  for (const [name, contents] of Object.entries(files)) {
    const path = join(dirname(NODE_MODULE), name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
  writeFileSync(join(dirname(NODE_MODULE), "package.json"), '{ "type": "module" }\n');
  return sizes;
}

/** The engine knows no Unicode properties: classes such as `\p{L}` become the characters that they stand for. */
async function writtenOutClasses() {
  const { default: rewritePattern } = await load("regexpu-core/rewrite-pattern.js");
  const literal = /\/((?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\\n])+)\/([a-z]*u[a-z]*)/g;
  return {
    name: "written-out-classes",
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const source = readFileSync(path, "utf8");
        if (!source.includes("\\p{")) return undefined;
        const contents = source.replace(
          literal,
          (whole, pattern, flags) =>
            pattern.includes("\\p{")
              ? `/${rewritePattern(pattern, flags, { unicodePropertyEscapes: "transform" })}/${flags}`
              : whole,
        );
        return { contents, loader: "ts" };
      });
    },
  };
}

/**
 * A component is built by running its modules once, and there is no randomness then. @noble/curves asks for some while it
 * loads; it can do without, because the portable provider hands in its own.
 */
const noRandomnessAtStart = {
  name: "no-randomness-at-start",
  setup(build) {
    build.onLoad({ filter: /@noble[/\\].*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll("globalThis.crypto", "undefined"),
      loader: "js",
    }));
  },
};

/** Of the test packages: the tools weigh hundreds of megabytes. */
function load(file) {
  return import(pathToFileURL(join(ROOT, "test", "runtimes", "node_modules", file)).href);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { source, component } = await buildComponent();
  const megabytes = (octets) => `${(octets / 1e6).toFixed(1)} MB`;
  console.log(`dist/wasm/anyrole.wasm: ${megabytes(component)}, of which our program is ${megabytes(source)}`);
}
