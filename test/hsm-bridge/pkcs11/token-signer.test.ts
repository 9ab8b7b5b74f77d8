// runtimes: node20 node deno bun
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { verifySignature } from "../../../core/sign/verify-signature.ts";
import { pkcs11Signer, type TokenOptions } from "../../../hsm-bridge/pkcs11/token-identity.ts";
import { FakeToken, tokenCrypto } from "../../support/fake-token.ts";
import { assert, suite } from "../../support/suite.ts";
import { type TestIdentity, testIdentity } from "../../support/test-identity.ts";

const test = suite("hsm-bridge/pkcs11/token-signer");

const crypto = tokenCrypto();
const MESSAGE = encodeUtf8("a message");
const URI = "pkcs11:token=fake%20token;object=label?pin-value=canary-1234";
let identity: TestIdentity;

test.before(async () => {
  identity = await testIdentity("token signer");
});

async function open(alwaysAuthenticate: boolean, options: Partial<TokenOptions> = {}) {
  const token = new FakeToken({ pin: "canary-1234", pinTries: 1_000_000 });
  token.add(identity, { alwaysAuthenticate });
  const { module } = token;
  const signer = await pkcs11Signer(URI, { module: module.path, foreign: module, crypto, ...options });
  return { module, signer };
}

test.slow("TokenSigner leaves handles and memory as they are over 10,000 signatures", 180_000, async () => {
  for (const [count, alwaysAuthenticate] of [[9_000, false], [1_000, true]] as const) {
    const { module, signer } = await open(alwaysAuthenticate, { reusePin: true });
    // Eight at a time, which is the number of sessions.
    const many = async (signatures: number): Promise<void> => {
      for (let i = 0; i < signatures; i += 8) {
        await Promise.all(Array.from({ length: 8 }, () => signer.sign(MESSAGE)));
      }
    };
    await many(64);
    const { allocations } = module;
    const { size } = module.sessions;
    await many(count);
    assert.is(module.allocations, allocations, "native memory");
    assert.is(module.sessions.size, size, "sessions");
    const signature = await signer.sign(MESSAGE);
    assert.ok(await verifySignature(crypto, signer.algorithm, identity.certificate.publicKey, MESSAGE, signature));
    await signer.close();
    assert.is(module.sessions.size, 0);
    assert.is(module.initialized, 0);
    assert.is(module.libraries, 0);
    assert.equal(module.violations, []);
    assert.not(module.holds(encodeUtf8("canary-1234")));
  }
});

test("TokenSigner leaves handles and memory as they are over 1,000 failures, and signs then", async () => {
  const { module, signer } = await open(false);
  await Promise.all(Array.from({ length: 64 }, () => signer.sign(MESSAGE)));
  const most = module.sessions.size;
  const before = module.allocations;
  const coded = /^ERR_(?:HSM|TOKEN)_/;
  let failures = 0;
  for (let round = 0; failures < 1_000; round++) {
    const returned = RETURN_VALUES[round % RETURN_VALUES.length]!;
    for (const name of ["C_SignInit", "C_Sign", "C_CloseSession", "C_OpenSession"]) {
      module.script(name, returned);
      // What cannot be closed or opened is met when something else has failed.
      if (name === "C_CloseSession" || name === "C_OpenSession") module.script("C_Sign", 0x6);
      const outcomes = await Promise.allSettled(Array.from({ length: 3 }, () => signer.sign(MESSAGE)));
      module.unscript(name);
      module.unscript("C_Sign");
      for (const outcome of outcomes) {
        if (outcome.status === "fulfilled") continue;
        failures++;
        assert.match(String(outcome.reason.code), coded);
      }
      // A session that the token does not close stays open there: nothing can be done about it here.
      if (name === "C_CloseSession") {
        for (const session of [...module.sessions.keys()].slice(1)) module.sessions.delete(session);
      }
      assert.ok(module.sessions.size <= most, `${module.sessions.size} sessions`);
    }
    await signer.sign(MESSAGE);
  }
  // A module that is opened anew has memory of its own; what it had goes with the one before.
  const opened = module.calls.filter((name) => name === "C_Initialize").length;
  const pieces = module.allocations - before;
  assert.ok(pieces <= 8 * opened, `${pieces} pieces of native memory for ${opened} times that the module was opened`);
  await signer.close();
  assert.is(module.sessions.size, 0);
  assert.is(module.initialized, 0);
  assert.is(module.libraries, 0);
  assert.equal(module.violations, []);
  assert.not(module.holds(encodeUtf8("canary-1234")));
});

test("TokenSigner makes 64 signatures at once, of a key that asks for the PIN each time as well", async () => {
  const { module, signer } = await open(true, { reusePin: true });
  const signatures = await Promise.all(Array.from({ length: 64 }, (_, i) => signer.sign(Uint8Array.of(i))));
  for (const [i, signature] of signatures.entries()) {
    const { publicKey } = identity.certificate;
    assert.ok(await verifySignature(crypto, signer.algorithm, publicKey, Uint8Array.of(i), signature));
  }
  assert.ok(module.sessions.size <= 9);
  assert.equal(module.violations, []);
  await signer.close();
  assert.is(module.sessions.size, 0);
});

/** Return values of every kind, losses of the session, the token and the module among them. */
const RETURN_VALUES: readonly number[] = [
  ...[0x2, 0x5, 0x6, 0x7, 0x20, 0x21, 0x30, 0x31, 0x32, 0x50, 0x54, 0x60, 0x62, 0x63, 0x68, 0x70, 0x71, 0x82, 0x90],
  ...[0x91, 0xa0, 0xa4, 0xb0, 0xb1, 0xb3, 0xe0, 0xe1, 0x101, 0x150, 0x190, 0x200, 0x201, 0x208, 0x8000_0001],
];

test.run();
