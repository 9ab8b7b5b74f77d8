// runtimes: node20 node deno bun workerd
import { decodeBase64, encodeBase64 } from "../../../../core/bytes/base64.ts";
import type { Bytes } from "../../../../core/bytes/bytes.ts";
import { encodeHex } from "../../../../core/bytes/hex.ts";
import { portableProvider } from "../../../../core/crypto/portable/mod.ts";
import { decodePem } from "../../../../core/pem/pem.ts";
import { run } from "../../../../runtimes/cli/mod.ts";
import { memoryHost, type MemoryHostOptions } from "../../../support/memory-host.ts";
import { assert, suite } from "../../../support/suite.ts";
import { testIdentity } from "../../../support/test-identity.ts";
import { FILES, KEY, LEAF, PASSWORD, ROOT } from "../../../vectors/pkcs12/files.ts";

const test = suite("runtimes/cli/commands/read-certificate-data");

const p12 = (name: keyof typeof FILES): Bytes => decodeBase64(FILES[name].replace(/\s/g, ""))!;
const root = await testIdentity("Root");
const first = await testIdentity("edge", { issuer: root, serialNumber: 0x0a1b });
const second = await testIdentity("edge", { issuer: root, serialNumber: 0xffn, key: { type: "ec", curve: "P-384" } });
const DIRECTORY = {
  "d/root.pem": root.certificatePem,
  "d/1.pem": first.certificatePem + first.keyPem,
  "d/2.pem": second.certificatePem,
  "d/2.key": second.keyPem,
};

async function end(options: MemoryHostOptions, ...argv: readonly string[]) {
  const host = memoryHost(options);
  const code = await run(host, argv);
  const errors = host.errors.join("");
  if ((host.output() + errors).includes(PASSWORD)) throw new Error("the password is printed");
  return { code, output: host.output(), errors, questions: host.questions };
}

const read = (files: Readonly<Record<string, string | Bytes>>, ...flags: readonly string[]) =>
  end({ files }, "read-certificate-data", ...flags);

test("read-certificate-data lists the certificates of a directory that have a key, as the helper does", async () => {
  const fingerprint = async (each: typeof root) =>
    encodeHex(await portableProvider({}).digest("SHA-1", each.certificate.der));
  const entry = async (number: number, each: typeof root, serial: string) =>
    `${number}) Hex Fingerprint: ${await fingerprint(
      each,
    )}\nSubject: CN=edge\nIssuer: CN=Root\nSerial Number: ${serial}\n\n`;
  assert.equal(await read(DIRECTORY, "--cert-directory", "d"), {
    code: 0,
    output: `Matching identities\n${await entry(1, first, "A1B")}${await entry(2, second, "FF")}`,
    errors: "",
    questions: [],
  });
  const one = await read(DIRECTORY, "--cert-directory", "d/", "--cert-selector", "Key=x509Serial,Value=FF");
  assert.is(one.output, `Matching identities\n${await entry(1, second, "FF")}`);
});

test("read-certificate-data says that no certificate fits, which is no error", async () => {
  const { code, output } = await read(DIRECTORY, "--cert-directory", "d", "--cert-selector", "Key=x509Serial,Value=1");
  assert.is(code, 0);
  assert.is(output, "No matching identities\n");
});

test("read-certificate-data tells with --debug what it does not use", async () => {
  const files = { ...DIRECTORY, "d/id.p12": p12("modern"), "d/notes.txt": "hello" };
  assert.is((await read(files, "--cert-directory", "d")).errors, "");
  const { errors } = await read(files, "--cert-directory", "d", "--debug");
  assert.match(errors, "not used: d/id.p12 (Cannot read PKCS#12 file: it is protected by a password");
  assert.match(errors, "not used: d/notes.txt (neither certificate nor key)");
});

test("read-certificate-data refuses selectors and directories that are none", async () => {
  const flags = ["--cert-directory", "d", "--cert-selector"];
  for (
    const [selector, code] of [
      ["x", "ERR_SELECTOR_SYNTAX"],
      ["Key=Subject,Value=a", "ERR_SELECTOR_KEY"],
      ["Key=x509Serial,Value=x", "ERR_SELECTOR_SERIAL"],
      ["Key=x509Serial,Value=1 Key=x509Serial,Value=1", "ERR_SELECTOR_DUPLICATE"],
      ["file://none", "ERR_FILE_NOT_FOUND"],
    ] as const
  ) {
    const ended = await read(DIRECTORY, ...flags, selector);
    assert.is(ended.code, 1);
    assert.is(ended.output, "");
    assert.match(ended.errors, `[${code}]`);
  }
  assert.match((await read(DIRECTORY, "--cert-directory", "e")).errors, "[ERR_FILE_NOT_FOUND]");
  assert.match((await read({}, "--system-store-name", "Root")).errors, "system stores are a matter of Windows");
});

test("read-certificate-data reads the certificate of the key in a PKCS#12 file", async () => {
  const leaf = encodeBase64(decodePem(LEAF)[0]!.octets);
  for (
    const [name, flags] of [["empty", []], ["modern", ["--pkcs8-password", PASSWORD]]] as const
  ) {
    const { code, output } = await read({ "id.p12": p12(name) }, "--certificate", "id.p12", ...flags);
    assert.is(code, 0);
    assert.is(JSON.parse(output).certificateData, leaf);
  }
  const asked = await end(
    { files: { "id.p12": p12("legacy") }, answers: [PASSWORD] },
    ...["read-certificate-data", "--certificate", "id.p12"],
  );
  assert.is(JSON.parse(asked.output).certificateData, leaf);
  assert.equal(asked.questions, ["Password of the PKCS#12 file id.p12:"]);
  const wrong = await read({ "id.p12": p12("modern") }, "--certificate", "id.p12", "--pkcs8-password", "canary");
  assert.is(wrong.code, 1);
  assert.match(wrong.errors, "[ERR_KEY_PASSWORD_WRONG]");
  assert.not.match(wrong.errors, "canary");
  const without = await read({ "id.p12": p12("no-key") }, "--certificate", "id.p12", "--pkcs8-password", PASSWORD);
  assert.is(JSON.parse(without.output).certificateData, encodeBase64(decodePem(ROOT)[0]!.octets));
});

test("sign-string signs with a key of a PKCS#12 file and of a directory", async () => {
  const files = { "id.p12": p12("empty"), "key.pem": KEY, ...DIRECTORY };
  const sign = async (...flags: readonly string[]) => {
    const { code, output, errors } = await end({ files }, "sign-string", ...flags);
    if (code !== 0) throw new Error(errors);
    return output.length;
  };
  for (const digest of ["SHA256", "SHA512"]) {
    assert.ok(await sign("--certificate", "id.p12", "--digest", digest) > 130);
    const chosen = ["--cert-directory", "d", "--cert-selector", "Key=x509Serial,Value=a1b"];
    assert.ok(await sign(...chosen, "--digest", digest) > 130);
    assert.ok(await sign("--cert-directory", "d", "--use-latest-expiring-certificate", "--digest", digest) > 130);
  }
});

test.run();
