// runtimes: node20
import { assert, assertNone, suite } from "../support/suite.ts";
import { objection, placeOf } from "./floors.ts";
import { type Import, importsOf } from "./imports.ts";
import { readPublishedSources, type SourceFile } from "./source-files.ts";

const test = suite("architecture/imports");

const SOURCES = readPublishedSources();
const IMPORTS: readonly (readonly [file: SourceFile, imported: Import])[] = SOURCES.flatMap((file) =>
  importsOf(file).map((imported) => [file, imported] as const)
);

/** Where a package or a scheme may be imported: prefixes of paths. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "@noble": ["core/crypto/portable/noble/"],
  hono: ["runtimes/emulator/", "runtimes/endpoints/", "runtimes/edge/examples/"],
  koffi: ["hsm-bridge/ffi/koffi.ts"],
  "bun:": ["runtimes/bun/", "hsm-bridge/ffi/bun"],
  "cloudflare:": ["runtimes/edge/"],
  "node:": ["runtimes/node/", "runtimes/bun/", "runtimes/wasm/", "hsm-bridge/ffi/", "hsm-bridge/tpm/"].concat(
    // Unix sockets, child processes and standard input: what no Web platform has, each in a file of its own.
    ["unix-socket-fetch", "unix-socket-exchange", "program-pipe", "standard-input"].map((name) =>
      `hsm-bridge/remote/${name}.ts`
    ),
  ),
};

function faults(judge: (file: SourceFile, imported: Import) => string | undefined): string[] {
  return IMPORTS.flatMap(([file, imported]) => {
    const fault = judge(file, imported);
    return fault === undefined ? [] : [`${file.path} imports ${imported.specifier}: ${fault}`];
  });
}

test("importsOf() reads every form, and nothing in comments and strings", () => {
  const text = [
    `import a, { b } from "./a.ts";`,
    `import type { C } from "./c.ts";`,
    `import { type D } from "../d.ts";`,
    `import * as e from "node:e";`,
    `import "./f.ts";`,
    `export {\n  g,\n} from "./g.ts";`,
    `export type { H } from "./h.ts";`,
    `export * from "./i.ts";`,
    `export * as j from "./j.ts";`,
    `const k = await import("./k.ts");`,
    `const l = import(name);`,
    `import type from "./m.ts";`,
    `// import "./no.ts"`,
    `/* export * from "./no.ts" */`,
    `const n = "import x from './no.ts'";`,
    "const o = `${await import('./o.ts')} import('./no.ts') ${`import \"./no.ts\"`}`;",
    `const p = /import "no"/.test(n) / 2;`,
    `export const from = (x: "a") => x, q = from("a");`,
  ].join("\n");
  const found = importsOf({ path: "core/x/y.ts", text });
  const shown = found.map(({ kind, target, star }) => `${kind} ${target}${star ? " *" : ""}`).sort();
  assert.equal(
    shown,
    [
      "value core/x/a.ts",
      "type core/x/c.ts",
      "value core/d.ts",
      "value node:e",
      "value core/x/f.ts",
      "value core/x/g.ts",
      "type core/x/h.ts",
      "value core/x/i.ts *",
      "value core/x/j.ts",
      "dynamic core/x/k.ts",
      "dynamic (computed)",
      "value core/x/m.ts",
      "dynamic core/x/o.ts",
    ].sort(),
  );
});

test("sources exist, and imports were found in them", () => {
  assert.ok(SOURCES.length > 0);
  assert.ok(IMPORTS.length > 0);
});

test("every file lives on a floor", () => {
  assertNone(SOURCES.map((file) => file.path).filter((path) => placeOf(path) === undefined));
});

test("imports only go down", () => {
  const found = faults((file, imported) => {
    const from = placeOf(file.path);
    if (!imported.specifier.startsWith(".") || from === undefined) return undefined;
    const to = placeOf(imported.target);
    return to === undefined ? "it is outside of what is published" : objection(from, to, imported.kind);
  });
  assertNone(found);
});

test("packages and runtime modules are imported only where they belong", () => {
  const found = faults((file, { specifier }) => {
    if (specifier.startsWith(".") || specifier === "(computed)") return undefined;
    const name = Object.keys(PACKAGES).find((prefix) =>
      prefix.endsWith(":") ? specifier.startsWith(prefix) : specifier === prefix || specifier.startsWith(`${prefix}/`)
    );
    if (name === undefined) return "nothing of what is published may use it";
    const places = PACKAGES[name]!;
    return places.some((place) => file.path.startsWith(place)) ? undefined : `only ${places.join(", ")} may`;
  });
  assertNone(found);
});

test("import() names its module, so that bundlers and permissions can see it", () => {
  assertNone(faults((_, { specifier }) => specifier === "(computed)" ? "computed" : undefined));
});

test("relative imports say their extension", () => {
  const found = faults((_, { specifier }) => /^\.(?!.*\.ts$)/.test(specifier) ? "no .ts at its end" : undefined);
  assertNone(found);
});

test("nothing in core imports a mod.ts: those are for the outside; only the roof collects", () => {
  const found = faults(({ path }, { target }) =>
    path.startsWith("core/") && placeOf(path)?.part !== "roof" && /^core\/(.*\/)?mod\.ts$/.test(target)
      ? "import the file that has it"
      : undefined
  );
  assertNone(found);
});

test("no export * anywhere", () => {
  assertNone(faults((_, { star }) => star ? "export *" : undefined));
});

test.run();
