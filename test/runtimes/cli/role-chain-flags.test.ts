// runtimes: node20 node deno bun
import type { Fetch } from "../../../core/ports.ts";
import { sleep } from "../../../core/session/sleep.ts";
import { run } from "../../../runtimes/cli/mod.ts";
import { rolesAnywhereOf } from "../../../runtimes/shared/roles-anywhere.ts";
import type { EmulatorOptions } from "../../../runtimes/emulator/mod.ts";
import { SESSION_ARNS, SESSION_FLAGS, testAuthority, trustingEmulator } from "../../support/local-service.ts";
import { type MemoryHost, memoryHost } from "../../support/memory-host.ts";
import { assert, assertRejects, assertThrows, suite } from "../../support/suite.ts";
import { NOW, ROLE_ARN } from "../../support/test-authority.ts";

const test = suite("runtimes/cli/role-chain-flags");

const authority = await testAuthority();
const client = await authority.issue("client");

const ACCOUNT = ROLE_ARN.split(":")[4]!;
const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const ASSUMES = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:*", Resource: "*" }],
});
const POLICY = '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}';

/** From the session's role to B, and from B, with an external id, to C. */
const ROLES: NonNullable<EmulatorOptions["roles"]> = [
  { arn: ROLE_ARN, id: "AROAEXAMPLEEXAMPLE123", policies: { ASSUMES } },
  {
    arn: roleArn("B"),
    policies: { ASSUMES },
    trustPolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{
        Effect: "Allow",
        Principal: { AWS: ROLE_ARN },
        Action: ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
      }],
    }),
  },
  {
    arn: roleArn("C"),
    trustPolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{
        Effect: "Allow",
        Principal: { AWS: roleArn("B") },
        Action: ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"],
        Condition: { StringEquals: { "sts:ExternalId": "customer-7" } },
      }],
    }),
  },
];

interface Ended {
  readonly code: number;
  readonly host: MemoryHost;
  readonly output: string;
  readonly errors: string;
  /** Bodies of the requests to STS. */
  readonly asked: readonly URLSearchParams[];
}

async function end(command: string, ...flags: readonly string[]): Promise<Ended> {
  const emulator = trustingEmulator(authority, () => NOW, { roles: ROLES });
  const asked: URLSearchParams[] = [];
  const fetch: Fetch = async (url, init) => {
    if (!url.includes("/sessions")) asked.push(new URLSearchParams(init.body as string));
    return await emulator.fetch(new Request(url, init as RequestInit));
  };
  const host = memoryHost({
    files: { "/c.pem": client.certificatePem, "/k.pem": client.keyPem, "/p.json": POLICY },
    environment: { HOME: "/me", AWS_ENDPOINT_URL_STS: "http://127.0.0.1:8080" },
    fetch,
  });
  const identity = ["--certificate", "/c.pem", "--private-key", "/k.pem", ...SESSION_FLAGS];
  const endpoint = ["--endpoint", "http://127.0.0.1:8080"];
  const code = await run(host, [command, ...identity, ...endpoint, ...flags]);
  return { code, host, output: host.output(), errors: host.errors.join(""), asked };
}

const B = ["--assume-role-arn", roleArn("B")];
const C = ["--assume-role-arn", roleArn("C")];

test("--assume-role-arn makes credential-process print the credentials of the last role", async () => {
  const flags = [...B, ...C, "--external-id", "customer-7", "--debug"];
  const { code, output, errors, asked } = await end("credential-process", ...flags, "--no-cache");
  assert.is(code, 0, errors);
  assert.is(JSON.parse(output).Expiration, "2026-06-01T13:00:00Z");
  assert.match(errors, "assumed-role/C/");
  assert.equal(asked.map((form) => form.get("RoleArn")), [roleArn("B"), roleArn("C")]);
  assert.equal(asked.map((form) => form.get("ExternalId")), [null, "customer-7"]);
  // The session's name goes along.
  assert.is(asked[0]!.get("RoleSessionName"), asked[1]!.get("RoleSessionName"));
  assert.not.match(errors, JSON.parse(output).SecretAccessKey);
});

test("--assume-role-arn holds for update and env as well", async () => {
  const updated = await end("update", ...B, "--once");
  assert.is(updated.code, 0, updated.errors);
  assert.is(updated.asked.length, 1);
  const printed = await end("env", ...B);
  assert.is(printed.code, 0, printed.errors);
  assert.is(printed.asked.length, 1);
});

test("--assume-role-session-name given once is for every role, --external-id and --session-policy for the last", async () => {
  const flags = [...B, ...C, "--assume-role-session-name", "build", "--external-id", "customer-7"];
  const { code, errors, asked } = await end("env", ...flags, "--session-policy", POLICY);
  assert.is(code, 0, errors);
  assert.equal(asked.map((form) => form.get("RoleSessionName")), ["build", "build"]);
  assert.equal(asked.map((form) => form.get("Policy")), [null, POLICY]);
});

test("--assume-role-session-name, --external-id and --session-policy given for each role are each role's", async () => {
  const { code, errors, asked } = await end(
    "env",
    ...[...B, "--assume-role-session-name", "one", "--external-id", "", "--session-policy", ASSUMES],
    ...[...C, "--assume-role-session-name", "", "--external-id", "customer-7", "--session-policy", "file:///p.json"],
  );
  assert.is(code, 0, errors);
  assert.equal(asked.map((form) => form.get("RoleSessionName")), ["one", "one"]);
  assert.equal(asked.map((form) => form.get("ExternalId")), [null, "customer-7"]);
  assert.equal(asked.map((form) => form.get("Policy")), [ASSUMES, POLICY]);
});

test("--assume-role-arn refuses flags that do not fit, before anything is sent", async () => {
  const rows: [readonly string[], RegExp][] = [
    [
      ["--external-id", "x1"],
      /--external-id is for roles that are assumed: add --assume-role-arn \[ERR_USAGE_MISSING_FLAG\]/,
    ],
    [
      ["--assume-role-arn", ""],
      /invalid argument "" for "--assume-role-arn" flag: it is empty \[ERR_USAGE_INVALID_VALUE\]/,
    ],
    [[...B, "--assume-role-arn="], /"--assume-role-arn" flag: it is empty/],
    [["--session-policy", "{}"], /--session-policy is for roles that are assumed/],
    [
      [...B, ...B, ...B, "--external-id", "x1", "--external-id", "x2"],
      /--external-id is given 2 times and --assume-role-arn 3 times/,
    ],
    [
      [...B, "--session-duration", "7200"],
      /Cannot assume role .*: the duration is 7200 seconds .* 900 to 3600.*\[ERR_SESSION_DURATION\]/,
    ],
    [["--assume-role-arn", "B"], /\[ERR_ARN_/],
    [[...B, "--session-policy", "/absent.json"], /absent\.json/],
    [[...B, "--session-policy", "/c.pem"], /the session policy is no JSON object \[ERR_SESSION_POLICY\]/],
    [[...B, "--assume-role-session-name", "a b"], /\[ERR_SESSION_ROLE_SESSION_NAME\]/],
  ];
  for (const [flags, message] of rows) {
    for (const command of ["credential-process", "env", "update"]) {
      const { code, output, errors, asked } = await end(command, ...flags);
      assert.is(code, 1);
      assert.is(output, "");
      assert.match(errors, message);
      assert.is(asked.length, 0);
    }
  }
});

test("--assume-role-arn tells what STS refused and why", async () => {
  const { code, output, errors } = await end("credential-process", ...C, "--no-cache");
  assert.is(code, 1);
  assert.is(output, "");
  assert.match(errors, /Cannot assume role arn:aws:iam::\d+:role\/C: operation error STS: AssumeRole.*AccessDenied/);
  assert.match(errors, "[ERR_SERVICE_ACCESS_DENIED]");
});

/** A machine that keeps its files between two calls, and its requests to STS. */
function machine(): { readonly host: MemoryHost; readonly asked: URLSearchParams[] } {
  const emulator = trustingEmulator(authority, () => NOW, { roles: ROLES });
  const asked: URLSearchParams[] = [];
  const host = memoryHost({
    files: { "/c.pem": client.certificatePem, "/k.pem": client.keyPem },
    environment: { HOME: "/me", AWS_ENDPOINT_URL: "http://127.0.0.1:8080" },
    fetch: async (url, init) => {
      if (!url.includes("/sessions")) asked.push(new URLSearchParams(init.body as string));
      return await emulator.fetch(new Request(url, init as RequestInit));
    },
  });
  return { host, asked };
}

test("credentials of assumed roles are shared by those who ask for the same roles in the same way", async () => {
  const { host, asked } = machine();
  const flags = ["credential-process", "--certificate", "/c.pem", "--private-key", "/k.pem", ...SESSION_FLAGS];
  for (const chain of [[], B, B, [...B, "--assume-role-session-name", "other"], [], B]) {
    // The cache has time: this one really waits.
    assert.is(await run({ ...host, sleep }, [...flags, ...chain]), 0, host.errors.join(""));
  }
  assert.equal(asked.map((form) => form.get("RoleSessionName") === "other"), [false, true]);
  const keys = host.output().match(/"AccessKeyId":"[^"]+"/g)!;
  assert.is(keys[1], keys[2]);
  assert.is(keys[1], keys[5]);
  assert.is(keys[0], keys[4]);
  assert.is(new Set(keys).size, 3);
});

test("fromRolesAnywhere() assumes roles, and refuses malformed ones at once", async () => {
  const { host, asked } = machine();
  const options = { certificateFile: "/c.pem", privateKeyFile: "/k.pem", ...SESSION_ARNS };
  const provider = rolesAnywhereOf(() => host)({ ...options, assumeRoles: [{ roleArn: roleArn("B") }] });
  const credentials = await provider();
  assert.is(credentials.accountId, ACCOUNT);
  assert.is(await provider().then(({ accessKeyId }) => accessKeyId), credentials.accessKeyId);
  assert.is(asked.length, 1);
  assertThrows(() => rolesAnywhereOf(() => host)({ ...options, assumeRoles: [{ roleArn: "B" }] }), "ERR_ARN_PREFIX");
  const long = rolesAnywhereOf(() => host)({
    ...options,
    durationSeconds: 7200,
    assumeRoles: [{ roleArn: roleArn("B") }],
  });
  await assertRejects(() => long(), "ERR_SESSION_DURATION");
  assert.is(asked.length, 1);
});

test("an endpoint of --assume-role-arn is that of the session's region and variant", async () => {
  const urls: string[] = [];
  const host = memoryHost({
    files: { "/c.pem": client.certificatePem, "/k.pem": client.keyPem },
    environment: { AWS_USE_FIPS_ENDPOINT: "true", AWS_USE_DUALSTACK_ENDPOINT: "true" },
    fetch: async (url, init) => {
      urls.push(new URL(url).host);
      const emulator = trustingEmulator(authority, () => NOW, { roles: ROLES });
      return url.includes("sessions")
        ? await emulator.fetch(new Request(url, init as RequestInit))
        : new Response("", { status: 403 });
    },
  });
  await run(host, ["env", "--certificate", "/c.pem", "--private-key", "/k.pem", ...SESSION_FLAGS, ...B]);
  assert.equal(urls, ["rolesanywhere-fips.us-east-1.api.aws", "sts-fips.us-east-1.api.aws"]);
});

test.run();
