// runtimes: node20 node deno bun
import { decodeUtf8 } from "../../../core/bytes/text.ts";
import { givenInputs } from "../../../runtimes/cli/given-inputs.ts";
import { CREDENTIAL_EXCLUSIONS, CREDENTIAL_FLAGS } from "../../../runtimes/cli/flag-tables.ts";
import { parseFlags } from "../../../runtimes/cli/flags.ts";
import { IdentityFlagError, namesDevice } from "../../../runtimes/cli/identity-flags.ts";
import { originalWords } from "../../../runtimes/cli/original-words.ts";
import { pinOf, pinSourceReader, tpmOptions } from "../../../runtimes/cli/token-flags.ts";
import { isTpmKeyFile } from "../../../runtimes/cli/tpm-key-file.ts";
import { memoryHost, type MemoryHostOptions } from "../../support/memory-host.ts";
import { assert, assertRejects, assertThrows, suite } from "../../support/suite.ts";

const test = suite("runtimes/cli/token-flags");

function given(words: readonly string[], options: MemoryHostOptions = {}) {
  const memory = memoryHost(options);
  const parsed = parseFlags(words, CREDENTIAL_FLAGS, CREDENTIAL_EXCLUSIONS);
  if (parsed.help) throw new Error("no help was asked for");
  return { memory, ...givenInputs(memory, parsed.values) };
}

const LOGIN = { kind: "user", token: "edge", uri: "pkcs11:token=edge", attempt: 1, tries: undefined } as const;

test("pinOf() answers the PIN of a file, a descriptor or a variable once, and asks nobody", async () => {
  const options: MemoryHostOptions = {
    files: { "/pin": "1234\nmore\n" },
    descriptors: { 3: "1234", 0: "1234\r\n" },
    environment: { PIN: "1234", EMPTY: "" },
  };
  const ways = [
    ["--pkcs11-pin-file", "/pin"],
    ["--pkcs11-pin-file", "-"],
    ["--pkcs11-pin-file", "env:PIN"],
    ["--pkcs11-pin-fd", "3"],
    ["--pkcs11-pin-env", "PIN"],
  ];
  for (const words of ways) {
    const { host, values, memory } = given(words, { ...options, answers: ["typed"] });
    const ask = pinOf(host, values);
    assert.is(decodeUtf8((await ask(LOGIN))!), "1234", words.join(" "));
    assert.is(await ask({ ...LOGIN, attempt: 2 }), undefined);
    assert.equal(memory.questions, []);
  }
  const { host, values } = given(["--pkcs11-pin-env", "EMPTY"], options);
  await assertRejects(async () => await pinOf(host, values)(LOGIN), "ERR_USAGE_INVALID_VALUE");
});

test("pinOf() asks on the terminal, and says what is wrong and what is at stake", async () => {
  const { host, values, memory } = given([], { answers: ["1", "2", "3", ""] });
  const ask = pinOf(host, values);
  assert.is(decodeUtf8((await ask(LOGIN))!), "1");
  await ask({ ...LOGIN, attempt: 2, tries: "last" });
  await ask({ ...LOGIN, kind: "context", uri: "pkcs11:object=key" });
  assert.is(await ask(LOGIN), undefined);
  assert.equal(memory.questions, [
    "PIN of token edge:",
    "That PIN is wrong. One more wrong PIN locks the token. PIN of token edge:",
    "PIN for a signature with the key pkcs11:object=key:",
    "PIN of token edge:",
  ]);
});

test("pinOf() gives the PIN of a flag to logins alone, not to keys that have their own", async () => {
  const { host, values, memory } = given(["--pkcs11-pin-env", "PIN"], {
    environment: { PIN: "1234" },
    answers: ["other"],
  });
  assert.is(decodeUtf8((await pinOf(host, values)({ ...LOGIN, kind: "context" }))!), "other");
  assert.is(memory.questions.length, 1);
});

test("pinOf() says in the original's words that there is no terminal", async () => {
  const { host, values } = given([]);
  const error = await assertRejects(async () => await pinOf(host, values)(LOGIN), "ERR_TERMINAL_UNAVAILABLE");
  const message = String(error.message);
  assert.match(message, "unable to read PKCS#11 user PIN");
  assert.match(message, "--pkcs11-pin-file");
});

test("pinSourceReader() reads files, and runs nothing", async () => {
  const read = pinSourceReader(memoryHost({ files: { "/pin": "1234\n" } }));
  assert.is(decodeUtf8(await read("file:/pin")), "1234");
  await assertRejects(async () => await read("|echo 1234"), "ERR_FILE_UNREADABLE");
});

test("tpmOptions() takes the password of flags, or none, or asks; and the device of the environment", async () => {
  const environment = { TPM_DEVICE: "/tpm.sock", PASSWORD: "secret" };
  const of = (words: readonly string[], key: "handle" | "file", answers: readonly string[] = []) => {
    const { host, values, memory } = given(words, { environment, answers });
    return { options: tpmOptions(host, values, key), memory };
  };
  assert.equal(of(["--no-tpm-key-password"], "handle").options, { tpm: { device: "/tpm.sock" } });
  const known = of(["--tpm-key-password-env", "PASSWORD"], "handle").options.password;
  assert.is(decodeUtf8(known as Uint8Array), "secret");
  // Of a file, the file says whether there is a password.
  const { options, memory } = of(["--no-tpm-key-password"], "file", ["typed"]);
  const ask = options.password as (request: object) => Promise<Uint8Array>;
  assert.is(decodeUtf8(await ask({ of: "key", key: "handle:1", attempt: 2 })), "typed");
  assert.match(memory.questions[0]!, "incorrect TPM key password");
});

test("namesDevice() knows tokens and TPMs by what flags say, and directories go first", () => {
  const names = (...words: readonly string[]): boolean => {
    const parsed = parseFlags(words, CREDENTIAL_FLAGS, CREDENTIAL_EXCLUSIONS);
    return !parsed.help && namesDevice(parsed.values);
  };
  assert.ok(names("--certificate", "pkcs11:object=a"));
  assert.ok(names("--certificate", "c.pem", "--private-key", "handle:81000001"));
  assert.ok(names("--pkcs11-lib", "softhsm.so", "--cert-selector", "Key=x509Subject,Value=CN=a"));
  assert.not.ok(names("--certificate", "c.pem", "--pkcs11-lib", "softhsm.so"));
  assert.not.ok(names("--cert-directory", "/pki", "--pkcs11-lib", "softhsm.so"));
  assert.not.ok(names("--certificate", "PKCS11:object=a"));
});

test("isTpmKeyFile() knows the label of TSS2 keys, and nothing else", () => {
  const host = memoryHost({
    files: {
      "/both": "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n-----BEGIN TSS2 PRIVATE KEY-----\n",
      "/plain": "-----BEGIN PRIVATE KEY-----\n",
      "/quoted": "no -----BEGIN TSS2 PRIVATE KEY-----\n",
    },
  });
  assert.ok(isTpmKeyFile(host, "/both"));
  for (const path of ["/plain", "/quoted", "/absent"]) assert.not.ok(isTpmKeyFile(host, path), path);
});

test("originalWords() puts the original's words behind the action, once, and leaves other errors alone", () => {
  const error = new IdentityFlagError("ERR_IDENTITY_KIND", "Cannot use it: no");
  assert.is((originalWords(error) as Error).message, "Cannot use it: no");
  const wrong = Object.assign(error, { code: "ERR_TPM_PASSWORD_WRONG" });
  for (let i = 0; i < 2; i++) {
    assert.is((originalWords(wrong) as Error).message, "Cannot use it: incorrect TPM key password: no");
  }
  const other = new TypeError("a mistake");
  assert.is(originalWords(other), other);
});

test("a PIN cannot be named twice, nor a password of a TPM key beside the word that there is none", () => {
  const parse = (...words: readonly string[]) => () => parseFlags(words, CREDENTIAL_FLAGS, CREDENTIAL_EXCLUSIONS);
  assertThrows(parse("--pkcs11-pin-file", "a", "--pkcs11-pin-env", "B"), "ERR_USAGE_EXCLUSIVE_FLAGS");
  assertThrows(parse("--no-tpm-key-password", "--tpm-key-password-file", "a"), "ERR_USAGE_EXCLUSIVE_FLAGS");
});

test.run();
