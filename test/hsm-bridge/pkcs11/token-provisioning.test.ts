// runtimes: node20 node deno bun
import { CKA, CKF_TOKEN } from "../../../hsm-bridge/pkcs11/constants.ts";
import { generateTokenKey, importTokenCertificate } from "../../../hsm-bridge/pkcs11/token-provisioning.ts";
import { pkcs11Identity } from "../../../hsm-bridge/pkcs11/token-identity.ts";
import { FakeToken, tokenCrypto } from "../../support/fake-token.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { type TestIdentity, testIdentity } from "../../support/test-identity.ts";

const test = suite("hsm-bridge/pkcs11/token-provisioning");

const crypto = tokenCrypto();
const KEY = "pkcs11:token=fake%20token;object=label?pin-value=1234";
let identity: TestIdentity, renewed: TestIdentity, other: TestIdentity;

test.before(async () => {
  identity = await testIdentity("provisioned");
  renewed = await testIdentity("renewed", { issuer: identity, keyPem: identity.keyPem });
  other = await testIdentity("another");
});

function reached({ module }: FakeToken) {
  return { module: module.path, foreign: module, crypto };
}

function assertClosed({ module }: FakeToken): void {
  assert.is(module.sessions.size, 0);
  assert.is(module.initialized, 0);
}

test("importTokenCertificate() writes a certificate beside its key, found by the key's URI from then on", async () => {
  const token = new FakeToken();
  token.add(other, { label: "other" });
  token.add(identity, { parts: ["private key"] });
  const options = { ...reached(token), certificate: identity.certificatePem };
  const uri = await importTokenCertificate(KEY, options);
  assert.match(uri, /;object=label;id=%02;type=cert$/);
  assert.not(uri.includes("pin"));
  assert.is(await importTokenCertificate(KEY, options), uri, "a second time changes nothing");
  const source = pkcs11Identity({ ...reached(token), certificate: `${uri}?pin-value=1234` });
  assert.equal((await source.identity()).certificate.der, identity.certificate.der);
  await source.close();
  assertClosed(token);
});

test("importTokenCertificate() touches other certificates of the key only when it is told to", async () => {
  const token = new FakeToken();
  token.add(identity);
  const options = { ...reached(token), certificate: renewed.certificate.der };
  const error = await assertRejects(importTokenCertificate(KEY, options), "ERR_TOKEN_OBJECT_EXISTS");
  assert.match(error.message, /has 1 with the id 01 already/);
  const count = () => [...token.module.objects.values()].filter((object) => object.has(CKA.CERTIFICATE_TYPE)).length;
  await importTokenCertificate(KEY, { ...options, others: "keep" });
  assert.is(count(), 2);
  const third = await testIdentity("third", { issuer: identity, keyPem: identity.keyPem });
  await importTokenCertificate(KEY, { ...options, certificate: third.certificate, others: "replace" });
  assert.is(count(), 1);
  assertClosed(token);
});

test("importTokenCertificate() refuses a certificate of another key, and a token that cannot be written", async () => {
  const token = new FakeToken();
  token.add(identity, { parts: ["private key"] });
  const options = { ...reached(token), certificate: other.certificate };
  await assertRejects(importTokenCertificate(KEY, options), "ERR_TOKEN_NO_KEY");
  token.module.script("C_CreateObject", 0xe2);
  const right = { ...options, certificate: identity.certificate };
  assert.match(
    (await assertRejects(importTokenCertificate(KEY, right), "ERR_TOKEN_READ_ONLY")).message,
    /write-protected/,
  );
  assertClosed(token);
  const fixed = new FakeToken({
    tokenFlags: CKF_TOKEN.LOGIN_REQUIRED | CKF_TOKEN.TOKEN_INITIALIZED | CKF_TOKEN.WRITE_PROTECTED,
  });
  fixed.add(identity, { parts: ["private key"] });
  await assertRejects(
    importTokenCertificate(KEY, { ...reached(fixed), certificate: identity.certificate }),
    "ERR_TOKEN_READ_ONLY",
  );
  assertClosed(fixed);
});

test("generateTokenKey() refuses what is there, what the token does not make, and a key without a name", async () => {
  const token = new FakeToken();
  token.add(identity);
  const options = { ...reached(token), key: { type: "ec", curve: "P-256" } as const };
  await assertRejects(generateTokenKey(KEY, options), "ERR_TOKEN_OBJECT_EXISTS");
  await assertRejects(generateTokenKey("pkcs11:object=new;id=%01?pin-value=1234", options), "ERR_TOKEN_OBJECT_EXISTS");
  const unable = await assertRejects(
    generateTokenKey("pkcs11:object=new?pin-value=1234", options),
    "ERR_TOKEN_KEY_UNSUPPORTED",
  );
  assert.match(unable.message, /does not make P-256 keys/);
  await generateTokenKey("pkcs11:?pin-value=1234", options).then(() => assert.unreachable(), (error) => {
    assert.match(error.message, /neither object nor id/);
  });
  await assertRejects(generateTokenKey("pkcs11:token=no;object=x", options), "ERR_TOKEN_NO_SLOT");
  assertClosed(token);
});

test("generateTokenKey() asks for a key that never leaves the token, and destroys one that proves nothing", async () => {
  const token = new FakeToken({ mechanisms: [0x0, 0x40, 0x1040, 0x1041] });
  const destroyed: (readonly number[] | undefined)[] = [];
  token.module.script("C_DestroyObject", ([, handle]) => {
    const object = token.module.objects.get(BigInt(handle!));
    const flags = [CKA.TOKEN, CKA.PRIVATE, CKA.SENSITIVE, CKA.EXTRACTABLE, CKA.SIGN, CKA.VERIFY];
    destroyed.push(flags.map((type) => (object?.get(type) as Uint8Array | undefined)?.[0] ?? -1));
    return undefined;
  });
  const options = { ...reached(token), key: { type: "ec", curve: "P-256" } as const };
  // The fake token makes no public key, so that the new one cannot be proven.
  await assertRejects(generateTokenKey("pkcs11:object=new?pin-value=1234", options), "ERR_TOKEN_PUBLIC_KEY");
  assert.equal(destroyed, [[1, 1, 1, 0, 1, -1], [1, -1, -1, -1, -1, 1]]);
  assert.is(token.module.objects.size, 0);
  assertClosed(token);
});

test.run();
