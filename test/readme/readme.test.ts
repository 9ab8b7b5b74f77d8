// runtimes: node
/**
 * Every command and example of the README, run as it stands, against the local service.
 *
 * What the reader has is put in place for it: `client.pem`, `client-key.pem` and `ca.pem` in the working folder, the
 * package under `node_modules`, `anyrole` on the path; and the endpoints of AWS are the local ones.
 *
 * @module
 */

import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";

import { issueCertificate, keyUsageExtension } from "../../core/issue/mod.ts";
import { encodePem } from "../../core/pem/pem.ts";
import { parseCertificateRequest } from "../../core/x509/certificate-request.ts";
import { createEmulator, type Emulator } from "../../runtimes/emulator/mod.ts";
import type { RunningServer } from "../../runtimes/host.ts";
import { COMMANDS } from "../../runtimes/cli/commands.ts";
import { parseFlags } from "../../runtimes/cli/flags.ts";
import { commandFlags } from "../../runtimes/cli/shared-flags.ts";
import { nodeHost } from "../../runtimes/node/host.ts";
import { repositoryRoot } from "../support/capabilities.ts";
import { assert, assertNone, skip, suite } from "../support/suite.ts";
import { FakeTpm } from "../support/fake-tpm.ts";
import { freePort } from "../support/free-port.ts";
import { type TestIdentity, testIdentity, VALIDITY } from "../support/test-identity.ts";
import { type Block, readmeBlocks } from "./blocks.ts";

const run = promisify(execFile);
const ROOT = repositoryRoot();
const PACKAGES = join(ROOT, "test/runtimes/node_modules");
const TRUST_ANCHOR_ARN =
  "arn:aws:rolesanywhere:eu-central-1:123456789012:trust-anchor/0a1b2c3d-0000-4000-8000-000000000000";
const PROFILE_ARN = "arn:aws:rolesanywhere:eu-central-1:123456789012:profile/0a1b2c3d-0000-4000-8000-000000000001";
const ROLE_ARN = "arn:aws:iam::123456789012:role/Example";

const blocks = readmeBlocks();
const seen = new Set<Block>();
const test = suite("README.md");

let folder = "";
let authority: TestIdentity;
let emulator: Emulator;
let server: RunningServer;
let environment: Record<string, string> = {};

test.before(async () => {
  folder = mkdtempSync(join(tmpdir(), "readme-"));
  const host = nodeHost();
  authority = await testIdentity("Example CA");
  const client = await testIdentity("edge-7", { issuer: authority });
  writeFileSync(join(folder, "ca.pem"), authority.certificatePem);
  writeFileSync(join(folder, "client.pem"), client.certificatePem);
  writeFileSync(join(folder, "client-key.pem"), client.keyPem, { mode: 0o600 });
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(ROOT, join(folder, "node_modules/anyrole"), "dir");
  symlinkSync(join(PACKAGES, "@aws-sdk"), join(folder, "node_modules/@aws-sdk"), "dir");
  mkdirSync(join(folder, "bin"));
  writeFileSync(
    join(folder, "bin/anyrole"),
    `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, "dist/bin/anyrole.cjs")}" "$@"\n`,
    { mode: 0o755 },
  );
  emulator = createEmulator({
    trustAnchors: [{ arn: TRUST_ANCHOR_ARN, certificates: authority.certificatePem }],
    profiles: [{ arn: PROFILE_ARN, roleArns: [ROLE_ARN] }],
    roles: [{ arn: ROLE_ARN }],
    now: Date.now,
    crypto: host.crypto(),
  });
  server = await host.serve(emulator.fetch, { hostname: "127.0.0.1", port: 0 });
  const endpoint = `http://127.0.0.1:${server.port}`;
  environment = {
    PATH: `${join(folder, "bin")}${delimiter}${process.env["PATH"]}`,
    HOME: folder,
    AWS_ENDPOINT_URL_ROLESANYWHERE: endpoint,
    AWS_ENDPOINT_URL_STS: endpoint,
    NO_COLOR: "1",
  };
});

test.after(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The only block of this language under the heading. */
function block(heading: string, language: string, index: number = 0): string {
  const found = blocks.filter((each) => each.heading === heading && each.language === language);
  const chosen = found[index];
  if (chosen === undefined) throw new Error(`README.md has no ${language} block ${index} under "${heading}"`);
  seen.add(chosen);
  return chosen.text;
}

/** Runs a program in the reader's folder and answers what it printed. */
async function program(file: string, args: readonly string[], more: Record<string, string> = {}): Promise<string> {
  const { stdout } = await run(file, [...args], { cwd: folder, env: { ...environment, ...more }, timeout: 55_000 });
  return stdout;
}

function example(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const ASSUMED_ROLE = /^arn:aws:sts::123456789012:assumed-role\/Example\/[0-9a-f]+$/m;

test("npm start builds the package and runs the demonstration", async () => {
  assert.is(block("See it work", "sh", 0), "npm start\n");
  const copy = join(folder, "checkout");
  for (const part of ["build", "core", "runtimes", "hsm-bridge", "package.json", "package-lock.json", ".npmrc"]) {
    cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"), "dir");
  const { stdout } = await run("npm", ["start"], { cwd: copy, timeout: 55_000 });
  for (const key of ["RSA-2048", "P-256", "ML-DSA-65"]) assert.match(stdout, `${key}: AWS4-X509-`);
  assert.is(stdout.split('{"Version":1,').length - 1, 3);
  assert.match(stdout, /Untrusted signing certificate/);
  assert.match(stdout, /FAIL {2}path: /);
});

test("npm test is the script that runs this test", () => {
  assert.is(block("See it work", "sh", 1), "npm test\n");
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  assert.is(scripts.test, "node build/command.mjs test");
});

test("the credential_process line works in the AWS SDK", async () => {
  const text = block("As a `credential_process` of every AWS SDK and of the AWS CLI", "ini");
  const config = example("config", text.replaceAll("/etc/edge/", `${folder}/`));
  const script = example(
    "sdk.mjs",
    `import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
     const sts = new STSClient({ region: "eu-central-1" });
     console.log((await sts.send(new GetCallerIdentityCommand({}))).Arn);`,
  );
  assert.match(
    await program(process.execPath, [script], { AWS_CONFIG_FILE: config, AWS_PROFILE: "edge" }),
    ASSUMED_ROLE,
  );
});

test("the Node example prints the assumed role", async () => {
  assert.match(await program(process.execPath, [example("node.mjs", block("Node", "js"))]), ASSUMED_ROLE);
});

test("the Deno example prints an access key, with the permissions that the README names", async () => {
  const script = example("deno.ts", block("Deno", "ts"));
  const map = example(
    "map.json",
    JSON.stringify({
      imports: { "jsr:@anyrole/anyrole/deno": pathToFileURL(join(ROOT, "runtimes/deno/mod.ts")).href },
    }),
  );
  const flags = ["run", "--no-config", "--allow-read=.", "--allow-net", denoVariables().flag, `--import-map=${map}`];
  const printed = await program(join(PACKAGES, "deno/deno"), [...flags, script]);
  assert.match(printed, /^ASIA[A-Z0-9]{16} \d{4}-/);
  // On a terminal Deno would ask about every other variable.
  const witness = example(
    "witness.ts",
    "const { env } = Deno, get = env.get;\nenv.get = (name) => (console.log(`reads ${name}`), get.call(env, name));\n" +
      `await import(${JSON.stringify(pathToFileURL(script).href)});\n`,
  );
  const service = environment["AWS_ENDPOINT_URL_ROLESANYWHERE"]!;
  const more = { AWS_ENDPOINT_URL_ROLESANYWHERE: "", AWS_ENDPOINT_URL: service };
  const told = await program(join(PACKAGES, "deno/deno"), [...flags, witness], more);
  assert.match(told, /^ASIA[A-Z0-9]{16} \d{4}-/m);
  const read = new Set([...told.matchAll(/^reads (.+)$/gm)].map(([, name]) => name));
  assert.equal([...read].sort(), [...denoVariables().names].sort());
});

/** The variables that the README has Deno let the example read. */
function denoVariables(): { readonly flag: string; readonly names: readonly string[] } {
  const [flag, names] = /--allow-env=(AWS_[A-Z_,]+)/.exec(readFileSync(join(ROOT, "README.md"), "utf8"))!;
  return { flag, names: names!.split(",") };
}

test("the Bun example prints an access key", async () => {
  const printed = await program(join(PACKAGES, ".bin/bun"), [example("bun.ts", block("Bun", "ts"))]);
  assert.match(printed, /^ASIA[A-Z0-9]{16} \d{4}-/);
});

test("the token example prints an access key", async () => {
  const text = block("Keys on tokens", "js");
  const module = "/usr/lib/softhsm/libsofthsm2.so";
  if (!existsSync(module)) skip("SoftHSM is not on this machine");
  // koffi is found beside the package, which is a copy for that.
  const place = join(folder, "token");
  for (const part of ["core", "runtimes", "hsm-bridge", "chunks"]) {
    cpSync(join(ROOT, "dist", part), join(place, "node_modules/anyrole/dist", part), { recursive: true });
  }
  cpSync(join(ROOT, "package.json"), join(place, "node_modules/anyrole/package.json"));
  for (const name of ["koffi", "@koromix"]) symlinkSync(join(PACKAGES, name), join(place, "node_modules", name), "dir");
  mkdirSync(join(place, "tokens"));
  const key = join(folder, "client-key.pem");
  const more = { SOFTHSM2_CONF: example("token/softhsm2.conf", `directories.tokendir = ${join(place, "tokens")}\n`) };
  example("pin", "123456");
  const token = ["--init-token", "--free", "--label", "edge", "--so-pin", "12345678", "--pin", "123456"];
  await program("softhsm2-util", token, more);
  const imported = ["--token", "edge", "--pin", "123456", "--id", "07", "--label", "edge-7"];
  await program("softhsm2-util", ["--import", key, ...imported], more);
  const der = example("token/client.der", "");
  await program("openssl", ["x509", "-in", join(folder, "client.pem"), "-outform", "der", "-out", der]);
  const written = ["--write-object", der, "--type", "cert", "--id", "07", "--label", "edge-7", "--token-label", "edge"];
  await program("pkcs11-tool", ["--module", module, "--login", "--pin", "123456", ...written], more);
  const printed = await program(process.execPath, [example("token/token.mjs", text)], more);
  assert.match(printed, /^ASIA[A-Z0-9]{16} \d{4}-/);
});

test("the TPM examples make a key, ask for its certificate and print an access key", async () => {
  const fake = await new FakeTpm().transport.open();
  const sockets = createServer((socket) => {
    socket.on("data", (command) => void fake.transmit(new Uint8Array(command)).then((answer) => socket.write(answer)));
  });
  const device = join(folder, "tpm.sock");
  await new Promise<void>((resolve) => sockets.listen(device, resolve));
  try {
    const more = { TPM_DEVICE: device };
    await program(process.execPath, [example("tpm-create.mjs", block("Keys in a TPM", "js", 0))], more);
    const request = parseCertificateRequest(new Uint8Array(readFileSync(join(folder, "tpm-request.der"))));
    const certificate = await issueCertificate({
      serialNumber: 7n,
      issuer: authority.certificate.subject,
      subject: request.subject,
      ...VALIDITY,
      publicKey: request.spki,
      extensions: [keyUsageExtension(["digitalSignature"])],
    }, authority.signer);
    example("tpm-client.pem", encodePem("CERTIFICATE", certificate));
    const printed = await program(process.execPath, [example("tpm.mjs", block("Keys in a TPM", "js", 1))], more);
    assert.match(printed, /^ASIA[A-Z0-9]{16} \d{4}-/);
  } finally {
    sockets.close();
  }
});

test("the worker of the edge example signs a call that STS accepts", async () => {
  const { build } = await import("esbuild");
  const { Miniflare } = await import(pathToFileURL(join(PACKAGES, "miniflare/dist/src/index.js")).href);
  const bundle = await build({
    stdin: { contents: block("Edge workers", "js"), resolveDir: folder },
    bundle: true,
    format: "esm",
    write: false,
    preserveSymlinks: true,
  });
  const worker = new Miniflare({
    modules: true,
    script: bundle.outputFiles[0]!.text,
    compatibilityDate: "2026-07-01",
    bindings: {
      CERTIFICATE: readFileSync(join(folder, "client.pem"), "utf8"),
      PRIVATE_KEY: readFileSync(join(folder, "client-key.pem"), "utf8"),
    },
    // The worker speaks to AWS by its names; here the local service answers for all of them.
    outboundService: async (request: Request) =>
      await emulator.fetch(
        new Request(request.url, {
          method: request.method,
          headers: [...request.headers],
          body: await request.arrayBuffer(),
        }),
      ),
  });
  try {
    const response = await worker.dispatchFetch("http://worker/");
    const text = await response.text();
    assert.is(response.status, 200, text);
    assert.match(text, "assumed-role/Example/");
  } finally {
    await worker.dispose();
  }
});

test("the worker that shares its session answers an access key, the same in its next life", async () => {
  const { build } = await import("esbuild");
  const { Miniflare } = await import(pathToFileURL(join(PACKAGES, "miniflare/dist/src/index.js")).href);
  const contents = block("One session for all isolates", "js").replace("credentials ??=", "credentials =");
  const bundle = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    format: "esm",
    write: false,
    preserveSymlinks: true,
  });
  const worker = new Miniflare({
    modules: true,
    script: bundle.outputFiles[0]!.text,
    compatibilityDate: "2026-07-01",
    kvNamespaces: ["KV"],
    durableObjects: { SESSIONS: { className: "SessionObject", useSQLite: true } },
    bindings: {
      CERTIFICATE: readFileSync(join(folder, "client.pem"), "utf8"),
      PRIVATE_KEY: readFileSync(join(folder, "client-key.pem"), "utf8"),
      SEALING_SECRET: "as long as what openssl rand -base64 32 prints",
    },
    outboundService: async (request: Request) =>
      await emulator.fetch(
        new Request(request.url, {
          method: request.method,
          headers: [...request.headers],
          body: await request.arrayBuffer(),
        }),
      ),
  });
  try {
    const ask = async (): Promise<string> => await (await worker.dispatchFetch("http://worker/")).text();
    const accessKeyId = await ask();
    assert.match(accessKeyId, /^ASIA[A-Z0-9]{16}$/);
    assert.is(await ask(), accessKeyId);
  } finally {
    await worker.dispose();
  }
});

test("the provider with the portable one behind it is what the README says", async () => {
  const script = example(
    "portable.mjs",
    block("Edge workers", "js", 1) +
      "console.log(typeof fromRolesAnywhere, (await crypto.digest('SHA-224', new Uint8Array(1))).length);\n",
  );
  assert.is(await program(process.execPath, [script]), "function 28\n");
});

test("the example of fetch keeps the dot segments of a key", async () => {
  const printed = await program(process.execPath, [example("fetch.mjs", block("`fetch` for AWS", "js"))]);
  assert.is(printed, "/2026%2F..%2Fa%20b%2Bc.png 300 false\n");
});

test("the emulator example explains its refusal", async () => {
  const script = example("emulator.mjs", block("Test against a service that verifies", "js"));
  const printed = await program(process.execPath, [script]);
  assert.match(printed, /^400 \{/);
  assert.match(printed, "outcome: 'fail'");
});

test("the explain example names the condition that can never be met", async () => {
  example("role.json", block("Why was it refused?", "json"));
  const [name, ...args] = block("Why was it refused?", "sh").trim().split(" ");
  assert.is(name, "anyrole");
  const { status, stdout } = spawnSync(join(folder, "bin/anyrole"), args, {
    cwd: folder,
    env: environment,
    encoding: "utf8",
  });
  assert.is(status, 1);
  assert.match(stdout, /^refused: 403 AccessDeniedException: Unable to assume role for arn:aws:iam::/);
  assert.match(stdout, "\n  to change: ");
  assert.match(stdout, "  FAIL  sts:AssumeRole: ");
  assert.match(stdout, "trust-policy-advice");
});

test("the emulator's command serves what the README's curl commands ask for", async () => {
  const port = await freePort();
  const text = (index: number) => block("As a server", "sh", index).replaceAll("4577", String(port));
  const [name, ...args] = text(0).trim().split(" ");
  assert.is(name, "anyrole");
  const child = spawn(join(folder, "bin/anyrole"), args, { cwd: folder, env: environment });
  try {
    const printed = await new Promise<string>((resolve, reject) => {
      let output = "";
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        output += chunk;
        if (output.includes("-----END CERTIFICATE-----\n")) resolve(output);
      });
      child.once("close", (code) => reject(new Error(`it ended with ${code}`)));
    });
    assert.match(printed, `\nexport AWS_ENDPOINT_URL=https://127.0.0.1:${port}\n`);
    if (spawnSync("curl", ["--version"]).status !== 0) skip("curl is not on this machine");
    const [page, clock, faults] = text(1).trim().split("\n");
    assert.match(await program("sh", ["-c", page!]), /^\s*<!DOCTYPE html>/);
    assert.match(await program("sh", ["-c", clock!]), '"offsetSeconds":3600');
    assert.match(await program("sh", ["-c", faults!]), '"injected":0');
  } finally {
    const ended = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGTERM");
    assert.is(await ended, 0);
  }
});

test("the emulator is a worker as well", async () => {
  const { build } = await import("esbuild");
  const { Miniflare } = await import(pathToFileURL(join(PACKAGES, "miniflare/dist/src/index.js")).href);
  const bundle = await build({
    stdin: { contents: block("As a worker", "js"), resolveDir: folder },
    bundle: true,
    format: "esm",
    write: false,
    preserveSymlinks: true,
  });
  const worker = new Miniflare({
    modules: true,
    script: bundle.outputFiles[0]!.text,
    compatibilityDate: "2026-07-01",
  });
  try {
    const identity = await worker.dispatchFetch("http://localhost/?Action=GetCallerIdentity&Version=2011-06-15");
    assert.match(await identity.text(), "<Account>123456789012</Account>");
    assert.match(await (await worker.dispatchFetch("http://localhost/_emulator/")).text(), "GetCallerIdentity");
    const refused = await worker.dispatchFetch("http://localhost/sessions", { method: "POST" });
    assert.match(await refused.text(), /"__type":"[A-Za-z]+Exception"/);
  } finally {
    await worker.dispose();
  }
});

test("the signing example presigns for as long as the credentials last", async () => {
  const printed = await program(process.execPath, [example("sigv4a.mjs", block("Signing by itself", "js"))]);
  const url = /^https:\/\/\S+\/report\.pdf\?X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256&\S+&X-Amz-Expires=(\d+)&\S+ true\n$/;
  assert.ok([899, 900].includes(Number(url.exec(printed)?.[1])), printed);
});

test("the commands of the command line run", async () => {
  for (const line of block("Command line", "sh").trim().split("\n")) {
    const [name, ...args] = line.split(" ");
    assert.is(name, "anyrole");
    assert.ok((await program(join(folder, "bin/anyrole"), args)).length > 0, line);
  }
});

test("the commands for keys on tokens and in TPMs are ones that are taken; interop runs them", async () => {
  for (const index of [0, 1, 2]) {
    const lines = block("Keys on tokens and in TPMs, by flags", "sh", index).trim().split("\n");
    for (const line of lines.filter((each) => !each.startsWith("export "))) {
      const [words] = line.split(" > ");
      const [name, ...rest] = words!.split(" ").map((word) => word.replaceAll('"', ""));
      assert.is(name, "anyrole");
      const command = COMMANDS.find((each) => [rest[0], rest.slice(0, 2).join(" ")].includes(each.name))!;
      const code = await command.load();
      parseFlags(rest.slice(command.name.split(" ").length), commandFlags(code), code.exclusive);
    }
  }
});

test("commands print JSON for programs as the README says", async () => {
  for (const line of block("Output for programs", "sh").trim().split("\n")) {
    const [name, ...args] = line.split(" ");
    assert.is(name, "anyrole");
    assert.is(typeof JSON.parse(await program(join(folder, "bin/anyrole"), args)), "object", line);
  }
});

test("certificates are chosen out of a directory as the README says", async () => {
  const script = block("PKCS#12 files, and certificates out of a directory", "sh");
  const printed = await program("sh", ["-ec", script]);
  assert.match(
    printed,
    /^Matching identities\n1\) Hex Fingerprint: [0-9a-f]{40}\nSubject: CN=edge-7\nIssuer: CN=Example CA\n/,
  );
  assert.match(printed, /\n\n"[0-9a-f]{120,}"$/);
});

test("keys come from standard input and the environment as the README says", async () => {
  const script = block("Keys that are in no file, and flags that are in the environment", "sh");
  assert.match(await program("sh", ["-ec", script]), /^(?:30[0-9a-f]{120,}){2}$/);
});

test("doctor and init find everything in order", async () => {
  const printed = await program("sh", ["-ec", block("Is everything in order?", "sh")]);
  assert.match(printed, /\n0 errors, \d+ warnings?, \d+ ok\ncommand line\n/);
  assert.match(printed, "a session of arn:aws:sts::123456789012:assumed-role/Example/");
  assert.is(JSON.parse(printed.trimEnd().split("\n").at(-1)!).errors, 0);
  assert.match(
    readFileSync(join(folder, ".aws/config"), "utf8"),
    `--certificate ${join(folder, "client.pem")} --private-key ${join(folder, "client-key.pem")}\n`,
  );
});

test("update, exec and env do in a shell what the README says", async () => {
  const script = block("Files, programs and shells", "sh");
  const printed = await program("sh", ["-e", "-c", `${script}test -z "$AWS_ACCESS_KEY_ID" && cat .env`]);
  const [line, ...variables] = printed.trimEnd().split("\n");
  assert.match(line!, /^ASIA[A-Z0-9]{16} in eu-central-1 until \d{4}-\d\d-\d\dT[\d:]+Z$/);
  assert.equal(variables.map((variable) => variable.split("=")[0]), [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
  ]);
  const [first, second] = readFileSync(join(folder, ".aws/credentials"), "utf8").split("\n\n");
  assert.match(first!, /^\[edge\]\naws_access_key_id = ASIA/);
  assert.is(second, first!.replace("[edge]", "[edge-again]"));
});

/** Starts `anyrole serve`, reads the container endpoint as an SDK does, and stops it. */
async function readServed(args: readonly string[], more: Record<string, string> = {}): Promise<string> {
  const served = spawn(join(folder, "bin/anyrole"), [...args, "--port", "0"], {
    cwd: folder,
    env: { ...environment, ...more },
    stdio: ["ignore", "ignore", "pipe"],
  });
  try {
    let printed = "";
    for await (const text of served.stderr.setEncoding("utf8")) {
      printed += text;
      if (/AUTHORIZATION_TOKEN_FILE=.*\n/.test(printed)) break;
    }
    const variable = (name: string) => new RegExp(`^export ${name}=(.*)$`, "m").exec(printed)?.[1] ?? "";
    const authorization = readFileSync(variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"), "utf8");
    const response = await fetch(variable("AWS_CONTAINER_CREDENTIALS_FULL_URI"), { headers: { authorization } });
    return `${printed}${await response.text()}`;
  } finally {
    const ended = once(served, "close");
    served.stderr.resume();
    served.kill("SIGTERM");
    await ended;
  }
}

test("the bridge signs for a program that does not have the key", async () => {
  const heading = "Keys that other programs hold";
  const [name, ...args] = block(heading, "sh").trim().split(" ");
  assert.is(name, "anyrole");
  const bridge = spawn(join(folder, "bin/anyrole"), args, {
    cwd: folder,
    env: environment,
    stdio: ["ignore", "ignore", "pipe"],
  });
  try {
    // It is read on: a record that nobody takes is a signature that nobody gets.
    await new Promise<void>((resolve) => {
      bridge.stderr.setEncoding("utf8").on("data", (text: string) => {
        if (text.includes("Signing service started on socket: bridge.sock")) resolve();
      });
    });
    assert.match(await program(process.execPath, [example("bridge.mjs", block(heading, "js"))]), /^ASIA\w+\n$/);
    const [, ...words] = block(heading, "sh", 1).trim().split(" ");
    assert.match(await program(join(folder, "bin/anyrole"), words), /"AccessKeyId":"ASIA/);
  } finally {
    const ended = once(bridge, "close");
    bridge.kill("SIGTERM");
    await ended;
  }
});

test("the command that serves credentials serves them", async () => {
  const heading = "Credentials for every SDK of a machine";
  const [name, ...args] = block(heading, "sh").trim().split(" ");
  assert.is(name, "anyrole");
  const printed = await readServed(args);
  assert.match(printed, "\nexport AWS_EC2_METADATA_SERVICE_ENDPOINT=http://127.0.0.1:");
  assert.match(printed, '{"AccessKeyId":"ASIA');
});

test("the unit of systemd starts a server, which tells when it is ready", async () => {
  const unit = block("Credentials for every SDK of a machine", "ini").replaceAll("/etc/edge/", `${folder}/`);
  const words = /^ExecStart=\/usr\/local\/bin\/anyrole (.*)$/m.exec(unit)![1]!.split(" ");
  const told = join(folder, "told");
  // As systemd's own program is called.
  writeFileSync(join(folder, "bin/systemd-notify"), `#!/bin/sh\necho "$@" >> "${told}"\n`, { mode: 0o755 });
  const printed = await readServed(words, { RUNTIME_DIRECTORY: folder, NOTIFY_SOCKET: "/run/systemd/notify" });
  assert.match(printed, `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=${folder}/anyrole-token-`);
  assert.not.match(printed, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
  assert.match(printed, '{"AccessKeyId":"ASIA');
  assert.match(readFileSync(told, "utf8"), /^--pid=\d+ READY=1 STATUS=Serving Example\n--pid=\d+ STOPPING=1\n$/);
});

test("no block of the README is left unrun", () => {
  assertNone(blocks.filter((each) => !seen.has(each)).map((each) => `${each.language} under "${each.heading}"`));
});

test.run();
