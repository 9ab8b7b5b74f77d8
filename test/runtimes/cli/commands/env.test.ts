// runtimes: node20 node deno bun
import { decodeLatin1 } from "../../../../core/bytes/text.ts";
import { run } from "../../../../runtimes/cli/mod.ts";
import { SESSION_FLAGS, testAuthority } from "../../../support/local-service.ts";
import { type MemoryHost, memoryHost } from "../../../support/memory-host.ts";
import { ANSWERS, CANARY_CREDENTIALS } from "../../../support/scripted-answers.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/cli/commands/env");

const client = await (await testAuthority()).issue("client");
const FLAGS = ["--certificate", "/c.pem", "--private-key", "/k.pem", ...SESSION_FLAGS];
const { accessKeyId, secretAccessKey, sessionToken, expiration } = CANARY_CREDENTIALS;

function machine(environment: Readonly<Record<string, string>> = {}): MemoryHost {
  return memoryHost({
    files: { "/c.pem": client.certificatePem, "/k.pem": client.keyPem, "/env": "BEFORE=1\n" },
    environment,
    fetch: async () => new Response(ANSWERS.good.body, { status: 201, headers: ANSWERS.good.headers ?? {} }),
  });
}

test("env() prints the credentials and their region for a POSIX shell, or for another", async () => {
  const host = machine();
  assert.is(await run(host, ["env", ...FLAGS]), 0);
  assert.is(
    host.output(),
    `export AWS_ACCESS_KEY_ID='${accessKeyId}'\nexport AWS_SECRET_ACCESS_KEY='${secretAccessKey}'\n` +
      `export AWS_SESSION_TOKEN='${sessionToken}'\nexport AWS_CREDENTIAL_EXPIRATION='${expiration}'\n` +
      "export AWS_REGION='us-east-1'\nexport AWS_DEFAULT_REGION='us-east-1'\n",
  );
  assert.equal(host.errors, []);
  for (
    const [format, first] of [
      ["fish", `set -gx AWS_ACCESS_KEY_ID '${accessKeyId}'`],
      ["powershell", `$env:AWS_ACCESS_KEY_ID = '${accessKeyId}'`],
      ["dotenv", `AWS_ACCESS_KEY_ID=${accessKeyId}`],
    ] as const
  ) {
    const other = machine();
    assert.is(await run(other, ["env", ...FLAGS, "--format", format]), 0);
    assert.is(other.output().split("\n")[0], first);
    assert.is(other.output().split("\n").length, 7);
  }
});

test("env() names the region that is nearest to the person", async () => {
  for (
    const [flags, environment, region] of [
      [["--region", "eu-west-1"], { AWS_REGION: "us-west-1" }, "eu-west-1"],
      [[], { AWS_REGION: "us-west-1", AWS_DEFAULT_REGION: "us-west-2" }, "us-west-1"],
      [[], { AWS_DEFAULT_REGION: "us-west-2" }, "us-west-2"],
      [[], { AWS_REGION: "x'; rm -rf /; '" }, "x'\\''; rm -rf /; '\\''"],
    ] as const
  ) {
    const host = machine(environment);
    assert.is(await run(host, ["env", ...FLAGS, ...flags]), 0);
    assert.ok(
      host.output().endsWith(`\nexport AWS_REGION='${region}'\nexport AWS_DEFAULT_REGION='${region}'\n`),
      host.output(),
    );
  }
});

test("env() takes the variables away without asking anybody", async () => {
  const host = machine();
  assert.is(await run(host, ["env", "--unset"]), 0);
  assert.is(
    host.output(),
    "unset AWS_ACCESS_KEY_ID\nunset AWS_SECRET_ACCESS_KEY\nunset AWS_SESSION_TOKEN\n" +
      "unset AWS_CREDENTIAL_EXPIRATION\nunset AWS_REGION\nunset AWS_DEFAULT_REGION\n",
  );
  assert.is(host.clients.length, 0);
});

test("env() masks secrets in GitHub Actions and adds to its environment file", async () => {
  const host = machine({ GITHUB_ENV: "/env" });
  assert.is(await run(host, ["env", ...FLAGS, "--format", "github-actions"]), 0);
  assert.is(
    host.output(),
    `::add-mask::${accessKeyId}\n::add-mask::${secretAccessKey}\n::add-mask::${sessionToken}\n`,
  );
  assert.is(
    decodeLatin1(host.readFile("/env", 10_000)),
    `BEFORE=1\nAWS_ACCESS_KEY_ID=${accessKeyId}\nAWS_SECRET_ACCESS_KEY=${secretAccessKey}\n` +
      `AWS_SESSION_TOKEN=${sessionToken}\nAWS_CREDENTIAL_EXPIRATION=${expiration}\nAWS_REGION=us-east-1\n` +
      "AWS_DEFAULT_REGION=us-east-1\n",
  );
  assert.equal(host.errors, []);
  const again = machine({ GITHUB_ENV: "/env" });
  assert.is(await run(again, ["env", "--format", "github-actions", "--unset"]), 0);
  assert.is(again.output(), "");
  assert.match(decodeLatin1(again.readFile("/env", 10_000)), "\nAWS_SESSION_TOKEN=\n");
});

test("env() refuses GitHub Actions where there are none, and regions that would begin a line", async () => {
  const host = machine();
  assert.is(await run(host, ["env", ...FLAGS, "--format", "github-actions"]), 1);
  assert.match(host.errors.join(""), "GITHUB_ENV");
  assert.is(host.clients.length, 0);
  const hostile = machine({ GITHUB_ENV: "/env", AWS_REGION: "x\nPATH=/evil" });
  assert.is(await run(hostile, ["env", ...FLAGS, "--format", "github-actions"]), 1);
  assert.match(hostile.errors.join(""), "[ERR_ENVIRONMENT_VALUE]");
  assert.is(decodeLatin1(hostile.readFile("/env", 10_000)), "BEFORE=1\n");
  assert.is(hostile.output(), "");
});

test.run();
