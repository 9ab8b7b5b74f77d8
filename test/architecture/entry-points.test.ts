// runtimes: node20
import { assert, assertNone, suite } from "../support/suite.ts";
import { entryPoints, type Manifest, reachOf, readJson } from "./entry-points.ts";
import { readFileIfPresent } from "./source-files.ts";

const test = suite("architecture/entry-points");

interface DenoManifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly imports: Readonly<Record<string, string>>;
  readonly compilerOptions: Readonly<Record<string, unknown>>;
}

const MANIFEST = readJson<Manifest>("package.json");
const DENO = readJson<DenoManifest>("deno.json");

/** What an entry point must not reach: prefixes of our paths, or of specifiers. A marker names the culprit. */
const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  ".": ["core/crypto/portable/noble/", "@noble", "hono", "node:"],
  "./errors": ["core/crypto/portable/noble/", "@noble", "hono", "node:"],
  "./keys": ["@noble", "node:"],
  "./x509": ["core/crypto/portable/", "core/crypto/password/", "@noble", "node:"],
  "./sign": ["core/crypto/portable/", "core/crypto/password/", "@noble", "node:"],
  "./sigv4": ["core/crypto/portable/", "core/crypto/password/", "@noble", "node:"],
  "./path": ["core/crypto/portable/", "core/crypto/password/", "@noble", "node:"],
  "./policy": ["core/crypto/", "node:"],
  "./session": ["core/crypto/portable/", "hono", "node:"],
  "./credentials": ["core/crypto/portable/", "hono", "node:"],
  "./fetch": ["core/crypto/portable/", "core/crypto/password/", "hono", "node:"],
  "./edge": ["hono", "node:"],
};

/** What an entry point must not load at once, though it may later. */
const ONLY_LAZILY: Readonly<Record<string, readonly string[]>> = {
  "./cli": ["hono", "@noble", "hsm-bridge/", "runtimes/emulator/", "runtimes/endpoints/", "node:"],
  "./node": ["hono", "@noble", "hsm-bridge/"],
  "./deno": ["hono", "@noble", "hsm-bridge/", "node:"],
  "./bun": ["hono", "@noble", "hsm-bridge/"],
};

test("every entry point of package.json exists", () => {
  const missing = entryPoints().filter(({ source }) => readFileIfPresent(source) === undefined);
  assertNone(missing.map(({ subpath, source }) => `${subpath}: ${source}`));
});

test("package.json puts declarations beside each module", () => {
  for (const [subpath, target] of Object.entries(MANIFEST.exports)) {
    if (typeof target === "string") continue;
    assert.equal(Object.keys(target), ["types", "default"], subpath);
    assert.is(target.types, target.default.replace(/\.js$/, ".d.ts"));
  }
});

test("deno.json lists the same entry points, as sources", () => {
  const expected = Object.fromEntries(entryPoints().map(({ subpath, source }) => [subpath, `./${source}`]));
  assert.equal(sorted(DENO.exports), sorted(expected));
});

test("the README's table lists the same entry points", () => {
  const section = /^## Entry points$([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(readFileIfPresent("README.md") ?? "");
  assert.ok(section, 'README.md has a section "## Entry points"');
  const listed = [...section[1]!.matchAll(/^\|\s*`(anyrole(?:\/[^`]*)?)`\s*\|/gm)].map((match) => match[1]!);
  const expected = entryPoints().map(({ subpath }) => subpath.replace(/^\./, "anyrole"));
  assert.equal(listed.sort(), expected.sort());
});

test("an entry point does not reach what is forbidden to it", () => {
  const sources = new Map(entryPoints().map(({ subpath, source }) => [subpath, source]));
  assertNone(Object.keys({ ...FORBIDDEN, ...ONLY_LAZILY }).filter((subpath) => !sources.has(subpath)));
  assertNone([...sources].flatMap(([subpath, source]) => trespasses(source, FORBIDDEN[subpath], "lazily")));
  assertNone([...sources].flatMap(([subpath, source]) => trespasses(source, ONLY_LAZILY[subpath], "statically")));
});

test("no entry point but ./hsm reaches the bridge at once", () => {
  const others = entryPoints().filter(({ subpath }) => subpath !== "./hsm");
  assertNone(others.flatMap(({ source }) => trespasses(source, ["hsm-bridge/", "koffi"], "statically")));
});

test("the published package depends on nothing and has no side effects", () => {
  assert.equal(MANIFEST.dependencies, {});
  assert.is(MANIFEST.sideEffects, false);
  assert.is(MANIFEST.type, "module");
});

test("both manifests name one version and one licence", () => {
  assert.is(DENO.name, "@anyrole/anyrole");
  assert.is(DENO.version, MANIFEST.version);
  assert.is(DENO.license, MANIFEST.license);
});

test("core/version.ts says the manifest's version", () => {
  assert.match(readFileIfPresent("core/version.ts") ?? "", `VERSION = "${MANIFEST.version}"`);
});

test("deno.json maps packages to the versions that npm installs", () => {
  const runtimes = readJson<{ dependencies: Record<string, string> }>("test/runtimes/package.json").dependencies;
  for (const [name, target] of Object.entries(DENO.imports)) {
    assert.is(target, `npm:${name}@${MANIFEST.devDependencies[name] ?? runtimes[name]}`);
  }
});

test("versions are pinned", () => {
  const runtimes = readJson<{ dependencies: Record<string, string> }>("test/runtimes/package.json").dependencies;
  for (const [name, version] of Object.entries({ ...MANIFEST.devDependencies, ...runtimes })) {
    assert.match(version, /^\d+\.\d+\.\d+(?:-[a-z]+\.\d+)?$/, name);
  }
});

test("tsc and Deno check with the same strictness", () => {
  const base = readFileIfPresent("tsconfig.json") ?? "";
  for (const [option, value] of Object.entries(DENO.compilerOptions)) {
    assert.match(base, `"${option}": ${JSON.stringify(value)}`);
  }
});

function trespasses(
  source: string,
  markers: readonly string[] | undefined,
  reach: "statically" | "lazily",
): string[] {
  if (markers === undefined) return [];
  return [...reachOf(source, reach)].flatMap(([target, trail]) =>
    markers.some((marker) => target.startsWith(marker)) ? [trail.join(" → ")] : []
  );
}

function sorted(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record).sort(([a], [b]) => a < b ? -1 : 1);
}

test.run();
