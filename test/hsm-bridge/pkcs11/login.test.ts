// runtimes: node20 node deno bun
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { CKF_TOKEN } from "../../../hsm-bridge/pkcs11/constants.ts";
import { pkcs11Signer, type TokenOptions } from "../../../hsm-bridge/pkcs11/token-identity.ts";
import { answering, FakeToken, type FakeTokenEntry, tokenCrypto } from "../../support/fake-token.ts";
import type { FakeModuleOptions } from "../../support/fake-ffi.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { type TestIdentity, testIdentity } from "../../support/test-identity.ts";

const test = suite("hsm-bridge/pkcs11/login");

const crypto = tokenCrypto();
const URI = "pkcs11:token=fake%20token;object=label";
let identity: TestIdentity;

test.before(async () => {
  identity = await testIdentity("login");
});

function tokenWith(options: FakeModuleOptions = {}, entry: FakeTokenEntry = {}): FakeToken {
  const token = new FakeToken(options);
  token.add(identity, entry);
  return token;
}

function open(token: FakeToken, uri: string, options: Partial<TokenOptions> = {}) {
  return pkcs11Signer(uri, { module: token.module.path, foreign: token.module, crypto, ...options });
}

/** The PINs that the token saw until a signer was made, or was not. */
async function pinsOf(token: FakeToken, uri: string, options: Partial<TokenOptions> = {}) {
  const signer = await open(token, uri, options);
  await signer.close();
  assert.is(token.module.sessions.size, 0);
  return token.module.pins;
}

test("logIn() sends the PIN of the URI, or what its pin-source leads to", async () => {
  assert.equal(await pinsOf(tokenWith(), `${URI}?pin-value=1234`), ["1234"]);
  const sources: string[] = [];
  const readPinSource = (source: string) => {
    sources.push(source);
    return encodeUtf8("1234");
  };
  assert.equal(await pinsOf(tokenWith(), `${URI}?pin-source=file:/etc/pin`, { readPinSource }), ["1234"]);
  assert.equal(sources, ["file:/etc/pin"]);
  const error = await assertRejects(open(tokenWith(), `${URI}?pin-source=/etc/pin`), "ERR_TOKEN_PIN_SOURCE");
  assert.match(error.message, /names a "pin-source", and nothing here reads it/);
});

test("logIn() asks, and asks again when the PIN was wrong, three times at most", async () => {
  const person = answering("wrong", "1234");
  assert.equal(await pinsOf(tokenWith({ pinTries: 9 }), URI, { pin: person.pin }), ["wrong", "1234"]);
  assert.equal(person.requests.map(({ kind, attempt, tries, token }) => [kind, attempt, tries, token]), [
    ["user", 1, undefined, "fake token"],
    ["user", 2, "low", "fake token"],
  ]);
  assert.match(person.requests[0]!.uri, /^pkcs11:token=fake%20token;manufacturer=anyrole;serial=0001;model=fake$/);
  const wrong = answering("a", "b", "c", "1234");
  const token = tokenWith({ pinTries: 9 });
  await assertRejects(open(token, URI, { pin: wrong.pin }), "ERR_TOKEN_PIN_INCORRECT");
  assert.equal(token.module.pins, ["a", "b", "c"]);
  assert.is(token.module.sessions.size, 0);
});

test("logIn() tells who asks for the PIN a label that a terminal can show", async () => {
  const token = tokenWith();
  token.module.label = "evil\u001b[2J\nPIN:";
  const person = answering("1234");
  await pinsOf(token, "pkcs11:object=label", { pin: person.pin });
  assert.is(person.requests[0]!.token, "evil\\u{1b}[2J\\u{a}PIN:");
});

test("logIn() never sends a PIN again that was refused", async () => {
  const token = tokenWith({ pinTries: 9 });
  const same = answering("same", "same", "same");
  await assertRejects(open(token, URI, { pin: same.pin }), "ERR_TOKEN_PIN_INCORRECT");
  assert.equal(token.module.pins, ["same"]);
});

test("logIn() fails at once when the PIN of a URI is wrong, and asks nobody", async () => {
  const token = tokenWith({ pinTries: 9 });
  const person = answering("1234");
  const error = await assertRejects(
    open(token, `${URI}?pin-value=bad`, { pin: person.pin }),
    "ERR_TOKEN_PIN_INCORRECT",
  );
  assert.match(error.message, /refuses the PIN \(CKR_PIN_INCORRECT\); it locks after some more wrong PINs$/);
  assert.is(error.token, "fake token");
  assert.equal(person.requests, []);
});

test("logIn() warns before the last try, and does not risk the PIN of a URI with it", async () => {
  const token = tokenWith({ pinTries: 2 });
  const first = await assertRejects(open(token, `${URI}?pin-value=bad`), "ERR_TOKEN_PIN_INCORRECT");
  assert.match(first.message, /one more wrong PIN locks it/);
  await assertRejects(open(token, `${URI}?pin-value=bad`), "ERR_TOKEN_PIN_LAST_TRY");
  assert.equal(token.module.pins, ["bad"]);
  const person = answering("1234");
  await pinsOf(token, URI, { pin: person.pin });
  assert.is(person.requests[0]!.tries, "last");
  // The count begins anew.
  await pinsOf(token, `${URI}?pin-value=1234`);
});

test("logIn() says that a token is locked", async () => {
  const token = tokenWith({ pinTries: 2 });
  const person = answering("a", "b", "1234");
  const error = await assertRejects(open(token, URI, { pin: person.pin }), "ERR_TOKEN_PIN_LOCKED");
  assert.match(error.message, /is locked after too many wrong ones; its security officer can set a new one/);
  assert.equal(token.module.pins, ["a", "b"]);
  await assertRejects(open(token, `${URI}?pin-value=1234`), "ERR_TOKEN_PIN_LOCKED");
  assert.equal(token.module.pins, ["a", "b"]);
  // One that says so only when it is asked.
  const silent = tokenWith();
  silent.module.script("C_Login", 0xa4);
  await assertRejects(open(silent, `${URI}?pin-value=1234`), "ERR_TOKEN_PIN_LOCKED");
});

test("logIn() says that there is no PIN", async () => {
  const nobody = await assertRejects(open(tokenWith(), URI), "ERR_TOKEN_PIN_MISSING");
  assert.match(nobody.message, /no user PIN provided/);
  await assertRejects(open(tokenWith(), URI, { pin: answering().pin }), "ERR_TOKEN_PIN_MISSING");
});

test("logIn() leaves the PIN to a device that has a pad for it", async () => {
  const pad = CKF_TOKEN.LOGIN_REQUIRED | CKF_TOKEN.TOKEN_INITIALIZED | CKF_TOKEN.PROTECTED_AUTHENTICATION_PATH;
  const person = answering("1234");
  assert.equal(await pinsOf(tokenWith({ tokenFlags: pad }), URI, { pin: person.pin }), [undefined]);
  assert.equal(person.requests, []);
  const clumsy = tokenWith({ tokenFlags: pad });
  let mistakes = 1;
  clumsy.module.script("C_Login", () => mistakes-- > 0 ? 0xa0 : undefined);
  await pinsOf(clumsy, URI);
  const hopeless = tokenWith({ tokenFlags: pad });
  hopeless.module.script("C_Login", 0xa0);
  await assertRejects(open(hopeless, URI), "ERR_TOKEN_PIN_INCORRECT");
  assert.is(hopeless.module.calls.filter((name) => name === "C_Login").length, 3);
});

test("logIn() does nothing on a token that wants no login", async () => {
  const token = tokenWith({ tokenFlags: CKF_TOKEN.TOKEN_INITIALIZED });
  for (const object of token.module.objects.values()) object.delete(0x2);
  assert.equal(await pinsOf(token, URI), []);
});

test("logIn() passes on what else a token says", async () => {
  for (const returned of [0x5, 0x31, 0x102, 0x103, 0x104]) {
    const token = tokenWith();
    token.module.script("C_Login", returned);
    const error = await assertRejects(open(token, `${URI}?pin-value=1234`), "ERR_HSM_RETURN_VALUE");
    assert.is(error.returnValue, returned);
    assert.is(token.module.sessions.size, 0);
    assert.not(token.module.holds(encodeUtf8("1234")));
  }
});

test("authenticateKey() asks once for signatures at the same time, and remembers the PIN", async () => {
  const token = tokenWith({}, { alwaysAuthenticate: true });
  const person = answering("1234", "1234", "never asked for");
  const signer = await open(token, URI, { pin: person.pin });
  await Promise.all([1, 2, 3, 4].map((octet) => signer.sign(Uint8Array.of(octet))));
  await signer.sign(Uint8Array.of(5));
  assert.equal(person.requests.map(({ kind }) => kind), ["user", "context"]);
  assert.match(person.requests[1]!.uri, /;object=label;id=%01;type=private$/);
  await signer.close();
  assert.is(token.module.sessions.size, 0);
});

test("authenticateKey() takes the PIN of the login where that is wanted", async () => {
  const token = tokenWith({}, { alwaysAuthenticate: true });
  const signer = await open(token, `${URI}?pin-value=1234`, { reusePin: true });
  await signer.sign(Uint8Array.of(1));
  await signer.close();
  assert.equal(token.module.pins, ["1234", "1234"]);
  const without = await open(token, `${URI}?pin-value=1234`);
  const error = await assertRejects(() => without.sign(Uint8Array.of(1)), "ERR_TOKEN_PIN_MISSING");
  assert.match(error.message, /wants a PIN for each signature, and none is given/);
  await without.close();
});

test("authenticateKey() asks again when the PIN is wrong, and closes the session when there is none", async () => {
  const token = tokenWith({ pinTries: 9 }, { alwaysAuthenticate: true });
  const person = answering("1234", "wrong", "1234");
  const signer = await open(token, URI, { pin: person.pin });
  await signer.sign(Uint8Array.of(1));
  assert.equal(person.requests.map(({ kind, attempt }) => [kind, attempt]), [["user", 1], ["context", 1], [
    "context",
    2,
  ]]);
  await signer.close();
  const failing = await open(token, URI, { pin: answering("1234", "a", "b", "c").pin });
  const open_ = token.module.sessions.size;
  await assertRejects(() => failing.sign(Uint8Array.of(1)), "ERR_TOKEN_PIN_INCORRECT");
  assert.ok(token.module.sessions.size < open_, "the session with an operation half done is closed");
  await failing.close();
});

test("logIn() overwrites what a pin-source led to", async () => {
  const read = encodeUtf8("1234");
  await pinsOf(tokenWith(), `${URI}?pin-source=/etc/pin`, { readPinSource: () => read });
  assert.equal(read, new Uint8Array(4));
});

test("logIn() sends the PIN of a URI once, when it was right before and is not any more", async () => {
  const token = tokenWith({ pinTries: 9 });
  const signer = await open(token, `${URI}?pin-value=1234`);
  // Pulled, and put back with another PIN.
  token.module.pull();
  token.module.tokenPresent = true;
  token.module.pin = "4321";
  for (let i = 0; i < 3; i++) {
    await assertRejects(() => signer.sign(Uint8Array.of(1)), "ERR_TOKEN_PIN_INCORRECT");
  }
  assert.equal(token.module.pins, ["1234", "1234"]);
  await signer.close();
  assert.is(token.module.sessions.size, 0);
});

test("authenticateKey() tries a PIN that was right before once, however many signatures wait for it", async () => {
  const token = tokenWith({ pinTries: 9 }, { alwaysAuthenticate: true });
  const signer = await open(token, `${URI}?pin-value=1234`, { reusePin: true });
  await Promise.all([1, 2, 3, 4].map((octet) => signer.sign(Uint8Array.of(octet))));
  const before = token.module.pins.length;
  token.module.pin = "4321";
  const failures = await Promise.all(
    [1, 2, 3, 4, 5, 6, 7, 8].map((octet) =>
      assertRejects(() => signer.sign(Uint8Array.of(octet)), "ERR_TOKEN_PIN_INCORRECT")
    ),
  );
  assert.is(failures.length, 8);
  assert.equal(token.module.pins.slice(before), ["1234"]);
  await signer.close();
  assert.is(token.module.sessions.size, 0);
});

test("authenticateKey() takes the PIN of the URI also when somebody else has logged in", async () => {
  const token = tokenWith({}, { alwaysAuthenticate: true });
  const first = await open(token, `${URI}?pin-value=1234`);
  const second = await open(token, `${URI}?pin-value=1234`, { reusePin: true });
  await second.sign(Uint8Array.of(1));
  assert.equal(token.module.pins, ["1234", "1234"]);
  await first.close();
  await second.close();
});

test("authenticateKey() does not risk a PIN that nobody has proven with the last try", async () => {
  const token = tokenWith({ pinTries: 2 }, { alwaysAuthenticate: true });
  const first = await open(token, `${URI}?pin-value=1234`);
  const second = await open(token, `${URI}?pin-value=bad`, { reusePin: true });
  token.module.wrongPins = 1;
  await assertRejects(() => second.sign(Uint8Array.of(1)), "ERR_TOKEN_PIN_LAST_TRY");
  assert.equal(token.module.pins, ["1234"]);
  await first.close();
  await second.close();
});

test.run();
