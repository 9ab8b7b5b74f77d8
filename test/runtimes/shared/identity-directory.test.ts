// runtimes: node20 node deno bun workerd
import { decodeBase64 } from "../../../core/bytes/base64.ts";
import type { Bytes } from "../../../core/bytes/bytes.ts";
import { encodePkcs8 } from "../../../core/crypto/pkcs8-encoding.ts";
import { decodePem } from "../../../core/pem/pem.ts";
import { type IdentityDirectory, readDirectory } from "../../../runtimes/shared/identity-directory.ts";
import { identityFromFiles } from "../../../runtimes/shared/identity-files.ts";
import type { KeyPassword } from "../../../runtimes/shared/key-file.ts";
import { memoryHost } from "../../support/memory-host.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { testIdentity } from "../../support/test-identity.ts";
import { KEYS, PASSWORD as KEY_PASSWORD } from "../../vectors/keys/keys.ts";
import { FILES, LEAF, PASSWORD } from "../../vectors/pkcs12/files.ts";

const test = suite("runtimes/shared/identity-directory");

const NEVER = { ask: "never" } as const;
const year = (number: number) => Date.UTC(number, 0, 1);
const root = await testIdentity("Root");
const upper = await testIdentity("Upper", { issuer: root, kind: "ca" });
const lower = await testIdentity("Lower", { issuer: upper, kind: "ca" });
const otherLower = await testIdentity("Lower", { issuer: upper, kind: "ca", key: { type: "ec", curve: "P-384" } });
const old = await testIdentity("edge", { issuer: lower, serialNumber: 1, notAfter: year(2100) });
const young = await testIdentity("edge", { issuer: lower, serialNumber: 2, key: { type: "ec", curve: "P-384" } });
const other = await testIdentity("other", { issuer: upper, serialNumber: 3, key: { type: "rsa", bits: 2048 } });
const p12 = (name: keyof typeof FILES): Bytes => decodeBase64(FILES[name].replace(/\s/g, ""))!;

/** An encrypted key that is known elsewhere, and its certificate. */
const LOCKED_KEY = KEYS["encrypted-aes-128-cbc"];
const locked = await testIdentity("locked", { issuer: lower, keyPem: KEYS["P-256-pkcs8"], serialNumber: 4 });

const AUTHORITIES = {
  "d/ca.pem": root.certificatePem + otherLower.certificatePem + upper.certificatePem,
  "d/lower.crt": lower.certificate.der,
};
const PAIRS = {
  "d/old.pem": old.certificatePem,
  "d/old.key": old.keyPem,
  "d/young.pem": young.keyPem + young.certificatePem,
  "d/other.der": other.certificate.der,
  "d/zzz": encodePkcs8(other.key),
};

type Options = Partial<Omit<IdentityDirectory, "directory">>;
const source = (host: ReturnType<typeof memoryHost>, options: Options = {}) =>
  identityFromFiles(host, { directory: "d", several: "refuse", password: NEVER, ...options });
async function choose(
  files: Readonly<Record<string, string | Bytes>>,
  options: Options = {},
  answers?: readonly string[],
): Promise<string> {
  const host = memoryHost({ files, ...(answers === undefined ? {} : { answers }) });
  const identity = await source(host, options).identity();
  const all = [root, upper, lower, otherLower, old, young, other, locked];
  const name = (der: Bytes) => {
    const found = all.find((each) => String(each.certificate.der) === String(der));
    return found === undefined ? "?" : `${found.name} ${found.certificate.serialNumberHex.slice(0, 1)}`;
  };
  return [identity.certificate, ...identity.chain].map(({ der }) => name(der)).join(" < ");
}

test("identityFromFiles() chooses the only certificate of a directory that has a key, and its chain by signatures", async () => {
  const only = { ...AUTHORITIES, "d/old.pem": old.certificatePem, "d/old.key": old.keyPem };
  assert.is(await choose(only), "edge 1 < Lower 1 < Upper 1");
  assert.is(await choose({ "d/young.pem": young.keyPem + young.certificatePem }), "edge 2");
  assert.is(await choose({ "d/other.der": other.certificate.der, "d/k": encodePkcs8(other.key) }), "other 3");
  assert.is(await choose({ "d/id.p12": p12("empty"), ...AUTHORITIES }), "?");
});

test("identityFromFiles() chooses with a selector, in place or in a file", async () => {
  const files = { ...AUTHORITIES, ...PAIRS };
  assert.is(await choose(files, { selector: "Key=x509Serial,Value=03" }), "other 3 < Upper 1");
  assert.is(await choose(files, { selector: "Key=x509Issuer,Value=CN = Upper" }), "other 3 < Upper 1");
  const inFile = { ...files, "s.json": '[{"Key":"x509Serial","Value":"02"}]', "bad.json": Uint8Array.of(255) };
  assert.is(await choose(inFile, { selector: "file://s.json" }), "edge 2 < Lower 1 < Upper 1");
  await assertRejects(choose(inFile, { selector: "file://none.json" }), "ERR_FILE_NOT_FOUND");
  await assertRejects(choose(inFile, { selector: "file://bad.json" }), "ERR_SELECTOR_SYNTAX");
  await assertRejects(choose(inFile, { selector: "x509Serial=02" }), "ERR_SELECTOR_SYNTAX");
});

test("identityFromFiles() refuses several, or takes the one that expires last", async () => {
  const files = { ...AUTHORITIES, ...PAIRS };
  await assertRejects(choose(files), "ERR_SELECTION_SEVERAL");
  const selector = "Key=x509Subject,Value=CN=edge";
  const { message } = await assertRejects(choose(files, { selector }), "ERR_SELECTION_SEVERAL");
  assert.match(message, "CN=edge (1), CN=edge (2)");
  assert.is(await choose(files, { selector, several: "latest-expiring" }), "edge 2 < Lower 1 < Upper 1");
});

test("identityFromFiles() does not choose a certificate without a key, and names files that it could not use", async () => {
  await assertRejects(choose(AUTHORITIES), "ERR_SELECTION_NONE");
  await assertRejects(choose({ "e/x.pem": old.certificatePem }), "ERR_FILE_NOT_FOUND");
  const selector = "Key=x509Subject,Value=CN=Root";
  await assertRejects(choose({ ...AUTHORITIES, ...PAIRS }, { selector }), "ERR_SELECTION_NONE");
  const broken = {
    "d/README": "hello",
    "d/cut.pem": old.certificatePem.slice(0, 200),
    "d/id.p12": p12("modern"),
    "d/.hidden": young.keyPem + young.certificatePem,
    "d/sub/young.pem": young.keyPem + young.certificatePem,
  };
  const { message } = await assertRejects(choose(broken), "ERR_SELECTION_NONE");
  assert.match(
    message,
    /files not used: d\/README \(neither certificate nor key\); d\/cut\.pem \(.*\); d\/id\.p12 \(.*password/,
  );
  assert.not.match(message, "hidden");
});

test("identityFromFiles() opens PKCS#12 files of a directory with the password, and asks nobody", async () => {
  const files = { "d/id.p12": p12("modern") };
  const host = memoryHost({ files, answers: ["unused"] });
  const identity = await source(host, { password: { password: PASSWORD } }).identity();
  assert.equal(identity.certificate.der, decodePem(LEAF)[0]!.octets);
  await assertRejects(choose(files, { password: { ask: "terminal" } }, [PASSWORD]), "ERR_SELECTION_NONE");
  assert.equal(host.questions, []);
});

test("identityFromFiles() opens the encrypted key of the certificate that is chosen, and no other", async () => {
  for (const keyName of ["d/locked.key", "d/locked-key.pem", "d/locked.key.pem", "d/locked_key.pem"]) {
    const files = { ...AUTHORITIES, "d/locked.pem": locked.certificatePem, [keyName]: LOCKED_KEY };
    const password: KeyPassword = { password: KEY_PASSWORD };
    assert.is(await choose(files, { password }), "locked 4 < Lower 1 < Upper 1", keyName);
  }
  const both = { "d/a.pem": locked.certificatePem + LOCKED_KEY, "d/old.pem": old.certificatePem + old.keyPem };
  const ask = { ask: "terminal" } as const;
  assert.is(await choose(both, { password: ask, selector: "Key=x509Serial,Value=4" }, [KEY_PASSWORD]), "locked 4");
  assert.is(await choose(both, { password: ask, selector: "Key=x509Serial,Value=1" }, []), "edge 1");
  await assertRejects(choose(both, { selector: "Key=x509Serial,Value=4" }), "ERR_KEY_PASSWORD_MISSING");
  await assertRejects(
    choose({ "d/locked.pem": old.certificatePem, "d/locked.key": LOCKED_KEY }, {
      password: { password: KEY_PASSWORD },
    }),
    "ERR_IDENTITY_KEY_MISMATCH",
  );
});

test("identityFromFiles() chooses anew when a file comes, goes or changes, and not before", async () => {
  const host = memoryHost({ files: { "d/old.pem": old.certificatePem + old.keyPem } });
  const live = source(host, { several: "latest-expiring" });
  const first = await live.identity();
  const reads = host.reads.length;
  assert.is(await live.identity(), first);
  assert.is(host.reads.length, reads);
  host.write("d/young.pem", young.certificatePem + young.keyPem);
  assert.equal((await live.identity()).certificate.der, young.certificate.der);
  host.write("d/young.pem", undefined);
  assert.equal((await live.identity()).certificate.der, old.certificate.der);
});

test("readDirectory() has a limit, and wipes what it read", async () => {
  const many = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`d/${i}`, "x"]));
  const place = { directory: "d", password: NEVER };
  await assertRejects(readDirectory(memoryHost({ files: many }), place), "ERR_DIRECTORY_LIMIT");
  const machine = memoryHost({
    files: { "d/a.pem": old.certificatePem + old.keyPem, "d/b.der": lower.certificate.der },
  });
  const seen: Bytes[] = [];
  const watched = {
    ...machine,
    readFile: (path: string, maxLength: number) => {
      const octets = machine.readFile(path, maxLength);
      seen.push(octets);
      return octets;
    },
  };
  const { certificates } = await readDirectory(watched, place);
  assert.is(seen.length, 2);
  assert.ok(seen.every((octets) => octets.every((octet) => octet === 0)));
  assert.equal(certificates.map(({ der }) => der), [old.certificate.der, lower.certificate.der]);
});

test.run();
