// runtimes: node20
/**
 * Inputs of processes: pipes on standard input and on another descriptor, the environment, the AWS config file.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import process from "node:process";
import { nodeHost } from "../../../runtimes/node/mod.ts";
import { SESSION_ARNS, startService, testAuthority, trustingEmulator } from "../../support/local-service.ts";
import { commandLines, runProgram } from "../../support/programs.ts";
import { assert, skip, suite } from "../../support/suite.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const test = suite("runtimes/cli/inputs-of-processes");

const folder = temporaryFolder();
const authority = await testAuthority();
const client = await authority.issue("client");
const service = await startService(nodeHost(), trustingEmulator(authority, Date.now));

test.after(async () => {
  await service.close();
  folder.remove();
});

const arns = {
  ANYROLE_TRUST_ANCHOR_ARN: SESSION_ARNS.trustAnchorArn,
  ANYROLE_PROFILE_ARN: SESSION_ARNS.profileArn,
  ANYROLE_ROLE_ARN: SESSION_ARNS.roleArn,
};

for (const { name, command, missing } of await commandLines()) {
  test(`credential-process on ${name} takes its key from a pipe, and everything else from its surroundings`, async () => {
    if (command === undefined) return skip(missing!);
    const config = folder.write(
      "config",
      `[profile edge]\nendpoint_url = ${service.endpoint}\nanyrole_certificate = env:CERT\n`,
    );
    const environment = { ...arns, AWS_CONFIG_FILE: config, AWS_PROFILE: "edge", CERT: btoa(client.certificatePem) };
    const ended = await runProgram(command, ["credential-process", "--private-key", "-"], environment, {
      0: client.keyPem,
    });
    assert.is(ended.errors, "");
    assert.is(JSON.parse(new TextDecoder().decode(ended.output)).Version, 1);
  });

  test(`sign-string on ${name} reads a descriptor`, async () => {
    if (command === undefined) return skip(missing!);
    const ended = await runProgram(command, ["sign-string", "--private-key", "fd:3"], {}, { 3: client.keyPem });
    if (name === "Deno") {
      // What Node hands over is a socket, which has no path that could be opened.
      assert.is(ended.code, 1);
      assert.match(ended.errors, /\[ERR_FILE_/);
      return;
    }
    assert.is(ended.errors, "");
    assert.is(ended.code, 0);
  });

  test(`sign-string on ${name} says what is wrong with its inputs`, async () => {
    if (command === undefined) return skip(missing!);
    const closed = await runProgram(command, ["sign-string", "--private-key", "fd:1000"]);
    assert.is(closed.code, 1);
    assert.match(closed.errors, /descriptor 1000|\/dev\/fd\/1000.* \[ERR_FILE_/);
    const large = await runProgram(command, ["sign-string", "--private-key", "-"], {}, {
      0: new Uint8Array(1_100_000),
    });
    assert.is(large.code, 1);
    assert.match(large.errors, /standard input.* larger than 1048576 octets.*\[ERR_FILE_TOO_LARGE\]/);
    const none = await runProgram(command, ["sign-string", "--private-key", "-"]);
    assert.is(none.code, 1);
    assert.match(none.errors, /\[ERR_(FILE|KEY)_/);
  });
}

for (const { name, command, missing } of await commandLines()) {
  test(`commands on ${name} say that standard output is full`, async () => {
    if (command === undefined) return skip(missing!);
    if (process.platform !== "linux") return skip("there is no /dev/full");
    const shell = ["sh", "-c", 'exec "$@" > /dev/full', "sh", ...command] as const;
    const { code, errors } = await runProgram(shell as unknown as readonly [string], ["version"]);
    assert.is(code, 1);
    assert.match(errors, /Cannot write standard output: the disk is full \[ERR_FILE_WRITE\]\n$/);
  });
}

/** Makes pipes that nobody will ever write to; false: not on this machine. */
function pipes(...paths: readonly string[]): boolean {
  return process.platform !== "win32" && spawnSync("mkfifo", paths).status === 0;
}

for (const { name, command, missing } of await commandLines()) {
  test(`commands on ${name} wait for no pipe where they keep or share files`, async () => {
    if (command === undefined) return skip(missing!);
    const place = mkdtempSync(`${folder.path}/pipes-`);
    const at = (file: string) => `${place}/${file}`;
    const files = ["config", "credentials", "shared.lock", "state", "token.new", "kept"].map(at);
    if (!pipes(...files)) return skip("mkfifo is not on this machine");
    const granted: readonly [string, ...string[]] = name === "Deno"
      ? ["env", command[0], "run", "--allow-write", ...command.slice(2)]
      : command;
    const key = folder.write("key.pem", client.keyPem);
    const certificate = ["--certificate", folder.write("certificate.pem", client.certificatePem)];
    const session = [...certificate, "--private-key", key, "--endpoint", service.endpoint];
    const run = (args: readonly string[], environment: Readonly<Record<string, string>>) =>
      runProgram(granted, args, { ...arns, ...environment });
    const refused =
      /it is a pipe or a device, not a regular file \[ERR_FILE_ACCESS\]|it is not a regular file \[ERR_FILE_ACCESS\]/;

    // What is wrong with a file for many programs is not this one's to tell.
    const config = await run(["credential-process", ...session], { AWS_CONFIG_FILE: at("config") });
    assert.equal([config.errors, config.code], ["", 0]);
    for (const file of ["credentials", "shared"]) {
      const update = await run(["update", "--once", ...session], { AWS_SHARED_CREDENTIALS_FILE: at(file) });
      assert.is(update.code, 1, file);
      assert.match(update.errors, refused);
    }
    const emulator = await run(["emulator", "--state", at("state")], {});
    assert.is(emulator.code, 1);
    assert.match(emulator.errors, refused);
    symlinkSync("/dev/zero", at("endless"));
    const endless = await run(["emulator", "--state", at("endless")], {});
    assert.is(endless.code, 1);
    assert.match(endless.errors, refused);
    const serve = await run(
      ["serve", "--mode", "container", "--port", "0", "--token-file", at("token"), ...session],
      {},
    );
    assert.is(serve.code, 1);
    assert.match(serve.errors, refused);
    const bridge = await run(["bridge", ...certificate, "--key", key, "--port", "0", "--token-file", at("kept")], {});
    assert.is(bridge.code, 1);
    assert.match(bridge.errors, refused);

    const cached = { ANYROLE_NO_CACHE: "", ANYROLE_CACHE_DIR: at("cache") };
    assert.is((await run(["credential-process", ...session], cached)).errors, "");
    const [entry] = readdirSync(at("cache"));
    rmSync(at(`cache/${entry}`));
    pipes(at(`cache/${entry}`), at(`cache/${entry!.replace("session", "lock")}`));
    const list = await run(["cache", "list"], cached);
    assert.equal([list.errors, list.code], ["", 0]);
    const again = await run(["credential-process", ...session], cached);
    assert.equal([again.errors, again.code], ["", 0]);
  });
}

test.run();
