// runtimes: node20 node deno bun workerd
import { decodeBase64 } from "../../../core/bytes/base64.ts";
import { type Bytes, concatBytes } from "../../../core/bytes/bytes.ts";
import {
  derContextConstructed,
  derInteger,
  derObjectIdentifier,
  derOctetString,
  derSequence,
} from "../../../core/der/writer.ts";
import { decodePem } from "../../../core/pem/pem.ts";
import { encodePkcs8 } from "../../../core/crypto/pkcs8-encoding.ts";
import { identityFromFiles } from "../../../runtimes/shared/identity-files.ts";
import { type KeyPassword, readKeyFile } from "../../../runtimes/shared/key-file.ts";
import { memoryHost } from "../../support/memory-host.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { testIdentity } from "../../support/test-identity.ts";
import { FILES, KEY, LEAF, PASSWORD, ROOT } from "../../vectors/pkcs12/files.ts";

const test = suite("runtimes/shared/pkcs12-file");

const NEVER = { ask: "never" } as const;
const ASK = { ask: "terminal" } as const;
const file = (name: keyof typeof FILES): Bytes => decodeBase64(FILES[name].replace(/\s/g, ""))!;
const leaf = decodePem(LEAF)[0]!.octets;

const root = await testIdentity("Root");
const upper = await testIdentity("Upper", { issuer: root, kind: "ca" });
const lower = await testIdentity("Lower", { issuer: upper, kind: "ca" });
const first = await testIdentity("First", { issuer: lower });
const second = await testIdentity("Second", { issuer: lower });

/** A PKCS#12 file of ours, without MAC and encryption. */
function pkcs12(...parts: (typeof root | { readonly keyOf: typeof root })[]): Bytes {
  const oid = derObjectIdentifier;
  const explicit = (content: Bytes) => derContextConstructed(0, content);
  const info = (octets: Bytes) => derSequence(oid("1.2.840.113549.1.7.1"), explicit(derOctetString(octets)));
  const bag = (type: number, value: Bytes) => derSequence(oid(`1.2.840.113549.1.12.10.1.${type}`), explicit(value));
  const bags = parts.map((part) =>
    "keyOf" in part
      ? bag(1, encodePkcs8(part.keyOf.key))
      : bag(3, derSequence(oid("1.2.840.113549.1.9.22.1"), explicit(derOctetString(part.certificate.der))))
  );
  return derSequence(derInteger(3), info(derSequence(info(derSequence(...bags)))));
}

async function identityIn(
  files: Record<string, string | Bytes>,
  password: KeyPassword = NEVER,
  answers?: readonly string[],
) {
  const host = memoryHost({ files, ...(answers === undefined ? {} : { answers }) });
  const source = identityFromFiles(host, {
    certificate: "id.p12",
    ...("key" in files ? { privateKey: "key" } : {}),
    ...("chain.pem" in files ? { intermediates: "chain.pem" } : {}),
    password,
  });
  return { identity: await source.identity(), host };
}

/** Name of the certificate, and those of its chain in order. */
async function namesIn(files: Record<string, string | Bytes>): Promise<string> {
  const { identity } = await identityIn(files);
  const name = (der: Bytes) =>
    [root, upper, lower, first, second].find((each) => String(each.certificate.der) === String(der))?.name ?? "?";
  return [identity.certificate, ...identity.chain].map(({ der }) => name(der)).join(" < ");
}

test("identityFromFiles() takes a PKCS#12 file alone, with its password given", async () => {
  for (const name of ["modern", "legacy"] as const) {
    const { identity } = await identityIn({ "id.p12": file(name) }, { password: PASSWORD });
    assert.equal(identity.certificate.der, leaf);
    assert.equal(identity.chain, []); // the root stays at home
  }
});

test("identityFromFiles() takes a PKCS#12 file with the empty password without a question", async () => {
  for (const name of ["empty", "empty-legacy"] as const) {
    const { identity, host } = await identityIn({ "id.p12": file(name) }, ASK, ["unused"]);
    assert.equal(identity.certificate.der, leaf);
    assert.equal(host.questions, []);
  }
});

test("identityFromFiles() asks for the password of a PKCS#12 file, and again when it is wrong", async () => {
  const { identity, host } = await identityIn({ "id.p12": file("modern") }, ASK, ["wrong", PASSWORD]);
  assert.equal(identity.certificate.der, leaf);
  assert.equal(host.questions, [
    "Password of the PKCS#12 file id.p12:",
    "That password is wrong. Password of the PKCS#12 file id.p12:",
  ]);
});

test("identityFromFiles() says what is wrong with a PKCS#12 file", async () => {
  const files = { "id.p12": file("modern") };
  await assertRejects(identityIn(files), "ERR_KEY_PASSWORD_MISSING");
  await assertRejects(identityIn(files, ASK), "ERR_KEY_PASSWORD_MISSING");
  await assertRejects(identityIn(files, { password: "wrong" }), "ERR_KEY_PASSWORD_WRONG");
  await assertRejects(identityIn({ "id.p12": file("modern").slice(0, 900) }), "ERR_KEY_MALFORMED");
  await assertRejects(identityIn({ "id.p12": file("no-key") }, { password: PASSWORD }), "ERR_KEY_MISSING");
  await assertRejects(identityIn({ "id.p12": pkcs12({ keyOf: first }) }), "ERR_CERTIFICATE_NOT_FOUND");
  await assertRejects(identityIn({ "id.p12": pkcs12(second, { keyOf: first }) }), "ERR_IDENTITY_KEY_MISMATCH");
});

test("identityFromFiles() finds the certificate of the key and its chain, whatever their order", async () => {
  const key = { keyOf: first };
  for (
    const parts of [[first, lower, upper, root, key], [root, upper, key, second, lower, first], [
      lower,
      upper,
      second,
      first,
      key,
    ]]
  ) {
    assert.is(await namesIn({ "id.p12": pkcs12(...parts) }), "First < Lower < Upper");
  }
});

test("identityFromFiles() takes the first key that has a certificate", async () => {
  const parts = [{ keyOf: root }, { keyOf: second }, { keyOf: first }, first, second];
  assert.is(await namesIn({ "id.p12": pkcs12(...parts) }), "Second");
});

test("identityFromFiles() takes the key or the certificate alone from a PKCS#12 file", async () => {
  const chain = upper.certificatePem + lower.certificatePem;
  assert.is(await namesIn({ "id.p12": first.certificatePem, key: pkcs12({ keyOf: first }) }), "First");
  assert.is(
    await namesIn({ "id.p12": first.certificatePem, key: pkcs12({ keyOf: first }, first, lower) }),
    "First < Lower",
  );
  assert.is(await namesIn({ "id.p12": pkcs12(first, lower), key: first.keyPem }), "First < Lower");
  assert.is(await namesIn({ "id.p12": pkcs12(first), key: pkcs12({ keyOf: first }) }), "First");
  assert.is(
    await namesIn({ "id.p12": pkcs12(first, { keyOf: first }), "chain.pem": chain }),
    "First < Lower < Upper",
  );
});

test("identityFromFiles() picks up a PKCS#12 file that replaces PEM", async () => {
  const host = memoryHost({ files: { "id.p12": LEAF + KEY } });
  const source = identityFromFiles(host, { certificate: "id.p12", password: NEVER });
  assert.equal((await source.identity()).certificate.der, leaf);
  host.write("id.p12", concatBytes([pkcs12(first, { keyOf: first })]));
  assert.equal((await source.identity()).certificate.der, first.certificate.der);
});

test("readKeyFile() reads the first key of a PKCS#12 file", async () => {
  const host = memoryHost({ files: { "a.p12": file("modern"), "b.p12": file("no-key"), "c.pem": ROOT } });
  assert.is((await readKeyFile(host, "a.p12", { password: PASSWORD })).type, "ec");
  await assertRejects(readKeyFile(host, "b.p12", { password: PASSWORD }), "ERR_KEY_MISSING");
  await assertRejects(readKeyFile(host, "c.pem", NEVER), "ERR_KEY_MISSING");
});

test.run();
