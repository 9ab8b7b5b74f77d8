// runtimes: node20
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { repositoryRoot } from "../support/capabilities.ts";
import { assert, note, suite } from "../support/suite.ts";

const test = suite("run/runner");

interface RunResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly { readonly name: string; readonly text: string }[];
}

interface RunnerModules {
  bundleText(name: string, text: string, options?: object): Promise<string>;
  removeOutput(): void;
  writeWorkerConfig(name: string, bundle: string, date: string, flags: string): string;
  NODE_ENDING: string;
  WORKER_ENDING: string;
  locateRuntime(name: string): { readonly program?: string; readonly missing?: string };
  runTests(name: string, program: string, args: readonly string[], options: object): Promise<RunResult>;
}

/** The runner is plain JavaScript that finds its files from where it lies, so it stays out of the bundle. */
async function load(name: string): Promise<Partial<RunnerModules>> {
  return await import(pathToFileURL(join(repositoryRoot(), "test", "run", name)).href) as Partial<RunnerModules>;
}

const runner = {
  ...await load("bundle.mjs"),
  ...await load("child.mjs"),
  ...await load("runtimes.mjs"),
} as RunnerModules;

const RUNTIMES = ["node20", "node", "deno", "bun", "workerd"];

/** Test files in which something is wrong: the body of the function that loads the file, and what must be said. */
const FAULTS = {
  failing: [`test("a", () => { throw new Error("wrong"); }); test("b", () => {}); test.run();`, /wrong/],
  "failing without an error": [
    `test("a", () => { throw undefined; }); test("b", () => {}); test.run();`,
    /it threw what is no error: undefined/,
  ],
  "failing beyond description": [
    `test("b", () => {}); test("a", () => { throw Object.assign(new Error(), { name: undefined }); }); test.run();`,
    /1 of 2 tests were left out/,
  ],
  "failing with another error": [
    `test("b", () => {}); test("a", () => assert.throws(() => { throw new TypeError(); }, RangeError)); test.run();`,
    /Expected function to throw matching exception/,
  ],
  unprepared: [
    `test.before(() => { throw new Error("no room"); }); test("a", () => {}); test.run();`,
    /no room/,
  ],
  empty: [`test("a", () => {});`, /collected no test/],
  throwing: [`throw new Error("at import");`, /outside of a test: Error: at import/],
  hanging: [`test("a", () => { for (;;); }); test.run();`, /no sign of life for 5 s in "faults: a"/],
} as const;

for (const [fault, [body, wanted]] of Object.entries(FAULTS)) {
  test(`runTests() sees a ${fault} test file in every runtime`, async () => {
    await Promise.all(RUNTIMES.map(async (runtime) => {
      const { program } = runner.locateRuntime(runtime);
      if (program === undefined) return;
      // A loaded machine may take its time to start a program that does not hang.
      const silenceLimitMs = fault === "hanging" ? 5_000 : 50_000;
      const result = await runFile(`${fault.replaceAll(" ", "-")}-${runtime}`, runtime, program, body, silenceLimitMs);
      assert.is(result.failed, 1, runtime);
      assert.is(result.passed, fault.startsWith("failing") ? 1 : 0, runtime);
      assert.match(result.failures.map(({ text }) => text).join("\n"), wanted);
    }));
  });
}

test("runTests() does not take an early end for success", async () => {
  const body = `test("a", () => { process.exit(0); }); test.run();`;
  const result = await runFile("early", "node20", process.execPath, body);
  assert.is(result.failed, 1);
  assert.match(result.failures[0]!.text, "before its last test");
});

test("runTests() counts what passes and what is skipped", async () => {
  const body = `test("a", () => {}); test.skip("b", "because"); test.run();`;
  const { passed, failed, skipped } = await runFile("good", "node20", process.execPath, body);
  assert.equal({ passed, failed, skipped }, { passed: 1, failed: 0, skipped: 1 });
});

test("every runtime is here, or its absence is told", () => {
  for (const name of RUNTIMES) {
    const { program, missing } = runner.locateRuntime(name);
    if (program === undefined) note(`${name}: ${missing}`);
  }
});

test.after(() => runner.removeOutput());

async function runFile(
  name: string,
  runtime: string,
  program: string,
  body: string,
  silenceLimitMs = 50_000,
): Promise<RunResult> {
  const text = [
    `import { runTestFiles } from "./test/run/inside.ts";`,
    `import { assert, suite } from "./test/support/suite.ts";`,
    `const files = [["file", async () => { const test = suite("faults"); void assert; ${body} }]] as const;`,
    runtime === "workerd" ? runner.WORKER_ENDING : runner.NODE_ENDING,
  ].join("\n");
  const bundle = await runner.bundleText(name, text);
  const args = {
    deno: ["run", "--quiet", "--allow-env", bundle],
    workerd: ["test", runtime === "workerd" ? runner.writeWorkerConfig(name, `${name}.mjs`, "2026-06-01", "") : ""],
  }[runtime] ?? [bundle];
  return await runner.runTests(name, program, args, { silenceLimitMs });
}

test.run();
