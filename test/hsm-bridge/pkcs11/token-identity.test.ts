// runtimes: node20 node deno bun
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { verifySignature } from "../../../core/sign/verify-signature.ts";
import { parseCertificateSelector } from "../../../core/selection/certificate-selector.ts";
import { parsePkcs11Uri } from "../../../hsm-bridge/pkcs11/pkcs11-uri-parsing.ts";
import {
  type Pkcs11Identity,
  pkcs11Identity,
  type Pkcs11IdentityOptions,
  pkcs11Signer,
  type TokenOptions,
} from "../../../hsm-bridge/pkcs11/token-identity.ts";
import { answering, FakeToken, tokenCrypto } from "../../support/fake-token.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { type TestIdentity, testIdentity } from "../../support/test-identity.ts";

const test = suite("hsm-bridge/pkcs11/token-identity");

const crypto = tokenCrypto();
const MESSAGE = encodeUtf8("a message");
let root: TestIdentity, intermediate: TestIdentity;
let rsa: TestIdentity, ec: TestIdentity, other: TestIdentity;

test.before(async () => {
  root = await testIdentity("token root");
  intermediate = await testIdentity("token intermediate", { issuer: root, kind: "ca" });
  rsa = await testIdentity("rsa", { issuer: intermediate, key: { type: "rsa", bits: 2048 } });
  ec = await testIdentity("ec", { issuer: intermediate });
  other = await testIdentity("other", { issuer: intermediate });
});

function source(token: FakeToken, options: Partial<Pkcs11IdentityOptions> = {}): Pkcs11Identity {
  return pkcs11Identity({
    module: token.module.path,
    foreign: token.module,
    crypto,
    certificate: "pkcs11:token=fake%20token;object=label?pin-value=1234",
    ...options,
  });
}

function reached(token: FakeToken, options: Partial<TokenOptions> = {}): TokenOptions {
  return { module: token.module.path, foreign: token.module, crypto, ...options };
}

/** Checks that the identity is refused, and that nothing is left open. */
async function refuses(token: FakeToken, code: string, options: Partial<Pkcs11IdentityOptions> = {}) {
  const from = source(token, options);
  const error = await assertRejects(from.identity(), code);
  await from.close();
  assert.is(token.module.sessions.size, 0);
  assert.is(token.module.initialized, 0);
  return error;
}

async function assertSigns(token: FakeToken, identity: TestIdentity, options: Partial<Pkcs11IdentityOptions> = {}) {
  const from = source(token, options);
  const found = await from.identity();
  assert.equal(found.certificate.der, identity.certificate.der);
  const signature = await found.signer.sign(MESSAGE);
  const { publicKey } = identity.certificate;
  assert.ok(await verifySignature(crypto, found.signer.algorithm, publicKey, MESSAGE, signature));
  await from.close();
  assert.is(token.module.sessions.size, 0);
  assert.is(token.module.initialized, 0);
  assert.is(token.module.libraries, 0);
  assert.equal(token.module.violations, []);
  return found;
}

test("pkcs11Identity() finds certificate and key by label, and signs with RSA and ECDSA", async () => {
  for (const identity of [rsa, ec]) {
    const token = new FakeToken();
    token.add(identity);
    await assertSigns(token, identity);
  }
});

test("pkcs11Identity() signs with P-384, P-521 and ML-DSA keys", async () => {
  for (
    const key of [
      { type: "ec", curve: "P-384" },
      { type: "ec", curve: "P-521" },
      { type: "ml-dsa", parameterSet: "ML-DSA-44" },
    ] as const
  ) {
    const identity = await testIdentity(JSON.stringify(key), { issuer: intermediate, key });
    const token = new FakeToken();
    token.add(identity);
    await assertSigns(token, identity);
  }
});

test("pkcs11Identity() reaches a token with the layout of Windows, and one that is called on this thread", async () => {
  for (const options of [{ platform: "windows" }, { asynchronous: false }] as const) {
    const token = new FakeToken(options);
    token.add(ec);
    await assertSigns(token, ec);
  }
});

test("pkcs11Identity() answers the same identity until the certificate on the token is another", async () => {
  const token = new FakeToken();
  const { certificate } = token.add(ec, { id: Uint8Array.of(9) });
  const from = source(token);
  const first = await from.identity();
  assert.is(await from.identity(), first);
  token.module.objects.delete(certificate);
  const renewed = await testIdentity("renewed", { issuer: root, keyPem: ec.keyPem });
  token.add(renewed, { id: Uint8Array.of(9), parts: ["certificate"] });
  const second = await from.identity();
  assert.equal(second.certificate.der, renewed.certificate.der);
  await from.close();
});

test("pkcs11Identity() finds the key of NSS, which has no label, by the certificate's id", async () => {
  const token = new FakeToken();
  token.add(other, { keyLabel: undefined });
  token.add(ec, { label: "mine", keyLabel: undefined });
  await assertSigns(token, ec, { certificate: "pkcs11:object=mine?pin-value=1234" });
  // The same where the key has a URI of its own.
  await assertSigns(token, ec, { certificate: ec.certificatePem, privateKey: "pkcs11:object=mine?pin-value=1234" });
});

test("pkcs11Identity() tells keys of one label apart by what they sign", async () => {
  const token = new FakeToken();
  const id = Uint8Array.of(7);
  token.add(other, { id, parts: ["private key"] });
  token.add(rsa, { id, parts: ["private key"], showsModulus: false });
  token.add(ec, { id });
  await assertSigns(token, ec);
});

test("pkcs11Identity() takes the certificate from a file, and the chain beside it", async () => {
  const token = new FakeToken();
  token.add(other, { label: "other" });
  token.add(ec, { parts: ["private key"] });
  const found = await assertSigns(token, ec, {
    certificate: ec.certificatePem + intermediate.certificatePem,
    privateKey: "pkcs11:object=label?pin-value=1234",
  });
  assert.equal(found.chain.map(({ der }) => der), [intermediate.certificate.der]);
});

test("pkcs11Identity() sends the real issuers on the token as chain, and neither leaf, root nor strangers", async () => {
  const token = new FakeToken();
  token.add(ec);
  const impostor = await testIdentity("token intermediate", { kind: "ca" });
  for (const [label, each] of [["root", root], ["im", impostor], ["other", other], ["int", intermediate]] as const) {
    token.add(each, { label, parts: ["certificate"] });
  }
  const found = await assertSigns(token, ec);
  assert.equal(found.chain.map(({ der }) => der), [intermediate.certificate.der]);
  const without = await assertSigns(token, ec, { intermediates: [] });
  assert.equal(without.chain, []);
});

test("pkcs11Identity() refuses several certificates, unless a selector or the expiry chooses", async () => {
  const token = new FakeToken();
  const late = await testIdentity("late", { issuer: root, serialNumber: 0xabcn, notAfter: Date.UTC(2250, 0, 1) });
  token.add(ec);
  token.add(late);
  const error = await refuses(token, "ERR_TOKEN_SEVERAL_CERTIFICATES");
  assert.match(error.message, /multiple matching certificates: 2 fit pkcs11:token=fake%20token;object=label/);
  await assertSigns(token, late, { several: "latest-expiring" });
  await assertSigns(token, ec, { selector: parseCertificateSelector("Key=x509Subject,Value=CN=ec") });
  const selector = parseCertificateSelector("Key=x509Serial,Value=01");
  await refuses(token, "ERR_SELECTION_NONE", { selector });
  await refuses(token, "ERR_SELECTION_NONE", {
    selector: parseCertificateSelector("Key=x509Serial,Value=0123456789ab Key=x509Issuer,Value=CN=x"),
  });
});

test("pkcs11Identity() counts a certificate once that is there twice", async () => {
  const token = new FakeToken();
  token.add(ec);
  token.add(ec, { parts: ["certificate"] });
  await assertSigns(token, ec);
});

test("pkcs11Identity() logs in to see a private certificate", async () => {
  const token = new FakeToken();
  token.add(ec, { privateCertificate: true });
  await assertSigns(token, ec);
  const error = await refuses(token, "ERR_TOKEN_PIN_MISSING", { certificate: "pkcs11:object=label" });
  assert.match(error.message, /no user PIN provided/);
});

test("pkcs11Identity() says what it does not find", async () => {
  const token = new FakeToken();
  token.add(ec, { parts: ["certificate"] });
  const none = await refuses(token, "ERR_TOKEN_NO_CERTIFICATE", {
    certificate: "pkcs11:object=nothing?pin-value=1234",
  });
  assert.match(none.message, /no matching certificates: none on token "fake token" fits pkcs11:object=nothing$/);
  const slot = await refuses(token, "ERR_TOKEN_NO_SLOT", { certificate: "pkcs11:token=another" });
  assert.match(slot.message, /no matching slots/);
  assert.match((await refuses(token, "ERR_TOKEN_NO_KEY")).message, /no private key fits/);
  token.add(other, { parts: ["private key"], id: Uint8Array.of(1) });
  const unmatched = await refuses(token, "ERR_TOKEN_NO_KEY");
  assert.match(unmatched.message, /unable to find matching private key/);
});

test("pkcs11Identity() takes slot-id 0 for a slot, and library attributes for the module's", async () => {
  const token = new FakeToken();
  token.add(ec);
  const at = token.module.slots[0]!;
  await assertSigns(token, ec, { certificate: `pkcs11:slot-id=${at}?pin-value=1234` });
  await refuses(token, "ERR_TOKEN_NO_SLOT", { certificate: "pkcs11:slot-id=0?pin-value=1234" });
  token.module.slots = [0n];
  await assertSigns(token, ec, { certificate: "pkcs11:slot-id=0?pin-value=1234" });
  await assertSigns(token, ec, {
    certificate: "pkcs11:library-manufacturer=anyrole;library-version=1.7;slot-description=slot%200?pin-value=1234",
  });
  await refuses(token, "ERR_TOKEN_NO_SLOT", { certificate: "pkcs11:library-version=1.8?pin-value=1234" });
});

test("pkcs11Identity() asks once for a PIN, and opens the token again with it when it was pulled", async () => {
  const token = new FakeToken();
  token.add(ec);
  const person = answering("1234");
  const from = source(token, { certificate: "pkcs11:object=label", pin: person.pin });
  const { signer } = await from.identity();
  token.module.pull();
  const gone = await assertRejects(() => signer.sign(MESSAGE), "ERR_TOKEN_REMOVED");
  assert.match(gone.message, /plug it in again/);
  token.module.tokenPresent = true;
  for (let i = 0; i < 2; i++) {
    token.module.pull();
    token.module.tokenPresent = true;
    const signatures = await Promise.all(Array.from({ length: 12 }, () => signer.sign(MESSAGE)));
    for (const signature of signatures) {
      assert.ok(await verifySignature(crypto, signer.algorithm, ec.certificate.publicKey, MESSAGE, signature));
    }
  }
  assert.is(person.requests.length, 1);
  assert.equal(token.module.violations, []);
  await from.close();
  assert.is(token.module.sessions.size, 0);
});

test("pkcs11Identity() lets 64 signatures at once share eight sessions", async () => {
  const token = new FakeToken();
  token.add(ec);
  const from = source(token);
  const { signer } = await from.identity();
  const signatures = await Promise.all(Array.from({ length: 64 }, (_, i) => signer.sign(Uint8Array.of(i))));
  for (const [i, signature] of signatures.entries()) {
    const { publicKey } = ec.certificate;
    assert.ok(await verifySignature(crypto, signer.algorithm, publicKey, Uint8Array.of(i), signature));
  }
  assert.ok(token.module.sessions.size <= 9, "eight, and the one that keeps the login");
  assert.equal(token.module.violations, []);
  await from.close();
  assert.is(token.module.sessions.size, 0);
});

test("pkcs11Identity() closes the session of a signature that failed, whatever the token says", async () => {
  const token = new FakeToken();
  token.add(ec);
  const from = source(token);
  const { signer } = await from.identity();
  await signer.sign(MESSAGE);
  const open = token.module.sessions.size;
  for (const returned of [0x2, 0x5, 0x6, 0x21, 0x31, 0x54, 0x63, 0x68, 0x70, 0x71, 0x90, 0x91, 0x200, 0x80000001]) {
    for (const name of ["C_SignInit", "C_Sign"]) {
      token.module.script(name, returned);
      const error = await assertRejects(() => signer.sign(MESSAGE), "ERR_HSM_RETURN_VALUE");
      assert.is(error.returnValue, returned);
      token.module.unscript(name);
      assert.ok(token.module.sessions.size <= open);
      await signer.sign(MESSAGE);
    }
  }
  for (const returned of [0x30, 0x32, 0x60, 0x82, 0xb0, 0xb3, 0xe0, 0xe1, 0x101]) {
    let failures = 1;
    token.module.script("C_Sign", () => failures-- > 0 ? returned : undefined);
    await signer.sign(MESSAGE);
    token.module.unscript("C_Sign");
  }
  await from.close();
  assert.is(token.module.sessions.size, 0);
});

test("pkcs11Identity() opens nothing before it is asked, and nothing after it is closed", async () => {
  const token = new FakeToken();
  const from = source(token);
  assert.is(token.module.libraries, 0);
  await from.close();
  await from.close();
  let caught: unknown;
  await from.identity().catch((error) => caught = error);
  assert.instance(caught, TypeError);
});

test("pkcs11Identity() refuses options that do not fit", () => {
  const token = new FakeToken();
  assert.throws(() => source(token, { reusePIN: true } as object), /no option "reusePIN"/);
  assert.throws(() => source(token, { certificate: ec.certificatePem }), /neither "certificate" nor "privateKey"/);
  assert.throws(() => source(token, { privateKey: "/etc/key.pem" }), /"privateKey" is no PKCS#11 URI/);
  assert.throws(() => source(token, { certificate: "pkcs11:object" }), /Cannot read PKCS#11 URI/);
});

test("pkcs11Signer() finds the one key and its public key", async () => {
  for (const identity of [rsa, ec]) {
    const token = new FakeToken();
    token.add(identity, { parts: ["private key", "public key"] });
    const signer = await pkcs11Signer("pkcs11:object=label?pin-value=1234", reached(token));
    assert.equal(signer.publicKey, identity.certificate.spki);
    const signature = await signer.sign(MESSAGE);
    const { publicKey } = identity.certificate;
    assert.ok(await verifySignature(crypto, signer.algorithm, publicKey, MESSAGE, signature));
    await signer.close();
    assert.is(token.module.initialized, 0);
  }
});

test("pkcs11Signer() takes the public key from a certificate beside the key", async () => {
  const token = new FakeToken();
  token.add(ec, { parts: ["certificate", "private key"] });
  const signer = await pkcs11Signer(parsePkcs11Uri("pkcs11:object=label?pin-value=1234"), reached(token));
  assert.equal(signer.publicKey, ec.certificate.spki);
  await signer.close();
});

test("pkcs11Signer() refuses several keys, and a key that does not show its public one", async () => {
  const token = new FakeToken();
  token.add(ec, { parts: ["private key"] });
  const uri = "pkcs11:object=label?pin-value=1234";
  await assertRejects(pkcs11Signer(uri, reached(token)), "ERR_TOKEN_PUBLIC_KEY");
  token.add(rsa, { parts: ["private key"] });
  const error = await assertRejects(pkcs11Signer(uri, reached(token)), "ERR_TOKEN_SEVERAL_KEYS");
  assert.match(error.message, /multiple matching private keys, but no certificate provided to match with/);
  await assertRejects(pkcs11Signer("pkcs11:object=x?pin-value=1234", reached(token)), "ERR_TOKEN_NO_KEY");
  assert.is(token.module.initialized, 0);
});

test("pkcs11Signer() shows the PIN nowhere", async () => {
  const token = new FakeToken({ pin: "canary-3141" });
  token.add(ec);
  const signer = await pkcs11Signer("pkcs11:object=label?pin-value=canary-3141", reached(token));
  assert.not(JSON.stringify({ ...signer }).includes("canary"));
  await signer.close();
  assert.not(token.module.holds(encodeUtf8("canary-3141")));
  const wrong = "pkcs11:object=label?pin-value=canary-wrong";
  const error = await assertRejects(pkcs11Signer(wrong, reached(token)), "ERR_TOKEN_PIN_INCORRECT");
  const shown = `${error.message} ${(error as unknown as Error).stack} ${JSON.stringify({ ...error })}`;
  assert.not(shown.includes("canary"), shown);
  assert.not(token.module.holds(encodeUtf8("canary-wrong")));
});

test("pkcs11Identity() signs again at once for many, when a token is back for a module that is opened anew", async () => {
  const token = new FakeToken();
  token.add(ec);
  const from = source(token, { maxSessions: 3 });
  const { signer } = await from.identity();
  for (let round = 0; round < 4; round++) {
    // Pulled while some are at work; seen again by a module that was finalised.
    let left = 3 * round;
    token.module.script("C_Sign", () => {
      if (left-- === 0) token.module.pull();
      return undefined;
    });
    token.module.script("C_Finalize", () => {
      token.module.tokenPresent = true;
      return undefined;
    });
    const outcomes = await Promise.allSettled(Array.from({ length: 24 }, () => signer.sign(MESSAGE)));
    const failures = outcomes.flatMap((outcome) => outcome.status === "rejected" ? [String(outcome.reason)] : []);
    assert.equal(failures, [], `round ${round}`);
  }
  assert.equal(token.module.violations, []);
  await from.close();
  assert.is(token.module.sessions.size, 0);
  assert.is(token.module.initialized, 0);
  assert.is(token.module.libraries, 0);
});

test("pkcs11Identity() signs for two, when others have finalised the module below both", async () => {
  const token = new FakeToken();
  token.add(ec);
  const first = source(token);
  const second = source(token);
  const signers = [(await first.identity()).signer, (await second.identity()).signer];
  for (let round = 0; round < 2; round++) {
    token.module.initialized = 0;
    token.module.sessions.clear();
    token.module.loggedIn = false;
    for (const signer of signers) await signer.sign(MESSAGE);
  }
  await first.close();
  await second.close();
  assert.is(token.module.libraries, 0);
  assert.is(token.module.initialized, 0);
});

test("pkcs11Identity() is closed wholly, also when sessions cannot be closed", async () => {
  const token = new FakeToken({ pin: "canary-3141" });
  token.add(ec);
  const from = source(token, { certificate: "pkcs11:object=label?pin-value=canary-3141" });
  const { signer } = await from.identity();
  await Promise.all([1, 2, 3].map(() => signer.sign(MESSAGE)));
  token.module.script("C_CloseSession", 0x5);
  await from.close();
  assert.is(token.module.initialized, 0);
  assert.is(token.module.libraries, 0);
  assert.not(token.module.holds(encodeUtf8("canary-3141")));
});

test("pkcs11Identity() ends well when it is closed while many signatures are under way", async () => {
  const token = new FakeToken();
  token.add(ec);
  const from = source(token, { maxSessions: 2 });
  const { signer } = await from.identity();
  const signatures = Promise.allSettled(Array.from({ length: 16 }, () => signer.sign(MESSAGE)));
  for (let i = 0; i < 20; i++) await Promise.resolve();
  await Promise.all([from.close(), from.close()]);
  for (const outcome of await signatures) {
    if (outcome.status === "rejected") assert.match(String(outcome.reason), /was closed/);
  }
  assert.is(token.module.sessions.size, 0);
  assert.is(token.module.initialized, 0);
  assert.equal(token.module.violations, []);
});

test("pkcs11Identity() compares library attributes that are empty, too", async () => {
  const token = new FakeToken();
  token.add(ec);
  await refuses(token, "ERR_TOKEN_NO_SLOT", { certificate: "pkcs11:library-manufacturer=?pin-value=1234" });
  await refuses(token, "ERR_TOKEN_NO_SLOT", {
    certificate: "pkcs11:library-description=;library-version=1.8?pin-value=1234",
  });
});

test("pkcs11Identity() reads a key whose CKA_PUBLIC_KEY_INFO is nonsense by its other attributes", async () => {
  const token = new FakeToken();
  const { key } = token.add(rsa, { parts: ["private key"] });
  token.module.objects.get(key)!.set(0x129, Uint8Array.of(0x30, 0x03, 1, 2, 3));
  const signer = await pkcs11Signer("pkcs11:object=label?pin-value=1234", reached(token));
  assert.equal(signer.publicKey, rsa.certificate.spki);
  await signer.close();
});

test.run();
