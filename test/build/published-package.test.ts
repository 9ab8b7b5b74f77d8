// runtimes: node20
/**
 * The package as registries get it: packed, checked by the linters that its users trust, installed into an empty folder,
 * and started the ways people start it.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { readJson } from "../architecture/entry-points.ts";
import { repositoryRoot } from "../support/capabilities.ts";
import { runtimeProgram } from "../support/programs.ts";
import { assert, assertNone, skip, suite } from "../support/suite.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const test = suite("build/published-package");

const ROOT = repositoryRoot();
const PACKAGES = join(ROOT, "test/runtimes/node_modules");
const { version } = readJson<{ version: string }>("package.json");

const folder = temporaryFolder();
test.after(() => folder.remove());

run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder.path], ROOT);
const tarball = join(folder.path, readdirSync(folder.path).find((name) => name.endsWith(".tgz"))!);

test("publint finds nothing to say", () => {
  run(process.execPath, [join(PACKAGES, "publint/src/cli.js"), "--strict", tarball], folder.path);
});

test("arethetypeswrong finds the types of every entry point, for ES modules", () => {
  const cli = join(PACKAGES, "@arethetypeswrong/cli/dist/index.js");
  run(process.execPath, [cli, "--profile", "esm-only", "--quiet", tarball], folder.path);
});

test.slow("the package installs alone, and starts by npx, bunx and deno run", 120_000, async () => {
  folder.write("package.json", JSON.stringify({ name: "consumer", private: true, type: "module" }));
  run("npm", ["install", "--offline", "--no-audit", "--no-fund", tarball], folder.path);
  assert.equal(readdirSync(join(folder.path, "node_modules")).filter((name) => !name.startsWith(".")), ["anyrole"]);
  assert.is(run("npx", ["--no-install", "anyrole", "version"], folder.path), `${version}\n`);
  for (const [name, args] of [["bun", ["x", "--no-install"]], ["deno", ["run", "--allow-all"]]] as const) {
    const { program, missing } = await runtimeProgram(name);
    if (program === undefined) skip(missing ?? name);
    const target = name === "bun" ? "anyrole" : `npm:anyrole@${version}`;
    assert.is(run(program, [...args, target, "version"], folder.path), `${version}\n`, name);
  }
});

test("Bun takes every module as it is, and finds in the entry points what Node finds", async () => {
  const modules = readdirSync(join(ROOT, "dist/chunks")).map((name) => `dist/chunks/${name}`);
  const { exports } = readJson<{ exports: Record<string, string | { readonly default: string }> }>("package.json");
  const entries = Object.entries(exports).filter(([name]) => name !== "./package.json");
  modules.push(...entries.map(([, entry]) => typeof entry === "string" ? entry : entry.default));
  assertNone(modules.filter((path) => !readFileSync(join(ROOT, path), "latin1").startsWith("// @bun\n")));

  const names = entries.map(([name]) => `anyrole${name.slice(1)}`);
  const text = `for (const name of ${
    JSON.stringify(names)
  }) console.log(name, Object.keys(await import(name)).sort().join());`;
  const { program, missing } = await runtimeProgram("bun");
  if (program === undefined) skip(missing ?? "bun");
  const script = join(folder.path, "node_modules", "names.mjs");
  folder.write("node_modules/names.mjs", text);
  assert.is(run(program, [script], folder.path), run(process.execPath, [script], folder.path));
});

test("each consumer keeps within its size", () => {
  const lines = run(process.execPath, ["bench/size/run.mjs", "--json"], ROOT, [0, 1]).trim().split("\n");
  const sizes = lines.map((line) => JSON.parse(line) as { readonly consumer?: string; readonly gzip: number });
  // The goal of `validate` is 14,000 and not reached; it must not move away from it.
  const limits: Readonly<Record<string, number>> = { sigv4: 2600, sign: 6000, edge: 10_000, validate: 33_000 };
  const weighed = sizes.filter(({ consumer }) => consumer !== undefined);
  assert.equal(weighed.map(({ consumer }) => consumer!).sort(), Object.keys(limits).sort());
  assertNone(
    weighed.filter(({ consumer, gzip }) => gzip > limits[consumer!]!).map(({ consumer, gzip }) =>
      `${consumer}: ${gzip} octets, ${limits[consumer!]} are allowed`
    ),
  );
});

/** Runs a program to its end; answers what it prints. */
function run(program: string, args: readonly string[], cwd: string, codes: readonly number[] = [0]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", npm_config_update_notifier: "false" },
    timeout: 110_000,
  });
  if (!codes.includes(status!)) {
    assertNone([`${program} ${args.join(" ")}: ended with ${status ?? error?.message}`, `${stdout}${stderr}`.trim()]);
  }
  return stdout;
}

test.run();
