// runtimes: node20 node deno bun workerd
import { decodeLatin1, encodeUtf8 } from "../../../../core/bytes/text.ts";
import type { Fetch } from "../../../../core/ports.ts";
import { run } from "../../../../runtimes/cli/mod.ts";
import { SESSION_FLAGS, testAuthority, trustingEmulator } from "../../../support/local-service.ts";
import { type MemoryHost, memoryHost } from "../../../support/memory-host.ts";
import { ANSWERS, CANARY_CREDENTIALS } from "../../../support/scripted-answers.ts";
import { assert, suite } from "../../../support/suite.ts";
import { NOW } from "../../../support/test-authority.ts";

const test = suite("runtimes/cli/commands/init");

const authority = await testAuthority();
const client = await authority.issue("client");
const emulator = trustingEmulator(authority, () => NOW);
const trusting: Fetch = async (url, init) => await emulator.fetch(new Request(url, init as RequestInit));

const PATH = "/me/.aws/config";
const FLAGS = ["--profile", "x", "--program", "/bin/anyrole", "--certificate", "/c.pem", "--private-key", "/k.pem"];

function machine(files: Readonly<Record<string, string>> = {}, fetch: Fetch = trusting, pwd?: string): MemoryHost {
  return memoryHost({
    files: { "/c.pem": client.certificatePem, "/k.pem": client.keyPem, "/bin/anyrole": "", ...files },
    environment: { HOME: "/me", ...(pwd === undefined ? {} : { PWD: pwd }) },
    fetch,
  });
}

const textOf = (host: MemoryHost): string => decodeLatin1(host.readFile(PATH, 100_000));

const WRITTEN = new RegExp(
  "\\[profile x\\]\\ncredential_process = /bin/anyrole credential-process --role-arn \\S+ --profile-arn \\S+ " +
    "--trust-anchor-arn \\S+ --certificate /c\\.pem --private-key /k\\.pem\\n",
);

test("init() makes a session and writes the profile, which doctor takes", async () => {
  const host = machine();
  assert.is(await run(host, ["init", ...FLAGS, ...SESSION_FLAGS]), 0);
  assert.match(textOf(host), WRITTEN);
  assert.match(host.output(), "a session of arn:aws:sts::123456789012:assumed-role/ExampleRole/");
  assert.match(host.output(), /\nwritten to \/me\/\.aws\/config:\n\[profile x\]\n/);
  assert.is(await run(host, ["doctor", "--profile", "x", "--offline"]), 0);
});

test("init() leaves everything else in the file as it is", async () => {
  const before = "# mine\r\n[default]\r\nregion=eu-west-1 \r\n\r\n[profile y]\r\n  credential_process = z \\\r\n";
  const host = machine({ [PATH]: before });
  assert.is(await run(host, ["init", ...FLAGS, ...SESSION_FLAGS, "--offline"]), 0);
  assert.is(textOf(host).slice(0, before.length), before);
  assert.match(textOf(host).slice(before.length).replaceAll("\r\n", "\n"), WRITTEN);
  assert.is(host.clients.length, 0);
});

test("init() prints the change and writes nothing with --dry-run", async () => {
  const host = machine();
  assert.is(await run(host, ["init", ...FLAGS, ...SESSION_FLAGS, "--dry-run", "--offline"]), 0);
  assert.match(host.output(), WRITTEN);
  assert.match(host.output(), "would write to /me/.aws/config:");
  assert.not(host.paths().includes(PATH));
  const json = machine();
  assert.is(await run(json, ["init", ...FLAGS, ...SESSION_FLAGS, "--dry-run", "--offline", "--json"]), 0);
  const { outcome, path, profile, credentialProcess, findings } = JSON.parse(json.output());
  assert.equal([outcome, path, profile], ["dry-run", PATH, "x"]);
  assert.match(credentialProcess, /^\/bin\/anyrole credential-process --role-arn /);
  assert.ok(findings.length > 10);
});

test("init() replaces a profile that exists with --force alone, and warns of what SDKs take first", async () => {
  const before = "[profile x]\nregion = a\ncredential_process = old\nrole_arn = r\n[profile z]\n";
  const host = machine({ [PATH]: before });
  assert.is(await run(host, ["init", ...FLAGS, ...SESSION_FLAGS, "--offline"]), 2);
  assert.match(host.errors.join(""), "[ERR_CONFIG_PROFILE_EXISTS]");
  assert.is(textOf(host), before);
  assert.is(await run(host, ["init", ...FLAGS, ...SESSION_FLAGS, "--offline", "--force"]), 0);
  assert.match(
    textOf(host),
    /^\[profile x\]\nregion = a\ncredential_process = \/bin\/anyrole .+\nrole_arn = r\n\[profile z\]\n$/,
  );
  assert.match(host.output(), "profile-rivals: profile x also has role_arn");
});

test("init() writes the default profile, names beyond ASCII, and paths that need quotes", async () => {
  const names = { "/Zoë's keys/k.pem": client.keyPem };
  for (const [profile, header] of [["default", "[default]"], ["münchen", "[profile münchen]"]] as const) {
    const host = machine(names);
    const words = ["--profile", profile, "--certificate", "/c.pem", "--private-key", "/Zoë's keys/k.pem"];
    assert.is(await run(host, ["init", ...words, ...SESSION_FLAGS]), 0);
    const octets = decodeLatin1(encodeUtf8(`'/Zoë'"'"'s keys/k.pem'`));
    assert.is(textOf(host).split("\n")[0], decodeLatin1(encodeUtf8(header)));
    assert.match(textOf(host), ` --private-key ${octets}\n`);
    assert.is(await run(host, ["doctor", "--profile", profile, "--offline"]), 0);
  }
});

test("init() writes nothing where doctor finds an error, or the service refuses", async () => {
  const refused = ANSWERS.forbidden;
  const refusing: Fetch = async () => new Response(refused.body, { status: 403, headers: refused.headers ?? {} });
  for (
    const [host, finding] of [
      [machine({ "/k.pem": "no key" }), "error    identity"],
      [machine({}, refusing), "error    create-session"],
    ] as const
  ) {
    assert.is(await run(host, ["init", ...FLAGS, ...SESSION_FLAGS]), 1);
    assert.match(host.output(), finding);
    assert.match(host.output(), /\nnothing was written\n$/);
    assert.not(host.paths().includes(PATH));
  }
});

test("init() makes relative paths whole where it can see that it is right", async () => {
  const words = ["--profile", "x", "--certificate", "c.pem", "--private-key", "./k.pem", ...SESSION_FLAGS, "--offline"];
  // The same file under both names, and one that is another.
  const memory = machine({ "/w/c.pem": client.certificatePem, "/w/k.pem": client.keyPem }, trusting, "/w");
  const stamps = (host: MemoryHost, right: boolean): MemoryHost => {
    const { fileStamp } = host;
    return Object.assign(host, {
      fileStamp: (path: string) =>
        !path.endsWith(".pem") ? fileStamp(path) : right || path[0] !== "/" ? "same" : "other",
    });
  };
  assert.is(await run(stamps(memory, true), ["init", ...words]), 0);
  assert.match(textOf(memory), "--certificate /w/c.pem --private-key /w/k.pem\n");
  for (const host of [stamps(machine({}, trusting, "/w"), false), machine()]) {
    assert.is(await run(host, ["init", ...words]), 2);
    assert.match(host.errors.join(""), "[ERR_INIT_RELATIVE_PATH]");
  }
});

test("init() refuses secrets, profile names that need quotes, and words that no line can hold", async () => {
  for (
    const [words, code] of [
      [[...FLAGS, "--pkcs8-password", "canary"], "ERR_INIT_SECRET"],
      [[...FLAGS, "--profile", "a b"], "ERR_CONFIG_PROFILE_NAME"],
      [[...FLAGS, "--profile", "a]b"], "ERR_CONFIG_PROFILE_NAME"],
      [[...FLAGS, "--certificate", "/a #b"], "ERR_CONFIG_LINE_WORD"],
      [[...FLAGS, "--certificate", "/a\nb"], "ERR_CONFIG_LINE_WORD"],
      [FLAGS.slice(2), "ERR_USAGE_MISSING_FLAG"],
    ] as const
  ) {
    const host = machine();
    assert.is(await run(host, ["init", ...words, ...SESSION_FLAGS, "--offline"]), 2);
    assert.match(host.errors.join(""), `[${code}]`);
    assert.not.match(host.errors.join(""), "canary");
    assert.not(host.paths().includes(PATH));
  }
});

test("init() tells no secret of its trial", async () => {
  const { body, headers } = ANSWERS.good;
  const host = machine({}, async () => new Response(body, { status: 201, headers: headers ?? {} }));
  assert.is(await run(host, ["init", ...FLAGS, ...SESSION_FLAGS]), 0);
  const told = host.output() + host.errors.join("") + textOf(host);
  for (const secret of Object.values(CANARY_CREDENTIALS).slice(0, 3)) assert.not.match(told, secret);
  assert.not.match(told, client.keyPem.split("\n")[1]!);
});

test.run();
