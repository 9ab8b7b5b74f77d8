// runtimes: node20 node deno bun
import { encodeBase64 } from "../../../core/bytes/base64.ts";
import { decodePem } from "../../../core/pem/pem.ts";
import { run } from "../../../runtimes/cli/mod.ts";
import { SESSION_FLAGS, testAuthority, trustingEmulator } from "../../support/local-service.ts";
import { type MemoryHost, memoryHost, type MemoryHostOptions } from "../../support/memory-host.ts";
import { assert, suite } from "../../support/suite.ts";
import { NOW } from "../../support/test-authority.ts";
import { KEYS, PASSWORD } from "../../vectors/keys/keys.ts";

const test = suite("runtimes/cli/given-inputs");

const authority = await testAuthority();
const client = await authority.issueBelow("client");
const { certificatePem, keyPem } = client;
const chain = authority.intermediate.certificatePem;

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
  readonly host: MemoryHost;
}

async function end(options: MemoryHostOptions, command: string, ...flags: readonly string[]): Promise<Ended> {
  const emulator = trustingEmulator(authority, () => NOW);
  const host = memoryHost({
    fetch: async (url, init) => await emulator.fetch(new Request(url, init as RequestInit)),
    ...options,
  });
  const session = command === "credential-process" ? [...SESSION_FLAGS, "--no-cache"] : [];
  const code = await run(host, [command, ...session, ...flags]);
  return { code, output: host.output(), errors: host.errors.join(""), host };
}

function assertCredentials({ code, output, errors }: Ended): void {
  assert.is(errors, "");
  assert.is(code, 0);
  assert.is(JSON.parse(output).Version, 1);
}

test("credential-process takes certificate, key and intermediates from standard input, descriptors and variables", async () => {
  const descriptors = { 0: certificatePem, 3: keyPem };
  const environment = { CHAIN: chain };
  const flags = ["--certificate", "-", "--private-key", "fd:3", "--intermediates", "env:CHAIN"];
  const ended = await end({ descriptors, environment }, "credential-process", ...flags);
  assertCredentials(ended);
  assert.equal(ended.host.reads.slice().sort(), ["descriptor 3", "standard input"]);
});

test("credential-process reads standard input once when several flags name it", async () => {
  const all = keyPem + certificatePem + chain;
  for (
    const flags of [["--certificate", "-"], ["--certificate", "-", "--private-key", "fd:0", "--intermediates", "-"]]
  ) {
    const ended = await end({ descriptors: { 0: all } }, "credential-process", ...flags);
    assertCredentials(ended);
    assert.equal(ended.host.reads, ["standard input"]);
  }
});

test("env: takes PEM, PEM in one line, and base64 of PEM or DER", async () => {
  const der = encodeBase64(decodePem(certificatePem)[0]!.octets);
  const forms = [
    [certificatePem, keyPem],
    [certificatePem.replaceAll("\n", "\\n"), keyPem.replaceAll("\n", "\\n")],
    [btoa(certificatePem), btoa(keyPem).replace(/.{64}/g, "$&\n")],
    [der, keyPem],
  ] as const;
  for (const [C, K] of forms) {
    const flags = ["--certificate", "env:C", "--private-key", "env:K", "--intermediates", "env:I"];
    assertCredentials(await end({ environment: { C, K, I: chain } }, "credential-process", ...flags));
  }
});

test("sign-string and read-certificate-data take inputs as well", async () => {
  const signed = await end({ descriptors: { 0: keyPem } }, "sign-string", "--private-key", "-", "--format", "text");
  assert.is(signed.code, 0, signed.errors);
  assert.match(signed.output, /^30[0-9a-f]+$/);
  const read = await end({ environment: { C: certificatePem } }, "read-certificate-data", "--certificate", "env:C");
  assert.is(read.code, 0, read.errors);
  assert.is(JSON.parse(read.output).keyType, "EC");
});

test("a path that begins like an input is a file with ./ before it", async () => {
  const files = { "./-": certificatePem, "./env:K": keyPem, "./fd:I": chain };
  const flags = ["--certificate", "./-", "--private-key", "./env:K", "--intermediates", "./fd:I"];
  assertCredentials(await end({ files }, "credential-process", ...flags));
});

test("inputs that are not there are told by their names", async () => {
  const rows: [string, RegExp][] = [
    ["-", /Cannot read standard input: it is not open; .+ \[ERR_FILE_NOT_FOUND\]/],
    ["fd:7", /Cannot read descriptor 7: it is not open/],
    ["env:NONE", /Cannot read env:NONE: the environment variable NONE is not set \[ERR_FILE_NOT_FOUND\]/],
    ["env:EMPTY", /the environment variable EMPTY is empty/],
    ["fd:x", /invalid argument "fd:x" for "--certificate" flag: must be fd: and the number of a descriptor/],
    ["fd:", /must be fd: and the number/],
    ["fd:-1", /must be fd: and the number/],
    ["fd:9999999999", /must be fd: and the number/],
  ];
  for (const [text, message] of rows) {
    const { code, output, errors } = await end(
      { environment: { EMPTY: "" } },
      "credential-process",
      "--certificate",
      text,
    );
    assert.is(code, 1);
    assert.is(output, "");
    assert.match(errors, message);
  }
});

test("inputs that are no certificate are refused, and nothing of them is shown", async () => {
  const canary = "canary-0123456789";
  for (const contents of [canary, btoa(canary), `-----BEGIN CERTIFICATE-----\\n${canary}`]) {
    const { code, output, errors } = await end(
      { environment: { C: contents }, descriptors: { 3: contents } },
      "credential-process",
      ...["--certificate", "env:C", "--private-key", "fd:3"],
    );
    assert.is(code, 1);
    assert.not.match(output + errors, "0123456789");
  }
});

const encrypted = KEYS["encrypted-aes-256-cbc-hmac-sha256"];

test("the password comes from a file, a descriptor or a variable", async () => {
  const files = { "/k.pem": encrypted, "/password": `${PASSWORD}\r\nsecond line\n` };
  const descriptors = { 0: `${PASSWORD}\n`, 5: PASSWORD };
  const environment = { SECRET: PASSWORD };
  const rows = [
    ["--password-file", "/password"],
    ["--password-file", "-"],
    ["--password-file", "fd:5"],
    ["--password-file", "env:SECRET"],
    ["--password-fd", "5"],
    ["--password-fd", "0"],
    ["--password-env", "SECRET"],
  ];
  for (const flags of rows) {
    const ended = await end({ files, descriptors, environment }, "sign-string", "--private-key", "/k.pem", ...flags);
    assert.is(ended.code, 0, `${flags.join(" ")}: ${ended.errors}`);
    assert.equal(ended.host.questions, []);
  }
});

test("passwords that are not there or wrong are told, and never shown", async () => {
  const files = {
    "/k.pem": encrypted,
    "/wrong": "canary-secret\n",
    "/empty": "\n",
    "/latin1": Uint8Array.of(0xe4, 0x0a),
  };
  const rows: [readonly string[], RegExp][] = [
    [["--password-file", "/none"], /Cannot read \/none: there is no such file/],
    [["--password-file", "/empty"], /for "--password-file" flag: there is no password in it/],
    [["--password-file", "/latin1"], /Cannot read the password in \/latin1: it is not UTF-8/],
    [["--password-file", "/wrong"], /\[ERR_KEY_PASSWORD_WRONG\]/],
    [["--password-fd", "9"], /Cannot read descriptor 9: it is not open/],
    [["--password-fd=-1"], /must be the number of a descriptor/],
    [["--password-env", "canary-secret"], /for "--password-env" flag: there is no environment variable of this name/],
    [["--password-env", "EMPTY"], /for "--password-env" flag: there is no password in it/],
    [["--password-file", "/x", "canary-secret"], /unexpected argument that may be part of a secret/],
  ];
  for (const [flags, message] of rows) {
    const { code, output, errors } = await end(
      { files, environment: { EMPTY: "" } },
      "sign-string",
      ...["--private-key", "/k.pem", ...flags],
    );
    assert.is(code, 1);
    assert.is(output, "");
    assert.match(errors, message);
    assert.not.match(errors, "canary-secret");
  }
});

test("--tpm-key-handle is --private-key handle:H", async () => {
  const files = { "/c.pem": certificatePem };
  for (const flags of [["--tpm-key-handle", "0x81000001"], ["--private-key", "handle:0x81000001"]]) {
    const environment = { TPM_DEVICE: "/nowhere/tpm" };
    const { code, errors } = await end(
      { files, environment },
      "credential-process",
      "--certificate",
      "/c.pem",
      ...flags,
    );
    assert.is(code, 1);
    assert.match(errors, /there is no \/nowhere\/tpm;.* TPM_DEVICE wrong\? \[ERR_TPM_NOT_FOUND\]/);
  }
});

test.run();
