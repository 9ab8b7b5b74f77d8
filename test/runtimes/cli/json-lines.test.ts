// runtimes: node20 node deno bun workerd
import { VERSION } from "../../../core/version.ts";
import { COMMANDS } from "../../../runtimes/cli/commands.ts";
import { errorJson, notingHost } from "../../../runtimes/cli/json-lines.ts";
import { run } from "../../../runtimes/cli/mod.ts";
import { HostError } from "../../../runtimes/host-error.ts";
import { memoryHost, type MemoryHostOptions } from "../../support/memory-host.ts";
import { assert, suite } from "../../support/suite.ts";
import { NOW } from "../../support/test-authority.ts";

const test = suite("runtimes/cli/json-lines");

async function end(options: MemoryHostOptions, ...argv: readonly string[]) {
  const host = memoryHost(options);
  const code = await run(host, argv);
  const errors = host.errors.join("").split("\n").filter(Boolean);
  return { code, output: host.output(), errors };
}

test("run() prints the version as one JSON object", async () => {
  const facts = { version: VERSION, runtime: "memory", runtimeVersion: "1.2.3", platform: "linux" };
  assert.equal(JSON.parse((await end({}, "version", "--json")).output), facts);
  assert.equal(JSON.parse((await end({ environment: { ANYROLE_JSON: "true" } }, "version")).output), facts);
  assert.is((await end({ environment: { ANYROLE_JSON: "true" } }, "version", "--json=false")).output, `${VERSION}\n`);
});

test("run() prints the help as JSON: all commands, or one with its flags", async () => {
  const all = JSON.parse((await end({}, "help", "--json")).output);
  assert.equal(all.commands.map(({ name }: { name: string }) => name), [...COMMANDS.map(({ name }) => name), "help"]);
  assert.equal(JSON.parse((await end({}, "--help", "--json")).output), all);
  for (const argv of [["env", "--help", "--json"], ["help", "env", "--json"]]) {
    const env = JSON.parse((await end({}, ...argv)).output);
    assert.is(env.name, "env");
    assert.ok(env.flags.some(({ name }: { name: string }) => name === "json"));
  }
});

test("run() with --json tells every command's errors as one JSON object, without the usage", async () => {
  for (const { name } of COMMANDS) {
    const { code, errors } = await end({}, ...name.split(" "), "--nonsense", "--json");
    assert.ok(code > 0, name);
    assert.equal(
      errors.map((line) => JSON.parse(line)),
      [{ error: { code: "ERR_USAGE_UNKNOWN_FLAG", message: "unknown flag: --nonsense" } }],
      name,
    );
  }
  const { errors } = await end({}, "nonsense", "--json");
  assert.is(JSON.parse(errors.join()).error.code, "ERR_USAGE_UNKNOWN_COMMAND");
});

test("run() takes no word behind -- for its own --json", async () => {
  const { errors } = await end({}, "exec", "--nonsense", "--", "program", "--json");
  assert.match(errors[0]!, /^Error: unknown flag/);
});

test("errorJson() tells code, message and plain operands, safe for a terminal", () => {
  const error = new HostError("ERR_FILE_NOT_FOUND", "Cannot read a\u001b[31m.pem: there is no such file", {
    path: "a.pem",
  });
  const said = JSON.parse(errorJson(Object.assign(error, { octets: new Uint8Array(3), big: 1n, names: ["a"] })));
  assert.is(said.error.code, "ERR_FILE_NOT_FOUND");
  assert.not(said.error.message.includes("\u001b"));
  assert.equal(said.error.operands, { path: "a.pem", big: "1", names: ["a"] });
  assert.equal(JSON.parse(errorJson("text")), { error: { message: "text" } });
});

test("notingHost() makes a note of every line, with its time as one of UTC", () => {
  const host = memoryHost();
  notingHost(host).writeError("2026/01/02 03:04:05 refreshed\nand more\n");
  const time = new Date(NOW).toISOString();
  assert.equal(
    host.errors.map((line) => JSON.parse(line)),
    [{ note: { time, message: "refreshed" } }, { note: { time, message: "and more" } }],
  );
});

test.run();
