// runtimes: node20
/**
 * Commands that share sessions, as processes.
 *
 * @module
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fromRolesAnywhere, nodeHost } from "../../../runtimes/node/mod.ts";
import { repositoryRoot } from "../../support/capabilities.ts";
import {
  SESSION_ARNS,
  SESSION_FLAGS,
  startService,
  testAuthority,
  trustingEmulator,
} from "../../support/local-service.ts";
import { runProgram } from "../../support/programs.ts";
import { assert, suite } from "../../support/suite.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const test = suite("runtimes/cli/session-maker");

const folder = temporaryFolder();
const authority = await testAuthority();
const [client, other] = [await authority.issue("client"), await authority.issue("other")];
const service = await startService(nodeHost(), trustingEmulator(authority, Date.now));
const session = [
  ...["--certificate", folder.write("client.pem", client.certificatePem)],
  ...["--private-key", folder.write("client.key", client.keyPem)],
  ...SESSION_FLAGS,
  ...["--endpoint", service.endpoint],
];
const environment = {
  ANYROLE_NO_CACHE: "",
  ANYROLE_CACHE_DIR: join(folder.path, "cache"),
  AWS_SHARED_CREDENTIALS_FILE: join(folder.path, "credentials"),
  AWS_CONFIG_FILE: join(folder.path, "config"),
};

test.after(async () => {
  await service.close();
  folder.remove();
});

async function start(...argv: readonly string[]): Promise<string> {
  const bin = join(repositoryRoot(), "dist", "bin", "anyrole.cjs");
  const { code, output, errors } = await runProgram([process.execPath, bin], argv, environment);
  assert.is(code, 0, errors);
  return new TextDecoder().decode(output);
}

test("sessionMaker() lets credential-process, env, exec and update share one session", async () => {
  const { AccessKeyId } = JSON.parse(await start("credential-process", ...session));
  assert.match(await start("env", ...session), AccessKeyId);
  const program = [process.execPath, "-p", "process.env.AWS_ACCESS_KEY_ID"];
  assert.is(await start("exec", ...session, "--", ...program), `${AccessKeyId}\n`);
  await start("update", "--once", ...session);
  assert.is(service.emulator.decisions().length, 1);
  assert.not((await start("env", "--no-cache", ...session)).includes(AccessKeyId));
  assert.is(service.emulator.decisions().length, 2);
});

test("env takes the region of the profile where no flag and no variable gives one", async () => {
  writeFileSync(environment.AWS_CONFIG_FILE, "[default]\nregion = ap-south-2\n[profile p]\nregion = sa-east-1\n");
  assert.match(await start("env", "--format", "dotenv", ...session), "AWS_REGION=ap-south-2");
  assert.match(await start("env", "--format", "dotenv", "--config-profile", "p", ...session), "AWS_REGION=sa-east-1");
});

test("fromRolesAnywhere() chooses a certificate of a directory", async () => {
  writeFileSync(join(folder.path, "other.pem"), other.certificatePem);
  writeFileSync(join(folder.path, "other.key"), other.keyPem);
  const certificateDirectory = folder.path;
  const options = { certificateDirectory, ...SESSION_ARNS, endpoint: service.endpoint };
  const provider = fromRolesAnywhere({ ...options, selector: "Key=x509Subject,Value=CN=other" });
  assert.match((await provider()).accessKeyId, /^ASIA/);
  assert.match(service.emulator.decisions().at(-1)!.trace.map(({ detail }) => detail).join(), "other");
  const several = await fromRolesAnywhere(options)().then(() => undefined, (error) => error);
  assert.match(String(several?.code), "SEVERAL");
  assert.throws(() => fromRolesAnywhere({ ...options, several: "first" as "refuse" }), /"several" must be/);
});

test.run();
