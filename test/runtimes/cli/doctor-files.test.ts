// runtimes: node20
/**
 * `doctor` as users start it, in every runtime: permissions are those of real files.
 *
 * @module
 */

import { chmodSync } from "node:fs";
import process from "node:process";
import { SESSION_FLAGS, testAuthority } from "../../support/local-service.ts";
import { commandLines, runProgram } from "../../support/programs.ts";
import { assert, skip, suite } from "../../support/suite.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const test = suite("runtimes/cli/doctor-files");

const folder = temporaryFolder();
const client = await (await testAuthority()).issue("client");
const certificate = folder.write("cert.pem", client.certificatePem);
const key = folder.write("key.pem", client.keyPem);

test.after(() => folder.remove());

test.slow("checkIdentity() sees the permissions of files in every runtime", 120_000, async () => {
  if (process.platform === "win32") skip("Windows has no modes");
  for (const program of await commandLines()) {
    if (program.command === undefined) continue;
    const words = ["doctor", "--certificate", certificate, "--private-key", key, ...SESSION_FLAGS, "--offline"];
    for (
      const [mode, said] of [[0o644, `key-permissions: ${key} has mode 0644`], [0o600, `${key} has mode 0600`]] as const
    ) {
      chmodSync(key, mode);
      const { code, output: octets, errors } = await runProgram(program.command, words);
      const output = new TextDecoder().decode(octets);
      assert.is(code, 0, `${program.name}: ${errors}`);
      assert.match(output, said);
      assert.is(output.includes("chmod 600"), mode === 0o644, program.name);
    }
  }
});

test.run();
