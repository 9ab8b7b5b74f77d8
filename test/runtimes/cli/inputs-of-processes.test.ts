// runtimes: node20
/**
 * Inputs of processes: pipes on standard input and on another descriptor, the environment, the AWS config file.
 *
 * @module
 */

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

test.run();
