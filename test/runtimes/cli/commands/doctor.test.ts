// runtimes: node20 node deno bun workerd
import { decodeLatin1 } from "../../../../core/bytes/text.ts";
import { issueRevocationList } from "../../../../core/issue/mod.ts";
import { encodePem } from "../../../../core/pem/pem.ts";
import type { Fetch } from "../../../../core/ports.ts";
import { run } from "../../../../runtimes/cli/mod.ts";
import { runtimeName } from "../../../support/capabilities.ts";
import { SESSION_FLAGS, testAuthority, trustingEmulator } from "../../../support/local-service.ts";
import { type MemoryHost, memoryHost, type MemoryHostOptions } from "../../../support/memory-host.ts";
import { assert, skip, suite } from "../../../support/suite.ts";
import { DAY, NOW, ROLE_ARN } from "../../../support/test-authority.ts";

const test = suite("runtimes/cli/commands/doctor");

const authority = await testAuthority();
const { root, intermediate } = authority;
const client = await authority.issueBelow("client");
const other = await authority.issue("other");
const FLAGS = [
  "--certificate",
  "/c.pem",
  "--private-key",
  "/k.pem",
  "--intermediates",
  "/i.pem",
  ...SESSION_FLAGS,
];
const FILES = {
  "/c.pem": client.certificatePem,
  "/k.pem": client.keyPem,
  "/i.pem": intermediate.certificatePem,
  "/ca.pem": root.certificatePem,
  "/bin/anyrole": "",
  "/role.json": JSON.stringify({
    Version: "2012-10-17",
    Statement: [{
      Effect: "Allow",
      Principal: { Service: "rolesanywhere.amazonaws.com" },
      Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
    }],
  }),
};
const LINE = ["/bin/anyrole", "credential-process", ...FLAGS].join(" ");
const SERVICE = ["--trust-anchor", "/ca.pem", "--role", "/role.json"];

interface Found {
  readonly area: string;
  readonly id: string;
  readonly severity: string;
  readonly what: string;
  readonly why?: string;
  readonly fix?: string;
}

interface Report {
  readonly code: number;
  readonly host: MemoryHost;
  readonly findings: readonly Found[];
  /** `severity id` of what is not ok. */
  readonly trouble: readonly string[];
  of(id: string): Found | undefined;
}

/** Runs it with `--json`, and holds every finding to its form. */
async function doctor(words: readonly string[], options: MemoryHostOptions = {}): Promise<Report> {
  const host = memoryHost({
    ...options,
    files: { ...FILES, ...options.files },
    environment: { HOME: "/me", ...options.environment },
  });
  const code = await run(host, ["doctor", "--json", ...words]);
  const { findings = [], errors } = JSON.parse(host.output()) as { findings?: readonly Found[]; errors?: number };
  for (const { severity, what, why, fix } of findings) {
    assert.ok(what);
    if (severity !== "ok") assert.ok(why && fix, what);
  }
  if (code !== 2) assert.is(code, errors === 0 ? 0 : 1);
  const trouble = findings.filter(({ severity }) => severity !== "ok").map(({ severity, id }) => `${severity} ${id}`);
  return { code, host, findings, trouble, of: (id) => findings.find((finding) => finding.id === id) };
}

/** With a line of a config file. */
async function doctorOfLine(line: string, options: MemoryHostOptions = {}): Promise<Report> {
  return await doctor(["--profile", "x", "--offline"], {
    ...options,
    files: { "/me/.aws/config": `[profile x]\ncredential_process = ${line}\n`, ...options.files },
  });
}

const emulator = trustingEmulator(authority, () => NOW);
const answering: Fetch = async (url, init) => await emulator.fetch(new Request(url, init as RequestInit));

test("doctor() finds nothing wrong where nothing is, and sends one request without a signature", async () => {
  const requests: unknown[] = [];
  const fetch: Fetch = async (url, init) => {
    requests.push([url, init.method, init.headers]);
    const answer = await answering(url, init);
    return new Response(null, { status: answer.status, headers: { date: new Date(NOW + 3000).toUTCString() } });
  };
  const { code, trouble, of } = await doctor([...FLAGS, ...SERVICE], { fetch, modes: { "/k.pem": 0o600 } });
  assert.equal(trouble, []);
  assert.is(code, 0);
  assert.equal(requests, [["https://rolesanywhere.us-east-1.amazonaws.com/", "GET", {}]]);
  assert.match(of("clock")!.what, "3 seconds apart");
  assert.match(of("prediction")!.what, `allowed: ${ROLE_ARN} for 3600 seconds`);
  assert.match(of("custody")!.what, /^low: /);
  assert.match(of("custody")!.fix!, "PKCS#11 token or a TPM");
  const partly = await doctor([...FLAGS, "--offline", "--trust-anchor", "/ca.pem"]);
  assert.is(partly.of("prediction")!.what, "none: no role is given");
  assert.is(
    (await doctor([...FLAGS, "--offline"])).of("prediction")!.what,
    "none: no trust-anchor and no role is given",
  );
  assert.match(of("trust-anchor")!.what, "path of 3 certificates");
});

test("doctor() prints groups for people, with why and fix", async () => {
  const host = memoryHost({ files: FILES, modes: { "/k.pem": 0o644 } });
  assert.is(await run(host, ["doctor", ...FLAGS, "--offline"]), 0);
  assert.match(host.output(), /^files\n {2}ok {7}custody: low/);
  assert.match(host.output(), "\n  warning  key-permissions: /k.pem has mode 0644\n           why: every user");
  assert.match(host.output(), "\n           fix: chmod 600 /k.pem\n");
  assert.match(host.output(), /\n0 errors, 1 warning, \d+ ok\n$/);
  assert.is(host.clients.length, 0);
});

test("doctor() looks at permissions of keys and certificates", async () => {
  const { of } = await doctor([...FLAGS, "--offline"], { modes: { "/k.pem": 0o640, "/c.pem": 0o644 } });
  assert.match(of("key-permissions")!.why!, "group");
  assert.match(of("certificate-file")!.what, "0644");
  const open = await doctor([...FLAGS, "--offline"], { modes: { "/k.pem": 0o600, "/c.pem": 0o600 } });
  assert.equal(open.trouble, []);
});

test("doctor() names files that are missing, keys that do not match, and passwords that nobody can be asked for", async () => {
  const missing = await doctor([...FLAGS, "--offline"], { files: { "/k.pem": "" } });
  assert.ok(missing.trouble.includes("error identity"));
  const { of, code } = await doctor([
    "--certificate",
    "/none",
    "--private-key",
    "/k.pem",
    ...SESSION_FLAGS,
    "--offline",
  ]);
  assert.is(code, 1);
  assert.match(of("certificate-file")!.why!, "no such file");
  const mismatch = await doctor([...FLAGS, "--offline"], { files: { "/k.pem": other.keyPem } });
  assert.equal(mismatch.trouble, ["error identity"]);
  assert.match(mismatch.of("identity")!.why!, "ERR_IDENTITY_KEY_MISMATCH");
  assert.match(mismatch.of("identity")!.fix!, "the key that the certificate was issued for");
  // The certificate is looked at all the same.
  assert.ok(mismatch.of("validity"));
  const none = await doctor([...SESSION_FLAGS, "--offline"]);
  assert.match(none.of("identity")!.why!, "neither a certificate nor a private key is given");
});

test("doctor() says that PKCS#11 tokens and TPMs are the best custody", async () => {
  if (runtimeName() === "workerd") skip("the bundle for workers is without the bridge");
  for (const key of ["pkcs11:object=x", "handle:0x81000001"]) {
    const { of } = await doctor(["--certificate", "/c.pem", "--private-key", key, ...SESSION_FLAGS, "--offline"]);
    assert.match(of("custody")!.what, /^high: /);
    assert.is(of("custody")!.fix, undefined);
  }
});

test("doctor() looks at validity, the service's rules, chain files, trust anchor and lists", async () => {
  const old = await authority.issue("old", { notBefore: NOW - 20 * DAY, notAfter: NOW - DAY });
  const late = await authority.issue("late", { notBefore: NOW + DAY, notAfter: NOW + 20 * DAY });
  const soon = await authority.issue("soon", { notBefore: NOW - 99 * DAY, notAfter: NOW + DAY });
  const ca = await authority.issue("a CA", { kind: "ca" });
  for (
    const [identity, finding] of [
      [old, "error validity"],
      [late, "error validity"],
      [soon, "warning validity"],
      [ca, "error rules"],
    ] as const
  ) {
    const files = { "/c.pem": identity.certificatePem, "/k.pem": identity.keyPem };
    const { trouble } = await doctor([...FLAGS, "--offline"], { files });
    assert.ok(trouble.includes(finding), `${identity.name}: ${trouble.join(", ")}`);
  }
  const chain = client.certificatePem + root.certificatePem + intermediate.certificatePem + other.certificatePem;
  const mixed = await doctor([...FLAGS, "--offline"], { files: { "/i.pem": chain } });
  assert.equal(mixed.trouble, ["warning leaf-in-chain", "warning root-in-chain", "warning strangers"]);
  assert.match(mixed.of("strangers")!.what, "CN=other");
  const words = ["--certificate", "/c.pem", "--private-key", "/k.pem", ...SESSION_FLAGS, "--offline", ...SERVICE];
  const gap = await doctor(words);
  assert.equal(gap.trouble, ["error trust-anchor", "error prediction"]);
  assert.match(gap.of("prediction")!.what, "refused: 403 AccessDeniedException");
});

test("doctor() looks at revocation lists", async () => {
  const list = async (nextUpdate: number, serialNumber: bigint): Promise<string> =>
    encodePem(
      "X509 CRL",
      await issueRevocationList({
        issuer: intermediate.certificate.subject,
        thisUpdate: NOW - 2 * DAY,
        nextUpdate,
        revokedCertificates: [{ serialNumber, revocationDate: NOW - 2 * DAY }],
      }, intermediate.signer),
    );
  const words = [...FLAGS, "--offline", "--trust-anchor", "/ca.pem", "--crl", "/list"];
  const check = async (text: string) => (await doctor(words, { files: { "/list": text } })).trouble;
  assert.equal(await check(await list(NOW + 5 * DAY, 5n)), []);
  assert.equal(await check(await list(NOW + 1000, 5n)), ["warning crl"]);
  assert.equal(await check(await list(NOW - DAY, 5n)), ["warning crl"]);
  assert.equal(await check(await list(NOW + 5 * DAY, 0x0123_4567_89abn)), ["error revocation"]);
  assert.equal(await check("no list"), ["error trust-anchor"]);
});

test("doctor() looks at ARNs, regions, accounts, duration and session name", async () => {
  const anchor = "arn:aws:rolesanywhere:us-east-1:123456789012:trust-anchor/a";
  const profile = "arn:aws:rolesanywhere:us-east-1:123456789012:profile/p";
  const role = "arn:aws:iam::123456789012:role/R";
  const identity = FLAGS.slice(0, 6);
  const check = async (a: string, p: string, r: string, ...more: readonly string[]) =>
    (await doctor([
      ...identity,
      "--trust-anchor-arn",
      a,
      "--profile-arn",
      p,
      "--role-arn",
      r,
      "--offline",
      ...more,
    ])).trouble;
  assert.equal(await check(anchor, profile, role), []);
  assert.equal(await check("arn:x", profile, role), ["error trust-anchor-arn"]);
  assert.equal(await check(anchor, "", ""), ["error profile-arn", "error role-arn"]);
  assert.equal(await check(anchor, profile.replace("us-east-1", "eu-west-1"), role), ["error regions"]);
  assert.equal(await check(anchor, profile, role.replace("123456789012", "999999999999")), ["error role-account"]);
  assert.equal(await check(anchor.replace("123456789012", "999999999999"), profile, role), ["warning accounts"]);
  assert.equal(await check(anchor, profile, role, "--session-duration", "60"), ["error session-duration"]);
  assert.equal(await check(anchor, profile, role, "--session-duration", "7200"), ["warning session-duration"]);
  assert.equal(await check(anchor, profile, role, "--role-session-name", "a b"), ["error role-session-name"]);
  assert.equal(await check(anchor, profile, role, "--role-session-name", "host-1"), []);
  assert.equal(await check(anchor, profile, role, "--assume-role-arn", role), []);
  assert.equal(await check(anchor, profile, role, "--assume-role-arn", "arn:x"), ["error assumed-roles"]);
  assert.equal(await check(anchor, profile, role, "--region", "eu-west-1"), ["error signing-region"]);
  assert.equal(await check(anchor, profile, role, "--region", "cn-north-1"), [
    "error signing-region",
    "error partition",
  ]);
  assert.equal(await check(anchor, profile, role, "--endpoint", "ftp://x"), ["error endpoint"]);
  assert.equal(await check(anchor, profile, role, "--endpoint", "http://10.0.0.1"), ["warning plain-http"]);
  assert.equal(await check(anchor, profile, role, "--endpoint", "http://[::1]:80", "--no-verify-ssl"), [
    "warning no-verify-ssl",
  ]);
});

test("doctor() resolves FIPS, dual-stack and custom endpoints, and reads the environment", async () => {
  const of = async (environment: Readonly<Record<string, string>>) =>
    await doctor([...FLAGS, "--offline"], { environment });
  const fips = await of({ AWS_USE_FIPS_ENDPOINT: "true", AWS_USE_DUALSTACK_ENDPOINT: "true" });
  assert.is(fips.of("endpoint")!.what, "https://rolesanywhere-fips.us-east-1.api.aws (FIPS and dual-stack)");
  assert.match(fips.of("variables")!.what, "AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT");
  const custom = await of({ AWS_ENDPOINT_URL_ROLESANYWHERE: "https://local:1/x" });
  assert.is(custom.of("endpoint")!.what, "https://local:1/x (a custom endpoint)");
  const unclear = await of({ AWS_USE_FIPS_ENDPOINT: "1" });
  assert.equal(unclear.trouble, ["error endpoint"]);
  assert.match(unclear.of("endpoint")!.why!, "AWS_USE_FIPS_ENDPOINT must be true or false");
  const everyService = await of({ AWS_ENDPOINT_URL: "https://x" });
  assert.equal(everyService.trouble, []);
  assert.is(everyService.of("endpoint")!.what, "https://x (a custom endpoint)");
  assert.match(everyService.of("variables")!.what, "AWS_ENDPOINT_URL");
  const ignored = await of({ AWS_ENDPOINT_URL: "https://x", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" });
  assert.equal(ignored.trouble, ["warning endpoint-url"]);
  assert.match(ignored.of("endpoint-url")!.why!, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS");
  const flag = await doctor([...FLAGS, "--offline", "--endpoint", "https://y"], {
    environment: { AWS_ENDPOINT_URL_ROLESANYWHERE: "https://x" },
  });
  assert.equal(flag.trouble, ["warning endpoint-url"]);
  assert.match(flag.of("endpoint-url")!.what, "AWS_ENDPOINT_URL_ROLESANYWHERE is set and does not count here");
  assert.match(flag.of("endpoint-url")!.why!, "--endpoint");
  assert.not.match(flag.of("variables")!.what, "AWS_ENDPOINT_URL");
  assert.equal((await of({ AWS_ACCESS_KEY_ID: "AKIACANARY" })).trouble, ["warning access-key"]);
  assert.equal((await of({ AWS_CA_BUNDLE: "/role.json" })).trouble, ["error ca-bundle"]);
  assert.equal((await of({ AWS_CA_BUNDLE: "/ca.pem" })).trouble, []);
  assert.equal((await of({ HTTPS_PROXY: "socks5://p" })).trouble, ["error proxy"]);
  const proxy = await of({ HTTPS_PROXY: "http://user:canary@proxy:3128" });
  assert.is(proxy.of("proxy")!.what, "requests go through the proxy proxy:3128");
  assert.not.match(proxy.host.output(), "canary");
});

test("doctor() says what the endpoint does not do, and how far the clock is off", async () => {
  const broken = new Error("fetch failed", { cause: new Error("connect ECONNREFUSED 127.0.0.1:1") });
  const silent = await doctor(FLAGS, { fetch: () => Promise.reject(broken) });
  assert.equal(silent.trouble, ["error reachable"]);
  assert.match(silent.of("reachable")!.why!, "ECONNREFUSED");
  const at = (date: string) => doctor(FLAGS, { fetch: async () => new Response(null, { headers: { date } }) });
  const wrong = await at(new Date(NOW + 3_600_000).toUTCString());
  assert.equal(wrong.trouble, ["warning clock"]);
  assert.match(wrong.of("clock")!.what, "3600 seconds behind");
  assert.equal((await at("noon")).trouble, []);
});

test("doctor() predicts what the service refuses, and what to change", async () => {
  const never = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "rolesanywhere.amazonaws.com" }, Action: "sts:AssumeRole" }],
  });
  const words = [...FLAGS, ...SERVICE, "--offline"];
  const refused = await doctor(words, { files: { "/role.json": never } });
  assert.equal(refused.trouble, ["error prediction"]);
  assert.match(refused.of("prediction")!.fix!, "sts:SetSourceIdentity");
  assert.match(
    (await doctor([...words, "--role-session-name", "host-1"])).of("prediction")!.fix!,
    "acceptRoleSessionName",
  );
  assert.equal((await doctor(words, { files: { "/role.json": "{" } })).trouble, ["error prediction"]);
});

test("doctor() reads lines of the config file, of anyrole and of aws_signing_helper", async () => {
  const good = await doctorOfLine(LINE);
  assert.equal(good.trouble, []);
  assert.is(good.of("line")!.what, "credential-process with 6 flags");
  const helper = await doctorOfLine(LINE.replace("/bin/anyrole", "aws_signing_helper"));
  assert.equal(helper.trouble, ["warning program"]);
  const quoted = await doctorOfLine(LINE.replace("/c.pem", "'/a b/c.pem'"), {
    files: { "/a b/c.pem": client.certificatePem },
  });
  assert.equal(quoted.trouble, []);
  const given = await doctor(["--config-line", `credential_process = ${LINE}`, "--offline"]);
  assert.equal(given.trouble, []);
  const elsewhere = await doctor(["--profile", "default", "--offline"], {
    environment: { AWS_CONFIG_FILE: "~/conf" },
    files: { "/me/conf": `[default]\r\nCredential_Process : ${LINE}\r\n` },
  });
  assert.equal(elsewhere.trouble, []);
});

test("doctor() finds what is wrong with a line", async () => {
  for (
    const [line, trouble] of [
      [`${LINE} \\`, ["error trailing-backslash"]],
      [LINE.replace("--role-arn", "\\\\ --role-arn"), ["error stray-word"]],
      [`${LINE} --bogus`, ["error flags"]],
      [`${LINE} stray`, ["error flags"]],
      [`${LINE} --help`, ["error flags"]],
      [`${LINE} 'open`, ["error quotes"]],
      [LINE.replace("credential-process", "serve"), ["error command"]],
      [LINE.replace("/bin/anyrole", "/bin/none"), ["error program"]],
      [LINE.replace("/bin/anyrole", "bin/anyrole"), ["warning program"]],
      [`${LINE} --role-session-name "$USER"`, ["warning shell-characters", "error role-session-name"]],
      [`${LINE} ; x`, ["warning comment-characters", "warning shell-characters", "error flags"]],
      [`${LINE} --pkcs8-password x`, ["warning secret-in-line"]],
      ["", ["error credential-process"]],
    ] as const
  ) {
    const found = (await doctorOfLine(line)).trouble;
    for (const expected of trouble) assert.ok(found.includes(expected), `${line}: ${found.join(", ")}`);
  }
  const relative = await doctorOfLine(LINE.replace("/c.pem", "c.pem"), { files: { "c.pem": client.certificatePem } });
  assert.equal(relative.trouble, ["warning relative-paths"]);
});

test("doctor() looks at a profile whatever flags the environment has", async () => {
  const environment = { HOME: "/me", ANYROLE_NO_CACHE: "1", ANYROLE_CERTIFICATE: "/other.pem" };
  const { code, of } = await doctorOfLine(LINE, { environment });
  assert.is(code, 0);
  assert.is(of("line")?.severity, "ok");
});

test("doctor() finds what is wrong with a profile", async () => {
  const check = async (config: string, files: Readonly<Record<string, string>> = {}) =>
    (await doctor(["--profile", "x", "--offline"], { files: { "/me/.aws/config": config, ...files } })).trouble;
  const section = `[profile x]\ncredential_process = ${LINE}\n`;
  assert.equal(await check(section + section), ["warning profile-repeated"]);
  assert.equal(await check(`${section}role_arn = x\n`), ["warning profile-rivals"]);
  assert.equal(await check(section, { "/me/.aws/credentials": "[x]\naws_access_key_id = AKIA\n" }), [
    "warning profile-shadowed",
  ]);
  const lost = SESSION_FLAGS.length;
  const words = FLAGS.slice(0, -lost).join(" ");
  const broken = `[profile x]\ncredential_process = /bin/anyrole credential-process ${words} \\\n    --role-arn x\n`;
  assert.equal(await check(broken), [
    "error line-continuation",
    "error trailing-backslash",
    "error trust-anchor-arn",
    "error profile-arn",
    "error role-arn",
  ]);
});

test("doctor() ends with 2 where it cannot look", async () => {
  for (
    const words of [
      ["--profile", "none"],
      ["--profile", "a b"],
      ["--profile", "x", "--certificate", "/c.pem"],
      ["--profile", "x", "--config-line", "y"],
      [...FLAGS, "--role", "/role.json"],
      [...FLAGS, "--profile-file", "/role.json"],
      [...FLAGS, "--crl", "/list"],
    ]
  ) {
    const host = memoryHost({ files: FILES, environment: { HOME: "/me" } });
    assert.is(await run(host, ["doctor", ...words]), 2, words.join(" "));
    assert.is(host.output(), "");
  }
  const { code, host } = await doctor(["--profile", "none"]);
  assert.is(code, 2);
  assert.is(JSON.parse(host.output()).code, "ERR_CONFIG_PROFILE_MISSING");
});

test("doctor() tells no secret", async () => {
  const secret = "canary-of-the-doctor";
  const key = decodeLatin1(memoryHost({ files: FILES }).readFile("/k.pem", 10_000)).split("\n")[1]!;
  for (
    const line of [
      `${LINE} --pkcs8-password ${secret}`,
      `${LINE} --pkcs8-password ${secret} ${secret}`,
      `${LINE} --pkcs8-password=${secret} --bogus=${secret}`,
      `${LINE} --tpm-key-password '${secret}`,
      `${LINE} --no-tpm-key-password ${secret}`,
      `${LINE} --no-tpm-key-password=${secret}`,
    ]
  ) {
    const credentials = `[x]\naws_access_key_id = ${secret}\naws_secret_access_key = ${secret}\n`;
    const files = { "/me/.aws/credentials": credentials };
    const environment = {
      AWS_ACCESS_KEY_ID: secret,
      AWS_SECRET_ACCESS_KEY: secret,
      HTTPS_PROXY: `http://u:${secret}@[`,
    };
    const { host } = await doctorOfLine(line, { files, environment });
    const asFlag = memoryHost({ files: FILES, environment: { ...environment, HOME: "/me" } });
    await run(asFlag, ["doctor", "--offline", "--config-line", line]);
    await run(asFlag, ["doctor", "--offline", "--config-line", line, secret]);
    const told = host.output() + host.errors.join("") + asFlag.output() + asFlag.errors.join("");
    assert.not.match(told, secret);
    assert.not.match(told, key);
  }
});

test.run();
