// runtimes: node20 node deno bun
import { createPublicKey, verify } from "node:crypto";
import type { Bytes } from "../../../core/bytes/bytes.ts";
import { encodeHex } from "../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { ECDSA_SHA384, RSA_PKCS1_SHA256 } from "../../../core/crypto/signature-algorithm.ts";
import type { Signer } from "../../../core/crypto/signer.ts";
import { webCryptoProvider } from "../../../core/crypto/webcrypto-provider.ts";
import { issueCertificateRequest } from "../../../core/issue/certificate-request.ts";
import { verifySignature } from "../../../core/sign/verify-signature.ts";
import { parseCertificateRequest } from "../../../core/x509/certificate-request.ts";
import { createTpmKey, evictTpmKey, persistTpmKey } from "../../../hsm-bridge/tpm/create-key.ts";
import { encodeTpmKeyFile, parseTpmKeyFile } from "../../../hsm-bridge/tpm/key-file.ts";
import type { TpmPasswordRequest } from "../../../hsm-bridge/tpm/key-password.ts";
import { openTpm, type Tpm } from "../../../hsm-bridge/tpm/tpm.ts";
import { type TpmSigner, tpmSigner, type TpmSignerOptions } from "../../../hsm-bridge/tpm/tpm-signer.ts";
import { FAKE_KEY, FakeTpm, type FakeTpmOptions } from "../../support/fake-tpm.ts";
import { addSignerTests } from "../../support/signer-conformance.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/tpm/tpm-signer");

const MESSAGE = encodeUtf8("message");
const PASSWORD = encodeUtf8("canary-password");
const EC = { type: "ec", curve: "P-256" } as const;

async function bench(options: FakeTpmOptions = {}): Promise<{ readonly fake: FakeTpm; readonly tpm: Tpm }> {
  const fake = new FakeTpm(options);
  const tpm = await openTpm({ device: fake.transport, sleep: () => Promise.resolve() });
  return { fake, tpm };
}

async function signerOf(tpm: Tpm, options: Partial<TpmSignerOptions> = {}): Promise<TpmSigner> {
  return await tpmSigner({ tpm, key: FAKE_KEY, ...options });
}

function isRight({ publicKey }: Signer, signature: Bytes, message: Bytes = MESSAGE): boolean {
  const key = createPublicKey({ key: Buffer.from(publicKey), format: "der", type: "spki" });
  return verify("sha256", message, key, signature);
}

/** Until what waits for an idle moment has had it. */
async function idle(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** What a TPM2_StartAuthSession sends its key: behind the header, two handles and the nonce. */
function saltOf(command: Bytes): string {
  return encodeHex(command.subarray(52, 122));
}

/** Whether the octets were on the bus. */
function wasSeen(fake: FakeTpm, octets: Bytes): boolean {
  return fake.bus.some((message) => encodeHex(message).includes(encodeHex(octets)));
}

addSignerTests(test, "a key at a handle", async () => {
  const { tpm } = await bench();
  return { signer: await signerOf(tpm) };
});

addSignerTests(test, "a key file with a password", async () => {
  const { tpm } = await bench();
  const { pem, publicKey } = await createTpmKey({ tpm, type: EC, password: PASSWORD });
  return { signer: await signerOf(tpm, { key: pem, password: PASSWORD }), publicKey };
});

test("tpmSigner() leaves nothing in the TPM and nothing open", async () => {
  const { fake, tpm } = await bench();
  const { pem } = await createTpmKey({ tpm, type: EC });
  for (const key of [FAKE_KEY, pem]) {
    const signer = await signerOf(tpm, { key });
    for (let i = 0; i < 50; i++) assert.ok(isRight(signer, await signer.sign(MESSAGE)));
    await signer.close();
  }
  assert.is(fake.left, 0);
  assert.is(fake.open, 0);
});

test("tpmSigner() salts each session anew, also where the salt was made ahead", async () => {
  const { fake, tpm } = await bench();
  const { pem } = await createTpmKey({ tpm, type: EC, pcrs: { hash: "SHA-256", registers: [7] } });
  const salts = () => fake.bus.filter((_, i) => i % 2 === 0 && fake.codes[i / 2] === 0x176).map(saltOf);
  for (const key of [FAKE_KEY, pem]) {
    const signer = await signerOf(tpm, { key });
    for (let i = 0; i < 4; i++) {
      assert.ok(isRight(signer, await signer.sign(MESSAGE)));
      await idle();
    }
    const together = await Promise.all([signer.sign(MESSAGE), signer.sign(MESSAGE), signer.sign(MESSAGE)]);
    for (const signature of together) assert.ok(isRight(signer, signature));
    await signer.close();
  }
  // One for making the key, seven for the key at the handle, two for each signature with the policy of the other.
  assert.is(salts().length, 1 + 7 + 2 * 7);
  assert.is(new Set(salts()).size, salts().length);
});

test("tpmSigner() makes no salt ahead for a key whose signer was closed", async () => {
  const { fake, tpm } = await bench();
  const signer = await signerOf(tpm);
  const signature = signer.sign(MESSAGE);
  const closed = signer.close();
  assert.ok(isRight(signer, await signature));
  await closed;
  await idle();
  assert.is(fake.left, 0);
  await assertRejects(() => signer.sign(MESSAGE), "ERR_TPM_CONNECTION");
});

test("tpmSigner() shows no password on the bus, in sessions, new keys and hierarchies", async () => {
  const owner = encodeUtf8("canary-owner");
  const { fake, tpm } = await bench({ password: "canary-password", ownerPassword: "canary-owner" });
  const signer = await signerOf(tpm, { password: PASSWORD });
  assert.ok(isRight(signer, await signer.sign(MESSAGE)));
  const { pem } = await createTpmKey({ tpm, type: EC, password: PASSWORD, parentPassword: owner });
  const second = await signerOf(tpm, { key: pem, password: PASSWORD, parentPassword: owner });
  assert.ok(isRight(second, await second.sign(MESSAGE)));
  await persistTpmKey({ tpm, key: pem, handle: 0x81020000, parentPassword: owner, ownerPassword: owner });
  const third = await signerOf(tpm, { key: "handle:0x81020000", password: PASSWORD });
  assert.ok(isRight(third, await third.sign(MESSAGE)));
  await evictTpmKey({ tpm, handle: 0x81020000, ownerPassword: owner });
  assert.not(fake.persistent.has(0x81020000));
  assert.is(fake.left, 0);
  // The fake hides nothing in private parts: what it answers and is given back is left out.
  const commands = new Set([0x15d, 0x131, 0x153, 0x120, 0x176]);
  const sent = fake.bus.filter((_, i) => i % 2 === 0 && commands.has(fake.codes[i / 2]!));
  assert.ok(sent.length > 8);
  for (const octets of sent) {
    assert.not(encodeHex(octets).includes(encodeHex(PASSWORD)));
    assert.not(encodeHex(octets).includes(encodeHex(owner)));
  }
});

test("tpmSigner() salts sessions with a key of the null hierarchy where the shared one is missing", async () => {
  const { fake, tpm } = await bench({ shared: false, password: "canary-password" });
  const signer = await signerOf(tpm, { password: PASSWORD });
  assert.ok(isRight(signer, await signer.sign(MESSAGE)));
  assert.ok(fake.codes.includes(0x131));
  assert.not(wasSeen(fake, PASSWORD));
  assert.is(fake.left, 0);
});

test("tpmSigner() refuses an answer whose code is wrong, whichever octet was changed", async () => {
  const { fake, tpm } = await bench();
  const signer = await signerOf(tpm);
  await signer.sign(MESSAGE);
  let refused = 0;
  // A response of TPM2_Sign has 155 octets; the first ten are the header, which no code covers.
  for (let octet = 10; octet < 155; octet += 5) {
    fake.change = (response, code) => {
      if (code !== 0x15d) return response;
      assert.is(response.length, 155);
      const changed = response.slice();
      changed[octet]! ^= 1;
      return changed;
    };
    try {
      await signer.sign(MESSAGE);
    } catch (error) {
      const { code } = error as { readonly code: string };
      assert.ok(["ERR_TPM_RESPONSE_HMAC", "ERR_TPM_RESPONSE"].includes(code), String(error));
      refused++;
      continue;
    }
    assert.unreachable(`octet ${octet} was changed`);
  }
  assert.ok(refused > 20);
  fake.change = (response) => response;
  // The session that the TPM ended is flushed in vain, and everything else is gone.
  assert.is(fake.left, 0);
  assert.ok(isRight(signer, await signer.sign(MESSAGE)));
});

test("tpmSigner() refuses answers that are cut off anywhere, and leaves nothing", async () => {
  const { fake, tpm } = await bench();
  const { pem } = await createTpmKey({ tpm, type: EC, pcrs: { hash: "SHA-256", registers: [7, 16] } });
  const signer = await signerOf(tpm, { key: pem });
  await signer.sign(MESSAGE);
  const commands = [...new Set(fake.codes.filter((code) => code !== 0x165 && code !== 0x153 && code !== 0x17e))];
  for (const wanted of commands.filter((code) => code !== 0x17a && code !== 0x173)) {
    for (let length = 10; length < 400; length += 7) {
      let cut = false;
      fake.change = (response, code) => {
        if (code !== wanted || length >= response.length || cut) return response;
        cut = true;
        const shorter = response.slice(0, length);
        new DataView(shorter.buffer).setUint32(2, length);
        return shorter;
      };
      const failure = await signer.sign(MESSAGE).then(() => undefined, (error) => error as { readonly code: string });
      if (!cut) break;
      assert.is(failure?.code, "ERR_TPM_RESPONSE", `0x${wanted.toString(16)} cut to ${length}: ${failure}`);
      // A handle that was never received is nobody's to flush.
      if (length >= 14) assert.is(fake.left, 0, `0x${wanted.toString(16)} cut to ${length}`);
      fake.objects.clear();
      fake.sessions.clear();
    }
  }
});

test("tpmSigner() takes every response code of every command as a coded error, and leaves nothing", async () => {
  const { fake, tpm } = await bench({ tries: 1000 });
  const { pem } = await createTpmKey({ tpm, type: EC, pcrs: { hash: "SHA-256", registers: [7] } });
  const keys = [FAKE_KEY, pem];
  let refusals = 0;
  for (const key of keys) {
    let signer = await signerOf(tpm, { key });
    for (const command of [0x15d, 0x157, 0x176, 0x131, 0x17f, 0x173]) {
      for (const response of EVERY_KIND) {
        let met = false;
        fake.script = (code) => code === command ? (met = true, response) : undefined;
        const failure = await signer.sign(MESSAGE).then(() => undefined, (error) => error as { readonly code: string });
        if (!met) continue;
        assert.match(String(failure?.code), /^ERR_TPM_/, `0x${response.toString(16)} of 0x${command.toString(16)}`);
        assert.is(fake.left, 0, `0x${response.toString(16)} of 0x${command.toString(16)}`);
        refusals++;
        if (!/PASSWORD/.test(failure!.code)) continue;
        // A signer whose password was wrong does not try it again.
        fake.script = () => undefined;
        signer = await signerOf(tpm, { key });
      }
    }
  }
  assert.ok(refusals > 500, String(refusals));
  fake.script = () => undefined;
  for (const key of keys) {
    const signer = await signerOf(tpm, { key });
    assert.ok(isRight(signer, await signer.sign(MESSAGE)));
  }
  assert.is(fake.open, 0);
});

/** Format zero with errors and warnings, format one of sessions, handles and parameters, vendor, TPM 1.2. */
const EVERY_KIND: readonly number[] = [
  ...Array.from({ length: 0x57 }, (_, i) => 0x100 + i),
  ...Array.from({ length: 0x24 }, (_, i) => 0x900 + i).filter((code) => code !== 0x921),
  ...[0x921, 0x98e, 0x9a2, 0x18b, 0x2d2, 0x1c4, 0x99d, 0x1df, 0x501, 0x1e, 0x0b0143],
];

test("tpmSigner() asks for a password again, three times at most", async () => {
  const { fake, tpm } = await bench({ password: "canary-password", tries: 10 });
  const asked: TpmPasswordRequest[] = [];
  const answers = ["one", "two", "canary-password"];
  const signer = await signerOf(tpm, {
    password: (request) => {
      asked.push(request);
      return Promise.resolve(encodeUtf8(answers[asked.length - 1] ?? "none"));
    },
  });
  assert.is(asked.length, 0);
  const signatures = await Promise.all([signer.sign(MESSAGE), signer.sign(MESSAGE)]);
  for (const signature of signatures) assert.ok(isRight(signer, signature));
  assert.equal(asked.map(({ attempt }) => attempt), [1, 2, 3]);
  assert.equal(asked[0], { of: "key", key: "handle:0x81010001", attempt: 1 });
  assert.is(fake.wrong, 2);

  let questions = 0;
  const guessing = await signerOf(tpm, { password: () => encodeUtf8(`guess ${questions++}`) });
  const error = await assertRejects(() => guessing.sign(MESSAGE), "ERR_TPM_PASSWORD_WRONG");
  assert.match(error.message, /TPM_RC_AUTH_FAIL \(0x98e, session 1\): the password is wrong/);
  assert.is(questions, 3);
  assert.not(error.message.includes("guess"));
});

test("tpmSigner() tries a password that was given once, and says when one is missing or locked out", async () => {
  const { fake, tpm } = await bench({ password: "canary-password", tries: 2 });
  const wrong = await signerOf(tpm, { password: encodeUtf8("wrong") });
  await assertRejects(() => wrong.sign(MESSAGE), "ERR_TPM_PASSWORD_WRONG");
  assert.is(fake.wrong, 1);
  const missing = await assertRejects((await signerOf(tpm)).sign(MESSAGE), "ERR_TPM_PASSWORD_MISSING");
  assert.match(missing.message, /handle:0x81010001: it has a password, and none was given/);
  const none = await signerOf(tpm, { password: () => undefined });
  await assertRejects(() => none.sign(MESSAGE), "ERR_TPM_PASSWORD_MISSING");
  assert.is(fake.wrong, 2);
  const another = await signerOf(tpm, { password: encodeUtf8("another") });
  const locked = await assertRejects(() => another.sign(MESSAGE), "ERR_TPM_LOCKOUT");
  assert.match(locked.message, /tpm2_dictionarylockout -c/);
  const long = await signerOf(tpm, { password: new Uint8Array(33).fill(1) });
  await assertRejects(() => long.sign(MESSAGE), "ERR_TPM_PASSWORD_WRONG");
  assert.is(fake.wrong, 3);
});

test("tpmSigner() never tries a password again that was wrong", async () => {
  const { fake, tpm } = await bench({ password: "canary-password", tries: 10 });
  for (const password of [encodeUtf8("wrong"), undefined, () => encodeUtf8("wrong")]) {
    const before = fake.wrong;
    const code = password === undefined ? "ERR_TPM_PASSWORD_MISSING" : "ERR_TPM_PASSWORD_WRONG";
    const signer = await signerOf(tpm, { password });
    const at = () => assertRejects(() => signer.sign(MESSAGE), code);
    await Promise.all([at(), at(), at()]);
    await at();
    assert.is(fake.wrong, before + 1);
    await signer.close();
  }
  // Somebody who knows better the next time is asked anew.
  const answers = ["a", "b", "c", "canary-password"];
  const attempts: number[] = [];
  const signer = await signerOf(tpm, {
    password: ({ attempt }) => {
      attempts.push(attempt);
      return encodeUtf8(answers.shift()!);
    },
  });
  await assertRejects(() => signer.sign(MESSAGE), "ERR_TPM_PASSWORD_WRONG");
  assert.ok(isRight(signer, await signer.sign(MESSAGE)));
  assert.equal(attempts, [1, 2, 3, 1]);
  assert.is(fake.left, 0);
});

test("tpmSigner() takes no password for wrong where another key is at its handle", async () => {
  const { fake, tpm } = await bench({ shared: false, password: "canary-password", tries: 10 });
  const other = new FakeTpm({ password: "another" });
  let asked = 0;
  const signer = await signerOf(tpm, { password: () => (asked++, PASSWORD) });
  assert.ok(isRight(signer, await signer.sign(MESSAGE)));
  fake.persistent.set(FAKE_KEY, other.persistent.get(FAKE_KEY)!);
  await assertRejects(() => signer.sign(MESSAGE), "ERR_TPM_HANDLE");
  assert.is(asked, 1);
  assert.is(fake.wrong, 1);
});

test("tpmSigner() ignores zeros at the end of a password, as TPMs do", async () => {
  const { tpm } = await bench({ password: "canary-password" });
  const signer = await signerOf(tpm, { password: encodeUtf8("canary-password\0\0") });
  assert.ok(isRight(signer, await signer.sign(MESSAGE)));
});

test("tpmSigner() believes a key file about its password", async () => {
  const { tpm } = await bench();
  const { pem } = await createTpmKey({ tpm, type: EC });
  await assertRejects(() => signerOf(tpm, { key: pem, password: PASSWORD }), "ERR_TPM_PASSWORD_UNUSED");
  let asked = 0;
  const signer = await signerOf(tpm, { key: pem, password: () => (asked++, PASSWORD) });
  assert.ok(isRight(signer, await signer.sign(MESSAGE)));
  assert.is(asked, 0);
  const locked = await createTpmKey({ tpm, type: EC, password: PASSWORD, description: "edge 7" });
  const without = await signerOf(tpm, { key: locked.file });
  const error = await assertRejects(() => without.sign(MESSAGE), "ERR_TPM_PASSWORD_MISSING");
  assert.match(error.message, /key "edge 7": it has a password/);
});

test("tpmSigner() asks for the parent's password apart from the key's", async () => {
  const { tpm } = await bench({ ownerPassword: "canary-owner", tries: 10 });
  const owner = encodeUtf8("canary-owner");
  const { pem } = await createTpmKey({ tpm, type: EC, parentPassword: owner });
  const missing = await assertRejects((await signerOf(tpm, { key: pem })).sign(MESSAGE), "ERR_TPM_PASSWORD_MISSING");
  assert.match(
    missing.message,
    /its parent, or the hierarchy above it, has a password, and none was given; give "parentPassword"/,
  );
  const asked: TpmPasswordRequest[] = [];
  const signer = await signerOf(tpm, {
    key: pem,
    parentPassword: (request) => asked.push(request) === 1 ? encodeUtf8("wrong") : owner,
  });
  assert.ok(isRight(signer, await signer.sign(MESSAGE)));
  assert.equal(asked.map(({ of, attempt }) => `${of} ${attempt}`), ["parent 1", "parent 2"]);
});

test("tpmSigner() satisfies policies of registers, with and without a password", async () => {
  for (const password of [undefined, PASSWORD]) {
    const { fake, tpm } = await bench();
    const registers = [0, 1, 2, 3, 4, 5, 6, 7, 16, 23];
    const { pem } = await createTpmKey({ tpm, type: EC, password, pcrs: { hash: "SHA-256", registers } });
    const signer = await signerOf(tpm, { key: pem, password });
    assert.ok(isRight(signer, await signer.sign(MESSAGE)));
    assert.is(fake.left, 0);
    fake.register = new Uint8Array(32).fill(1);
    const error = await assertRejects(() => signer.sign(MESSAGE), "ERR_TPM_POLICY");
    assert.match(error.message, /registers have other values than those that the key is bound to/);
    assert.is(fake.left, 0);
  }
});

test("tpmSigner() refuses policies that it cannot satisfy before it runs a step", async () => {
  const { fake, tpm } = await bench();
  const { file } = await createTpmKey({ tpm, type: EC });
  const policy = [{ commandCode: 0x16b, parameters: new Uint8Array(0) }, {
    commandCode: 0x160,
    parameters: new Uint8Array(4),
  }];
  const signer = await signerOf(tpm, { key: encodeTpmKeyFile({ ...file, policy }) });
  const error = await assertRejects(() => signer.sign(MESSAGE), "ERR_TPM_POLICY_UNSUPPORTED");
  assert.match(error.message, /TPM2_PolicySigned is not supported/);
  assert.not(fake.codes.includes(0x16b));
  assert.is(fake.left, 0);
});

test("tpmSigner() imports keys that were encrypted for the parent", async () => {
  const { fake, tpm } = await bench();
  const { file } = await createTpmKey({ tpm, type: EC, parent: 0x81000001 });
  const pem = encodeTpmKeyFile({ ...file, secret: Uint8Array.of(0, 3, 1, 2, 3) });
  assert.is(parseTpmKeyFile(pem).kind, "importable");
  const signer = await signerOf(tpm, { key: pem });
  assert.ok(isRight(signer, await signer.sign(MESSAGE)));
  assert.ok(fake.codes.includes(0x156));
  assert.is(fake.left, 0);
});

test("tpmSigner() waits when the TPM asks for patience, and sends the same octets", async () => {
  const { fake, tpm } = await bench();
  const signer = await signerOf(tpm);
  let refusals = 0;
  fake.script = (code) => code === 0x15d && refusals < 4 ? [0x922, 0x908, 0x90a, 0x920][refusals++] : undefined;
  assert.ok(isRight(signer, await signer.sign(MESSAGE)));
  assert.is(refusals, 4);
  fake.script = (code) => code === 0x15d ? 0x922 : undefined;
  const before = fake.codes.length;
  await assertRejects(() => signer.sign(MESSAGE), "ERR_TPM_BUSY");
  assert.is(fake.codes.slice(before).filter((code) => code === 0x15d).length, 10);
  assert.is(fake.left, 0);
});

test("tpmSigner() waits for room that another program has, and says when there is none", async () => {
  const { fake, tpm } = await bench();
  const { pem } = await createTpmKey({ tpm, type: EC });
  const signer = await signerOf(tpm, { key: pem });
  let refusals = 0;
  fake.script = (code) => code === 0x157 && refusals < 7 ? (refusals++, 0x902) : undefined;
  assert.ok(isRight(signer, await signer.sign(MESSAGE)));
  assert.is(fake.left, 0);
  fake.script = (code) => code === 0x157 ? 0x902 : undefined;
  const error = await assertRejects(() => signer.sign(MESSAGE), "ERR_TPM_MEMORY");
  assert.match(error.message, /tpm2_flushcontext -t/);
  assert.is(fake.left, 0);
});

test("tpmSigner() notices that keys were replaced at their handles", async () => {
  const { fake, tpm } = await bench({ tries: 10 });
  const other = new FakeTpm();
  const signer = await signerOf(tpm);
  await signer.sign(MESSAGE);
  // The key for salts: the signer finds the new one, or does without.
  fake.persistent.set(0x81000001, other.persistent.get(0x81000001)!);
  await idle();
  assert.ok(isRight(signer, await signer.sign(MESSAGE)));
  await idle();
  fake.persistent.delete(0x81000001);
  assert.ok(isRight(signer, await signer.sign(MESSAGE)));
  await idle();
  fake.persistent.set(0x81000001, other.persistent.get(0x81000001)!);
  await signer.sign(MESSAGE);
  await idle();
  // The key itself: what it signs would not be of the certificate.
  fake.persistent.set(FAKE_KEY, other.persistent.get(FAKE_KEY)!);
  await assertRejects(() => signer.sign(MESSAGE), "ERR_TPM_HANDLE");
  fake.persistent.delete(FAKE_KEY);
  await assertRejects(() => signer.sign(MESSAGE), "ERR_TPM_HANDLE");
  assert.is(fake.left, 0);
});

test("tpmSigner() refuses keys, algorithms and options that do not do", async () => {
  const { tpm } = await bench();
  await assertRejects(() => signerOf(tpm, { key: "handle:0x81ffffff" }), "ERR_TPM_HANDLE");
  await assertRejects(() => signerOf(tpm, { key: 0x81000001 }), "ERR_TPM_KEY_UNSUPPORTED");
  await assertRejects(() => signerOf(tpm, { key: "handle:" }), "ERR_TPM_HANDLE_FORM");
  await assertRejects(() => signerOf(tpm, { key: "key.pem" }), "ERR_TPM_HANDLE_FORM");
  await assertRejects(() => signerOf(tpm, { algorithm: RSA_PKCS1_SHA256 }), "ERR_TPM_SCHEME");
  const options = { tpm, key: FAKE_KEY, pasword: PASSWORD } as unknown as TpmSignerOptions;
  const error = await tpmSigner(options).then(() => undefined, (failure) => failure);
  assert.instance(error, TypeError);
  const wide = await signerOf(tpm, { algorithm: ECDSA_SHA384 });
  const key = createPublicKey({ key: Buffer.from(wide.publicKey), format: "der", type: "spki" });
  assert.ok(verify("sha384", MESSAGE, key, await wide.sign(MESSAGE)));
});

test("tpmSigner() closes a TPM that it opened, and no other", async () => {
  const { fake, tpm } = await bench();
  const borrowed = await signerOf(tpm);
  await borrowed.close();
  await signerOf(tpm);
  const own = await tpmSigner({ tpm: { device: fake.transport }, key: FAKE_KEY });
  await own.close();
  await assertRejects(() => own.sign(MESSAGE), "ERR_TPM_CONNECTION");
  await tpm.close();
  await assertRejects(() => signerOf(tpm), "ERR_TPM_CONNECTION");
});

test("issueCertificateRequest() is signed by a key of the TPM", async () => {
  const { tpm } = await bench();
  const signer = await signerOf(tpm);
  const der = await issueCertificateRequest({ subject: [{ type: "CN", value: "edge 7" }] }, signer);
  const { spki, publicKey, certificationRequestInfo, signature } = parseCertificateRequest(der);
  assert.equal(spki, signer.publicKey);
  const provider = webCryptoProvider();
  assert.ok(await verifySignature(provider, signer.algorithm, publicKey, certificationRequestInfo, signature));
});

test.run();
