// runtimes: node20
/**
 * The examples of the documentation: whole modules that import the package as its users do. Each is type-checked and
 * then run, by Deno, with no permission but one variable. What an example needs of the world it takes as parameters.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { repositoryRoot } from "../support/capabilities.ts";
import { assert, assertNone, skip, suite } from "../support/suite.ts";
import { entryPoints, readJson } from "./entry-points.ts";
import { readPublishedSources, type SourceFile } from "./source-files.ts";

const test = suite("architecture/examples");

const FOLDER = join(repositoryRoot(), "dist/test/examples");
const DENO = join(repositoryRoot(), "test/runtimes/node_modules/deno/deno");

/** An example; `place` is the file and the line that it begins on. */
interface Example {
  readonly place: string;
  readonly file: string;
  readonly text: string;
}

const EXAMPLES = readPublishedSources().flatMap(examplesOf);

test("every entry point begins with an example", () => {
  const withExample = new Set(EXAMPLES.map(({ place }) => place.split(":")[0]));
  assertNone(entryPoints().map(({ source }) => source).filter((source) => !withExample.has(source)));
});

test("every example stands below @example", () => {
  const fence = /^( *\* *)```ts$/m;
  const loose = readPublishedSources().filter(({ text }) =>
    text.split(/^ *\* @example.*\n *\* ```ts$/m).some((part) => fence.test(part))
  );
  assertNone(loose.map(({ path }) => path));
});

test("examples import the package by its name on npm, and nothing else", () => {
  const names = new Set(entryPoints().map(({ subpath }) => subpath.replace(/^\./, "anyrole")));
  const foreign = EXAMPLES.flatMap(({ place, text }) =>
    [...text.matchAll(/\bfrom "([^"]+)"/g)].filter(([, name]) => !names.has(name!)).map(([, name]) =>
      `${place}: ${name}`
    )
  );
  assertNone(foreign);
});

test.slow("every example has the right types, and runs", 180_000, () => {
  if (!existsSync(DENO)) skip("there is no Deno for this platform");
  writeExamples();
  deno(["check", "--quiet", ...EXAMPLES.map(({ file }) => file)]);
  // `fromRolesAnywhere` reads it when it is called; files it does not.
  deno([
    "run",
    "--quiet",
    "--no-prompt",
    // The hosts of Node and Bun ask for whatever variable counts.
    "--allow-env",
    "main.ts",
  ]);
});

/** Puts each example into a file, beside a manifest that maps the package to its sources. */
function writeExamples(): void {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const { imports, compilerOptions } = readJson<{ imports: object; compilerOptions: object }>("deno.json");
  const sources = entryPoints().map(({ subpath, source }) => [subpath.replace(/^\./, "anyrole"), `../../../${source}`]);
  write(
    "deno.json",
    JSON.stringify({
      imports: { ...imports, ...Object.fromEntries(sources) },
      compilerOptions: { ...compilerOptions, isolatedDeclarations: false },
      nodeModulesDir: "none",
      lock: false,
    }),
  );
  for (const { place, file, text } of EXAMPLES) write(file, `// ${place}\n${text}`);
  write("main.ts", EXAMPLES.map(({ file }) => `await import("./${file}");\n`).join(""));
}

function write(file: string, text: string): void {
  writeFileSync(join(FOLDER, file), text);
}

/** Runs Deno to its end; a failure names the files of the examples, whose first line says where each is from. */
function deno(args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(DENO, args, {
    cwd: FOLDER,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
    timeout: 120_000,
  });
  if (status !== 0) assertNone([`deno ${args[0]} ended with ${status}`, ...`${stdout}${stderr}`.trim().split("\n")]);
}

/** The blocks of a file's doc comments that are TypeScript. */
function examplesOf({ path, text }: SourceFile): Example[] {
  return [...text.matchAll(/^ *\* ```ts\n([\s\S]*?)^ *\* ```$/gm)].map((match, i) => ({
    place: `${path}:${text.slice(0, match.index).split("\n").length}`,
    file: `${path.replace(/\.ts$/, "").replaceAll("/", "-")}-${i + 1}.ts`,
    text: match[1]!.replace(/^ *\* ?/gm, ""),
  }));
}

test("there are examples", () => assert.ok(EXAMPLES.length > 0));

test.run();
