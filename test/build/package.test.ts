// runtimes: node20 node
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { entryPoints, readJson } from "../architecture/entry-points.ts";
import { importsOf } from "../architecture/imports.ts";
import { repositoryRoot } from "../support/capabilities.ts";
import { assertEndedWell, runNode, runNpm, runTsc } from "../support/node-programs.ts";
import { assert, assertNone, suite } from "../support/suite.ts";

const test = suite("build/package");

const ROOT = repositoryRoot();
const SPECIFIERS = entryPoints().map(({ subpath }) => subpath.replace(/^\./, "anyrole"));

test("npm packs every entry point with its declarations, the command, the licences, and no source or test", () => {
  const ended = runNpm(["pack", "--dry-run", "--json", "--ignore-scripts"]);
  assertEndedWell(ended);
  const answer = JSON.parse(ended.stdout) as
    | { files: { path: string }[] }[]
    | Record<string, { files: { path: string }[] }>;
  const packed = Object.values(answer).flatMap(({ files }) => files.map(({ path }) => path));
  const wanted = [
    ...entryPoints().flatMap((
      { source },
    ) => [`dist/${source.replace(/\.ts$/, ".js")}`, `dist/${source.replace(/\.ts$/, ".d.ts")}`]),
    "dist/bin/anyrole.cjs",
    "dist/THIRD-PARTY-LICENSES.txt",
    "README.md",
    "LICENSE",
    "package.json",
  ];
  assertNone(wanted.filter((path) => !packed.includes(path)).map((path) => `missing: ${path}`));
  const known =
    /^(dist\/(core|runtimes|hsm-bridge|chunks|bin)\/.*\.(js|cjs|d\.ts)|dist\/THIRD-PARTY-LICENSES\.txt|[A-Z]+(\.md)?|package\.json)$/;
  assertNone(packed.filter((path) => !known.test(path)).map((path) => `should not be there: ${path}`));
});

test("npm pack installs what writes the declarations before it builds", () => {
  const { scripts } = readJson<{ scripts: Readonly<Record<string, string>> }>("package.json");
  assert.is(scripts["prepack"], "node build/command.mjs prepack");
  const commands = readFileSync(join(ROOT, "build/command.mjs"), "utf8");
  assert.match(commands, /^ensureTestPackages\(\);$/m);
});

test("what is built imports its own files and what a runtime brings, nothing else", () => {
  const files = ["core", "runtimes", "chunks"].flatMap((folder) => filesBelow(`dist/${folder}`));
  const scripts = files.filter((path) => path.endsWith(".js"));
  assert.ok(scripts.length > 0);
  assertNone(scripts.flatMap((path) =>
    importsOf({ path, text: readFileSync(join(ROOT, path), "utf8") })
      .filter(({ specifier }) => !/^(\.|node:|bun:|cloudflare:|koffi$)/.test(specifier))
      .map(({ specifier }) => `${path}: ${specifier}`)
  ));
});

test("every entry point loads by its published name, and has exports", async () => {
  for (const specifier of SPECIFIERS) {
    const namespace = await import(specifier) as Record<string, unknown>;
    assert.ok(Object.keys(namespace).length > 0, specifier);
  }
});

test("declarations satisfy a strict consumer that resolves as Node does", () => {
  const folder = mkdtempSync(join(ROOT, "dist", "test", "consumer-"));
  try {
    const imports = SPECIFIERS.map((specifier, i) => `export * as entry${i} from "${specifier}";`);
    writeFileSync(join(folder, "consumer.ts"), imports.join("\n"));
    const options = {
      strict: true,
      noEmit: true,
      module: "NodeNext",
      target: "ES2022",
      lib: ["ES2022", "WebWorker"],
      types: [],
    };
    // Declarations of runtimes that the consumer does not use may speak of types that it does not have.
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({ compilerOptions: { ...options, skipLibCheck: true } }),
    );
    const ended = runTsc(["--pretty", "false", "-p", folder]);
    assertEndedWell(ended);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the command starts, and says its version", () => {
  const ended = runNode(["dist/bin/anyrole.cjs", "version"]);
  assertEndedWell(ended);
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
  assert.match(ended.stdout, version);
});

function filesBelow(folder: string): string[] {
  if (!existsSync(join(ROOT, folder))) return [];
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]
  );
}

test.run();
