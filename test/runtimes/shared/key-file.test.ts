// runtimes: node20 node deno bun workerd
import { readKeyFile } from "../../../runtimes/shared/key-file.ts";
import { KEYS, PASSWORD } from "../../vectors/keys/keys.ts";
import { type MemoryHost, memoryHost } from "../../support/memory-host.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("runtimes/shared/key-file");

const ASK = { ask: "terminal" } as const;

function machine(...answers: readonly string[]): MemoryHost {
  return memoryHost({
    files: {
      "plain.pem": KEYS["P-256-sec1"],
      "encrypted.pem": KEYS["encrypted-aes-256-cbc-hmac-sha256"],
      "unsupported.pem": KEYS["other-ed25519"],
    },
    answers,
  });
}

test("readKeyFile() asks nobody for a key that is not encrypted", async () => {
  const host = machine(PASSWORD);
  assert.is((await readKeyFile(host, "plain.pem", ASK)).type, "ec");
  assert.equal(host.questions, []);
});

test("readKeyFile() asks on the terminal for the password of an encrypted key", async () => {
  const host = machine(PASSWORD);
  assert.is((await readKeyFile(host, "encrypted.pem", ASK)).type, "ec");
  assert.equal(host.questions, ["Password of the private key encrypted.pem:"]);
});

test("readKeyFile() asks again after a wrong answer, and says so", async () => {
  const host = machine("wrong", PASSWORD);
  assert.is((await readKeyFile(host, "encrypted.pem", ASK)).type, "ec");
  assert.equal(host.questions, [
    "Password of the private key encrypted.pem:",
    "That password is wrong. Password of the private key encrypted.pem:",
  ]);
});

test("readKeyFile() gives up after three wrong answers", async () => {
  const host = machine("wrong", "wrong", "wrong", PASSWORD);
  await assertRejects(readKeyFile(host, "encrypted.pem", ASK), "ERR_KEY_PASSWORD_WRONG");
  assert.is(host.questions.length, 3);
});

test("readKeyFile() takes a given password and never asks for another", async () => {
  const host = machine(PASSWORD);
  assert.is((await readKeyFile(host, "encrypted.pem", { password: PASSWORD })).type, "ec");
  await assertRejects(readKeyFile(host, "encrypted.pem", { password: "wrong" }), "ERR_KEY_PASSWORD_WRONG");
  await assertRejects(readKeyFile(host, "plain.pem", { password: PASSWORD }), "ERR_KEY_NOT_ENCRYPTED");
  assert.equal(host.questions, []);
});

test("readKeyFile() says that the password is missing when nobody can or may be asked", async () => {
  await assertRejects(readKeyFile(machine(), "encrypted.pem", ASK), "ERR_KEY_PASSWORD_MISSING");
  const host = machine(PASSWORD);
  await assertRejects(readKeyFile(host, "encrypted.pem", { ask: "never" }), "ERR_KEY_PASSWORD_MISSING");
  assert.equal(host.questions, []);
});

test("readKeyFile() asks nobody for the password of a key that is of no use", async () => {
  const host = machine(PASSWORD);
  await assertRejects(readKeyFile(host, "unsupported.pem", ASK), "ERR_KEY_UNSUPPORTED");
  assert.equal(host.questions, []);
});

test("readKeyFile() wipes what it has read of the file", async () => {
  const host = machine();
  let octets = new Uint8Array(0);
  const watched = { ...host, readFile: (path: string, limit: number) => octets = host.readFile(path, limit) };
  await readKeyFile(watched, "plain.pem", ASK);
  assert.ok(octets.length > 0 && octets.every((octet) => octet === 0));
});

test.run();
