// runtimes: node20
import { assert, assertNone, suite } from "../support/suite.ts";
import { readJson } from "./entry-points.ts";
import { readFileIfPresent } from "./source-files.ts";

const test = suite("architecture/permissions");

const { tasks } = readJson<{ tasks: Readonly<Record<string, string>> }>("deno.json");

/** Permissions without a value that a task may have, with the reason. */
const WIDE: Readonly<Record<string, readonly string[]>> = {
  // Tests of the command line and of file identities make files of their own, and read what the user's would be.
  "test:host": ["--allow-read", "--allow-write", "--allow-env"],
};

test("the tasks that the design promises exist", () => {
  assertNone(["start", "test", "bench", "conformance"].filter((name) => tasks[name] === undefined));
});

test("every task runs sources, with permissions that are named one by one", () => {
  for (const [name, command] of Object.entries(tasks)) {
    // Deno KV is tested, and Deno has it behind a flag.
    const settled = name === "test:host" ? command.replace(" --unstable-kv ", " ") : command;
    assert.not.match(settled, /(^|\s)(-A|--allow-all|-[a-zA-Z]*A|--no-prompt|--unstable\S*)(\s|$)/, name);
    const wide = (command.match(/--allow-[a-z]+(?=\s|$)/g) ?? []).filter((flag) => !WIDE[name]?.includes(flag));
    assertNone(wide.map((flag) => `${name}: ${flag}`));
    for (const [, script] of command.matchAll(/deno run (?:--\S+ )*(\S+)/g)) assert.match(script!, /\.ts$/);
  }
});

test("network permissions are for loopback", () => {
  for (const [name, command] of Object.entries(tasks)) {
    for (const [, hosts] of command.matchAll(/--allow-net=(\S+)/g)) {
      const far = hosts!.split(",").filter((host) => !/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host));
      assert.equal(far, [], name);
    }
  }
});

test("the README lists the permissions of each task", () => {
  const readme = readFileIfPresent("README.md") ?? "";
  const missing = Object.entries(tasks).flatMap(([name, command]) => {
    const flags = command.match(/--allow-\S+/g) ?? [];
    const line = readme.split("\n").find((text) => text.includes(`\`deno task ${name}\``) && text.startsWith("|"));
    if (flags.length === 0) return [];
    if (line === undefined) return [`no table row for \`deno task ${name}\``];
    return flags.filter((flag) => !line.includes(flag)).map((flag) => `deno task ${name}: ${flag}`);
  });
  assertNone(missing);
});

test.run();
