// runtimes: node20
/**
 * The JSON object of each command, as the README lists them: as processes.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { nodeHost } from "../../../runtimes/node/mod.ts";
import { repositoryRoot } from "../../support/capabilities.ts";
import { SESSION_FLAGS, startService, testAuthority, trustingEmulator } from "../../support/local-service.ts";
import { runProgram } from "../../support/programs.ts";
import { assert, suite } from "../../support/suite.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const test = suite("runtimes/cli/json-shapes");

const BIN = join(repositoryRoot(), "dist", "bin", "anyrole.cjs");

const folder = temporaryFolder();
const authority = await testAuthority();
const client = await authority.issue("client");
const service = await startService(nodeHost(), trustingEmulator(authority, Date.now));
const certificate = folder.write("cert.pem", client.certificatePem);
const privateKey = folder.write("key.pem", client.keyPem);
const session = [
  ...["--certificate", certificate, "--private-key", privateKey],
  ...SESSION_FLAGS,
  ...["--endpoint", service.endpoint],
];

test.after(async () => {
  await service.close();
  folder.remove();
});

/** The members of the object that a command prints. */
async function printed(...argv: readonly string[]): Promise<Record<string, unknown>> {
  const environment = {
    AWS_SHARED_CREDENTIALS_FILE: join(folder.path, "credentials"),
    ANYROLE_CACHE_DIR: join(folder.path, "cache"),
  };
  const { output, errors } = await runProgram([process.execPath, BIN], [...argv, "--json"], environment);
  const text = new TextDecoder().decode(output);
  assert.is(text.trimEnd().split("\n").length, 1, errors);
  return JSON.parse(text);
}

/** What a command that goes on prints first. */
function announced(...argv: readonly string[]): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...argv, "--json"], { stdio: ["ignore", "pipe", "inherit"] });
    child.on("error", reject);
    let line: string | undefined;
    createInterface({ input: child.stdout }).once("line", (text) => {
      line = text;
      child.kill("SIGTERM");
    });
    child.on("close", () => line === undefined ? reject(new Error("it said nothing")) : resolve(JSON.parse(line)));
  });
}

const SHAPES: readonly (readonly [argv: readonly string[], members: readonly string[]])[] = [
  [["version"], ["version", "runtime", "runtimeVersion", "platform"]],
  [["credential-process", ...session], [
    "Version",
    "AccessKeyId",
    "SecretAccessKey",
    "SessionToken",
    "Expiration",
    "AccountId",
  ]],
  [["env", ...session], ["variables"]],
  [["update", "--once", ...session], ["path", "profiles", "roleArn", "assumedRoleArn", "expiration"]],
  [["cache", "list"], ["directory", "entries"]],
  [["cache", "clear"], ["directory", "removed"]],
  [["read-certificate-data", "--certificate", certificate], [
    ...["keyType", "certificateData", "serialNumber", "supportedAlgorithms"],
  ]],
  [["sign-string", "--private-key", privateKey], ["signature", "algorithm"]],
  [["demo"], ["endpoint", "sessions", "refusal", "trace"]],
  [["completion", "bash"], ["shell", "script"]],
];

for (const [argv, members] of SHAPES) {
  const name = argv.slice(0, argv[1]?.startsWith("-") ? 1 : 2).join(" ");
  test(`${name} --json prints one object: ${members.join(", ")}`, async () => {
    assert.equal(Object.keys(await printed(...argv)), members);
  });
}

test("read-certificate-data --json lists the identities of a directory", async () => {
  const directory = join(folder.path, "identities");
  mkdirSync(directory);
  writeFileSync(join(directory, "a.pem"), client.certificatePem + client.keyPem);
  const { identities } = await printed("read-certificate-data", "--cert-directory", directory);
  assert.equal(Object.keys((identities as object[])[0]!), ["fingerprint", "subject", "issuer", "serialNumber"]);
});

test("serve --json and emulator --json say on standard output where they listen", async () => {
  const served = await announced("serve", ...session, "--port", "0", "--token-file", join(folder.path, "token"));
  assert.equal(Object.keys(served), ["mode", "tokenFile", "roles", "port", "url"]);
  const emulated = await announced("emulator", "--port", "0");
  assert.equal(Object.keys(emulated), ["endpoint", "preset", "region", "accessKeyId", "secretAccessKey"]);
});

test("env --json is a format of its own", async () => {
  const { code, errors } = await runProgram([process.execPath, BIN], ["env", "--format", "fish", ...session, "--json"]);
  assert.is(code, 1);
  assert.is(JSON.parse(errors).error.code, "ERR_USAGE_EXCLUSIVE_FLAGS");
});

test.run();
