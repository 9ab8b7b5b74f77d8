// runtimes: node20 node deno bun
import { run } from "../../../../runtimes/cli/mod.ts";
import { SESSION_FLAGS, testAuthority } from "../../../support/local-service.ts";
import { type MemoryHost, memoryHost } from "../../../support/memory-host.ts";
import { ANSWERS, CANARY_CREDENTIALS } from "../../../support/scripted-answers.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/cli/commands/exec");

const client = await (await testAuthority()).issue("client");
const FLAGS = ["--certificate", "/c.pem", "--private-key", "/k.pem", ...SESSION_FLAGS];
const { accessKeyId, secretAccessKey, sessionToken, expiration } = CANARY_CREDENTIALS;

function machine(environment: Readonly<Record<string, string>> = {}, exitCode: number = 0): MemoryHost {
  return memoryHost({
    files: { "/c.pem": client.certificatePem, "/k.pem": client.keyPem },
    environment,
    exitCode,
    fetch: async () => new Response(ANSWERS.good.body, { status: 201, headers: ANSWERS.good.headers ?? {} }),
  });
}

test("exec() runs a program with the credentials and without what rivals them, and answers its exit code", async () => {
  const host = machine({ AWS_PROFILE: "edge" }, 42);
  assert.is(await run(host, ["exec", ...FLAGS, "--", "aws", "s3", "ls", "--", "--debug", ""]), 42);
  assert.equal(host.programs, [{
    command: ["aws", "s3", "ls", "--", "--debug", ""],
    environment: {
      AWS_PROFILE: undefined,
      AWS_DEFAULT_PROFILE: undefined,
      AWS_SECURITY_TOKEN: undefined,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_CREDENTIAL_EXPIRATION: expiration,
      AWS_REGION: "us-east-1",
      AWS_DEFAULT_REGION: "us-east-1",
    },
  }]);
  assert.is(host.output() + host.errors.join(""), "");
});

test("exec() needs a program behind two dashes, and asks nobody for credentials without one", async () => {
  for (
    const [words, code, text] of [
      [[], "ERR_USAGE_MISSING_PROGRAM", "it stands behind --"],
      [["--"], "ERR_USAGE_MISSING_PROGRAM", "it stands behind --"],
      [["aws", "s3"], "ERR_USAGE_STRAY_WORD", 'unexpected argument "aws": the program to run'],
      [["--pkcs8-password", "a", "canary"], "ERR_USAGE_STRAY_WORD", "that may be part of a secret"],
    ] as const
  ) {
    const host = machine();
    assert.is(await run(host, ["exec", ...FLAGS, ...words]), 1);
    const told = host.errors.join("");
    assert.match(told, `[${code}]`);
    assert.match(told, text);
    assert.match(told, "anyrole exec [flags] -- program [arguments]\n");
    assert.not.match(told, "canary");
    assert.is(host.clients.length + host.programs.length, 0);
  }
});

test("exec() runs nothing when there are no credentials", async () => {
  const host = memoryHost();
  assert.is(await run(host, ["exec", ...FLAGS, "--", "aws"]), 1);
  assert.match(host.errors.join(""), "[ERR_FILE_NOT_FOUND]");
  assert.equal(host.programs, []);
});

test("exec() gives flags behind two dashes to the program, and help before them to the person", async () => {
  const host = machine();
  assert.is(await run(host, ["exec", ...FLAGS, "--", "aws", "--help"]), 0);
  assert.equal(host.programs[0]!.command, ["aws", "--help"]);
  const helping = machine();
  assert.is(await run(helping, ["exec", "--help", "--", "aws"]), 0);
  assert.match(helping.output(), "Usage:\n  anyrole exec [flags] -- program [arguments]\n");
  assert.equal(helping.programs, []);
});

test.run();
