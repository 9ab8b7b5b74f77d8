// runtimes: node20 node deno bun
import { parseCertificateSelector } from "../../../core/selection/certificate-selector.ts";
import { listTokenCertificates, listTokens } from "../../../hsm-bridge/pkcs11/token-listing.ts";
import { FakeToken } from "../../support/fake-token.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { type TestIdentity, testIdentity } from "../../support/test-identity.ts";

const test = suite("hsm-bridge/pkcs11/token-listing");

let identity: TestIdentity, pq: TestIdentity;

test.before(async () => {
  identity = await testIdentity("listed");
  pq = await testIdentity("pq", { key: { type: "ml-dsa", parameterSet: "ML-DSA-44" } });
});

function reached({ module }: FakeToken) {
  return { module: module.path, foreign: module };
}

test("listTokens() shows a token, what is public on it, and no PIN", async () => {
  const token = new FakeToken();
  token.add(identity);
  token.add(pq, { label: undefined });
  const list = await listTokens(reached(token));
  assert.is(list.module, "fake.so");
  assert.is(list.info.libraryDescription, "fake module");
  const [only] = list.tokens;
  assert.is(only!.uri, "pkcs11:token=fake%20token;manufacturer=anyrole;serial=0001;model=fake");
  assert.is(only!.loginRequired, true);
  assert.is(only!.protectedAuthenticationPath, false);
  assert.is(only!.tries, undefined);
  assert.equal(only!.objects.map(({ type, keyType, label }) => [type, keyType, label]), [
    ["certificate", undefined, "label"],
    ["certificate", undefined, undefined],
    ["public key", "ec", "label"],
    ["public key", "ml-dsa", undefined],
  ]);
  assert.equal(only!.objects[2]!.publicKey!.spki, identity.certificate.spki);
  assert.equal(only!.objects[3]!.publicKey!.spki, pq.certificate.spki);
  assert.match(only!.objects[0]!.uri, /;object=label;id=%01;type=cert$/);
});

test("listTokens() shows private keys after a login, and those that the URI means", async () => {
  const token = new FakeToken();
  token.add(identity, { alwaysAuthenticate: true });
  const { tokens } = await listTokens({ ...reached(token), uri: "pkcs11:type=private?pin-value=1234" });
  assert.equal(tokens[0]!.objects.map(({ type, alwaysAuthenticate }) => [type, alwaysAuthenticate]), [
    ["private key", true],
  ]);
  assert.equal((await listTokens({ ...reached(token), uri: "pkcs11:token=other" })).tokens, []);
  const none = await listTokens({ ...reached(token), uri: "pkcs11:object=other" });
  assert.equal(none.tokens.map(({ objects }) => objects), [[]]);
  await assertRejects(listTokens({ ...reached(token), login: "log-in" }), "ERR_TOKEN_PIN_MISSING");
  assert.is(token.module.initialized, 0);
});

test("listTokens() says of a token whether it asks for a PIN, and whether on keys of its own", async () => {
  for (
    const [tokenFlags, asks, itself] of [[0x408, false, false], [0x40c, true, false], [0x50c, true, true]] as const
  ) {
    const [only] = (await listTokens(reached(new FakeToken({ tokenFlags })))).tokens;
    assert.equal([only!.loginRequired, only!.protectedAuthenticationPath], [asks, itself]);
  }
});

test("listTokens() lists a token that opens no session, with what it says instead", async () => {
  const token = new FakeToken();
  token.add(identity);
  token.module.script("C_OpenSession", () => 0xe1);
  for (const options of [{}, { login: "log-in" } as const]) {
    const [only] = (await listTokens({ ...reached(token), ...options })).tokens;
    assert.is(only!.refusal?.returnValueName, "CKR_TOKEN_NOT_RECOGNIZED");
    assert.equal(only!.objects, []);
  }
  assert.is(token.module.initialized, 0);
});

test("listTokens() says what wrong PINs have left", async () => {
  const token = new FakeToken({ pinTries: 3 });
  const tries: unknown[] = [];
  for (const pin of ["a", "b", "c"]) {
    await listTokens({ ...reached(token), uri: `pkcs11:?pin-value=${pin}` }).catch(() => undefined);
    token.module.wrongPins = tries.length + 1;
    tries.push((await listTokens(reached(token))).tokens[0]!.tries);
  }
  assert.equal(tries, ["low", "last", "none"]);
});

test("listTokenCertificates() answers certificates with their URIs, and none without an error", async () => {
  const token = new FakeToken();
  token.add(identity);
  token.add(pq, { label: "pq", privateCertificate: true });
  const all = await listTokenCertificates({ ...reached(token), uri: "pkcs11:" });
  assert.equal(all.map(({ certificate }) => certificate.serialNumberHex), [identity.certificate.serialNumberHex]);
  const selector = parseCertificateSelector("Key=x509Subject,Value=CN=nobody");
  assert.equal(await listTokenCertificates({ ...reached(token), uri: "pkcs11:", selector }), []);
  const hidden = await listTokenCertificates({ ...reached(token), uri: "pkcs11:object=pq?pin-value=1234" });
  assert.match(hidden[0]!.uri, /;object=pq;/);
  assert.equal(await listTokenCertificates({ ...reached(token), uri: "pkcs11:object=x?pin-value=1234" }), []);
  await assertRejects(listTokenCertificates({ ...reached(token), uri: "pkcs11:token=x" }), "ERR_TOKEN_NO_SLOT");
});

test("listTokens() and listTokenCertificates() refuse options that do not exist", async () => {
  for (
    const listed of [
      listTokens({ pins: 1 } as object),
      listTokenCertificates({ uri: "pkcs11:", login: "skip" } as never),
    ]
  ) {
    let caught: unknown;
    await listed.catch((error) => caught = error);
    assert.instance(caught, TypeError);
  }
});

test.run();
