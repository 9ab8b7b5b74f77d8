// runtimes: node20
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { readJson } from "../architecture/entry-points.ts";
import { repositoryRoot } from "../support/capabilities.ts";
import { assert, assertNone, skip, suite } from "../support/suite.ts";

const test = suite("build/deno-tasks");

const DENO = join(repositoryRoot(), "test", "runtimes", "node_modules", "deno", "deno");

/** Tasks whose permissions are tried one by one, and arguments that make them short. */
const TRIED: Readonly<Record<string, readonly string[]>> = {
  start: [],
  "test:core": ["--only=core/sign/remote"],
  conformance: ["--suite=sigv4"],
};

const { tasks } = readJson<{ tasks: Readonly<Record<string, string>> }>("deno.json");

for (const [name, extra] of Object.entries(TRIED)) {
  const [program, ...args] = [...tasks[name]!.split(" "), ...extra];

  test(`deno task ${name} works with the permissions that it lists`, async () => {
    assert.is(program, "deno");
    const { code, text } = await runDeno(args);
    if (code !== 0) assertNone([`ended with ${code}`, ...text.trim().split("\n").slice(-20)]);
  });

  test(`deno task ${name} needs each of the permissions that it lists`, async () => {
    const needless: string[] = [];
    for (const [without, what] of withoutOne(args)) {
      if ((await runDeno(without)).code === 0) needless.push(what);
    }
    assertNone(needless);
  });
}

/** The arguments with one value of one `--allow-*` taken away, in every way there is. */
function withoutOne(args: readonly string[]): [args: string[], what: string][] {
  return args.flatMap((argument, at) => {
    const match = /^(--allow-[a-z]+)(?:=(.*))?$/.exec(argument);
    if (match === null) return [];
    const values = match[2]?.split(",") ?? [];
    return (values.length === 0 ? [""] : values).map((value): [string[], string] => {
      const rest = values.filter((other) => other !== value);
      const replacement = rest.length === 0 ? [] : [`${match[1]}=${rest.join(",")}`];
      return [[...args.slice(0, at), ...replacement, ...args.slice(at + 1)], `${match[1]} ${value}`];
    });
  });
}

/** Runs Deno, or skips the test where there is none. */
function runDeno(args: readonly string[]): Promise<{ code: number | null; text: string }> {
  if (!existsSync(DENO)) skip(`no Deno for ${process.platform} ${process.arch}`);
  return new Promise((resolve, reject) => {
    const child = spawn(DENO, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1" },
      timeout: 30_000,
    });
    let text = "";
    child.stdout.on("data", (chunk) => text += chunk);
    child.stderr.on("data", (chunk) => text += chunk);
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, text }));
  });
}

test.run();
