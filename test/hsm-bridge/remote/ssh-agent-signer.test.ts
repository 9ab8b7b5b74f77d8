// runtimes: node20 node deno bun
import { type Bytes, concatBytes } from "../../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { ecdsaSignatureFromDer } from "../../../core/crypto/ecdsa-signature.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import type { EcPublicKey, RsaPublicKey } from "../../../core/crypto/public-key.ts";
import { ECDSA_SHA384, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512 } from "../../../core/crypto/signature-algorithm.ts";
import type { Signer } from "../../../core/crypto/signer.ts";
import { parseSubjectPublicKeyInfo } from "../../../core/keys/subject-public-key-info.ts";
import {
  listSshAgentKeys,
  sshAgentSigner,
  type SshAgentSignerOptions,
} from "../../../hsm-bridge/remote/ssh-agent-signer.ts";
import type { ExchangeOctets } from "../../../hsm-bridge/remote/unix-socket-exchange.ts";
import { addSignerTests } from "../../support/signer-conformance.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { testKey } from "../../support/test-authority.ts";

const test = suite("hsm-bridge/remote/ssh-agent-signer");

const MESSAGE = encodeUtf8("message");
const never = () => new Promise<void>(() => {});
const p256 = await testKey("agent");
const p384 = await testKey("agent", { type: "ec", curve: "P-384" });
const p384WithItsHash = await testKey("agent", { type: "ec", curve: "P-384" }, ECDSA_SHA384);
const rsa = await testKey("agent", { type: "rsa", bits: 2048 });

const u32 = (value: number) => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
const string = (octets: Uint8Array) => concatBytes([u32(octets.length), octets]);
const mpint = (octets: Uint8Array) => string(octets[0]! >= 0x80 ? concatBytes([Uint8Array.of(0), octets]) : octets);
const octet = (value: number) => Uint8Array.of(value);

/** RFC 4253 §6.6, RFC 5656 §3.1. */
function blobOf(publicKey: Bytes): Bytes {
  const key = parseSubjectPublicKeyInfo(publicKey) as RsaPublicKey | EcPublicKey;
  if (key.type === "rsa") return concatBytes([string(encodeUtf8("ssh-rsa")), mpint(key.exponent), mpint(key.modulus)]);
  const curve = `nistp${key.curve.slice(2)}`;
  return concatBytes([string(encodeUtf8(`ecdsa-sha2-${curve}`)), string(encodeUtf8(curve)), string(key.point)]);
}

/** The agent that this is: its keys, and what it answers instead of a signature. */
function agent(signers: readonly Signer[], answerSign?: (honest: Bytes) => Bytes): ExchangeOctets {
  return async (_, question, lengthOf) => {
    assert.is(lengthOf(question), question.length);
    const answer = (message: Uint8Array) => string(message);
    if (question[4] === 11) {
      const others = [[encodeUtf8("ssh-ed25519 blob"), "ed25519"], [
        string(encodeUtf8("ssh-ed25519")),
        "empty",
      ]] as const;
      const keys = [...others, ...signers.map((signer, i) => [blobOf(signer.publicKey), `key ${i} ü`] as const)];
      const list = keys.flatMap(([blob, comment]) => [string(blob), string(encodeUtf8(comment))]);
      return answer(concatBytes([octet(12), u32(keys.length), ...list]));
    }
    const view = new DataView(question.buffer, question.byteOffset);
    const keyLength = view.getUint32(5);
    const blob = question.slice(9, 9 + keyLength);
    const message = question.slice(13 + keyLength, question.length - 4);
    const flags = view.getUint32(question.length - 4);
    const signer = signers.find(({ publicKey }) => blobOf(publicKey).join() === blob.join());
    if (question[4] !== 13 || signer === undefined) return answer(octet(5));
    const signature = await signer.sign(message);
    const key = parseSubjectPublicKeyInfo(signer.publicKey);
    let inner: Bytes;
    if (key.type === "ec") {
      assert.is(flags, 0);
      const raw = ecdsaSignatureFromDer(signature, key.point.length >> 1);
      const half = raw.length / 2;
      const part = (octets: Bytes) => mpint(octets.slice(octets.findIndex((each) => each !== 0)));
      inner = concatBytes([
        string(encodeUtf8(`ecdsa-sha2-nistp${key.curve.slice(2)}`)),
        string(concatBytes([part(raw.slice(0, half)), part(raw.slice(half))])),
      ]);
    } else {
      assert.is(flags, 2);
      // Agents may leave leading zeros out.
      inner = concatBytes([string(encodeUtf8("rsa-sha2-256")), string(signature.slice(signature[0] === 0 ? 1 : 0))]);
    }
    const honest = concatBytes([octet(14), string(inner)]);
    return answer(answerSign?.(honest) ?? honest);
  };
}

function options(signer: Signer, exchange: ExchangeOctets): SshAgentSignerOptions {
  return { socketPath: "/agent", publicKey: signer.publicKey, sleep: never, exchange };
}

const ALL = [p256, rsa, p384WithItsHash];

for (const [name, signer] of [["P-256", p256], ["RSA-2048", rsa]] as const) {
  addSignerTests(test, `${name} in an SSH agent`, async () => ({
    signer: await sshAgentSigner({ ...options(signer, agent(ALL)), crypto: portableProvider() }),
    publicKey: signer.publicKey,
  }));
}

addSignerTests(test, "P-384 with SHA-384 in an SSH agent", async () => ({
  signer: await sshAgentSigner({ ...options(p384, agent(ALL)), algorithm: ECDSA_SHA384 }),
  publicKey: p384.publicKey,
}));

test("sshAgentSigner() signs a thousand times, also where RSA or ECDSA integers begin with zeros", async () => {
  const signer = await sshAgentSigner({ ...options(p256, agent(ALL)), crypto: portableProvider() });
  for (let i = 0; i < 300; i++) await signer.sign(Uint8Array.of(i >> 8, i));
  const big = await sshAgentSigner({ ...options(rsa, agent(ALL)), crypto: portableProvider() });
  for (let i = 0; i < 700; i++) await big.sign(Uint8Array.of(i >> 8, i));
});

test("sshAgentSigner() refuses signatures that the protocol does not have, before it asks", async () => {
  const silent: ExchangeOctets = () => assert.unreachable("it asked") as never;
  const cases = [
    [p384, {}],
    [p256, { algorithm: ECDSA_SHA384 }],
    [rsa, { algorithm: RSA_PKCS1_SHA384 }],
    [await testKey("agent", { type: "ec", curve: "P-521" }), {}],
    [await testKey("agent", { type: "ml-dsa", parameterSet: "ML-DSA-44" }), {}],
  ] as const;
  for (const [signer, change] of cases) {
    await assertRejects(
      () => sshAgentSigner({ ...options(signer, silent), ...change }),
      "ERR_REMOTE_SIGNER_ALGORITHM",
    );
  }
  await assertRejects(
    () => sshAgentSigner({ ...options(p256, silent), algorithm: RSA_PKCS1_SHA512 }),
    "ERR_CRYPTO_INVALID_KEY",
  );
  const misspelt = { ...options(p256, silent), kryptos: 1 } as never;
  assert.instance(await sshAgentSigner(misspelt).catch((error: unknown) => error), TypeError);
  const nowhere = { ...options(p256, silent), socketPath: "" };
  assert.instance(await sshAgentSigner(nowhere).catch((error: unknown) => error), TypeError);
});

test("sshAgentSigner() says that the agent does not hold the key, and that it refused", async () => {
  const without = await assertRejects(() => sshAgentSigner(options(p256, agent([rsa]))), "ERR_REMOTE_SIGNER_KEY");
  assert.match(without.message, "ssh-add");
  const signer = await sshAgentSigner(options(p256, agent(ALL, () => octet(5))));
  await assertRejects(async () => await signer.sign(MESSAGE), "ERR_REMOTE_SIGNER_REFUSED");
});

test("sshAgentSigner() says that an agent is locked, before and behind the list of its keys", async () => {
  // OpenSSH's answers an empty list while it is locked, and fails every signature.
  let locked = true;
  const lockable: ExchangeOctets = async (path, question, lengthOf, signal) => {
    if (!locked) return await agent(ALL)(path, question, lengthOf, signal);
    return string(question[4] === 11 ? concatBytes([octet(12), u32(0)]) : octet(5));
  };
  const error = await assertRejects(() => sshAgentSigner(options(p256, lockable)), "ERR_REMOTE_SIGNER_KEY");
  assert.match(error.message, "is it locked (ssh-add -X");
  locked = false;
  const signer = await sshAgentSigner(options(p256, lockable));
  locked = true;
  const refused = await assertRejects(async () => await signer.sign(MESSAGE), "ERR_REMOTE_SIGNER_REFUSED");
  assert.match(refused.message, "locked");
  locked = false;
  await signer.sign(MESSAGE);
});

test("sshAgentSigner() outlives an agent that dies in the middle, and asks the next one", async () => {
  let state: "lives" | "dies" | "gone" = "lives";
  const mortal: ExchangeOctets = async (path, question, lengthOf, signal) => {
    if (state === "gone") throw new Error("connect ECONNREFUSED");
    const answer = await agent(ALL)(path, question, lengthOf, signal);
    if (state === "lives") return answer;
    // Half of an answer is none.
    assert.is(lengthOf(answer.slice(0, 3)), undefined);
    assert.is(lengthOf(answer.slice(0, 20)), answer.length);
    throw new Error("the connection was closed before the answer was complete");
  };
  const signer = await sshAgentSigner(options(p256, mortal));
  for (state of ["dies", "gone"] as const) {
    await assertRejects(async () => await signer.sign(MESSAGE), "ERR_REMOTE_SIGNER_UNREACHABLE");
  }
  state = "lives";
  await signer.sign(MESSAGE);
});

test("sshAgentSigner() says that no agent answers, or none in time", async () => {
  const absent: ExchangeOctets = () => Promise.reject(new Error("connect ENOENT"));
  await assertRejects(() => sshAgentSigner(options(p256, absent)), "ERR_REMOTE_SIGNER_UNREACHABLE");
  const hurried = { ...options(p256, () => new Promise(() => {})), sleep: () => Promise.resolve(), timeoutMs: 7 };
  assert.match((await assertRejects(() => sshAgentSigner(hurried), "ERR_REMOTE_SIGNER_TIMEOUT")).message, "7 ms");
});

test("sshAgentSigner() refuses answers that are no signatures", async () => {
  const text = (value: string) => string(encodeUtf8(value));
  const response = (...parts: readonly Uint8Array[]) => concatBytes([octet(14), string(concatBytes(parts))]);
  const name = text("ecdsa-sha2-nistp256");
  const answers: readonly Bytes[] = [
    new Uint8Array(),
    octet(14),
    octet(6),
    concatBytes([octet(14), u32(1000)]),
    concatBytes([octet(14), u32(0xffff_ffff)]),
    response(),
    response(text("rsa-sha2-256"), string(new Uint8Array(64))),
    response(text("ssh-rsa"), string(new Uint8Array(256))),
    response(name),
    response(name, string(new Uint8Array())),
    response(name, string(mpint(octet(1)))),
    response(name, string(concatBytes([mpint(octet(1)), string(octet(0))]))),
    response(name, string(concatBytes([string(octet(0x80)), mpint(octet(1))]))),
    response(name, string(concatBytes([mpint(new Uint8Array(33).fill(1)), mpint(octet(1))]))),
  ];
  for (const answer of answers) {
    const signer = await sshAgentSigner(options(p256, agent(ALL, () => answer)));
    await assertRejects(async () => await signer.sign(MESSAGE), "ERR_REMOTE_SIGNER_PROTOCOL");
  }
  const lying = response(name, string(concatBytes([mpint(octet(1)), mpint(octet(1))])));
  const signer = await sshAgentSigner({ ...options(p256, agent(ALL, () => lying)), crypto: portableProvider() });
  await assertRejects(async () => await signer.sign(MESSAGE), "ERR_REMOTE_SIGNER_SIGNATURE");
  const short = await sshAgentSigner(options(rsa, agent(ALL, () => response(text("rsa-sha2-256"), string(octet(1))))));
  assert.is((await short.sign(MESSAGE)).length, 256);
});

test("sshAgentSigner() takes no message that agents do not take", async () => {
  const signer = await sshAgentSigner(options(p256, agent(ALL)));
  await assertRejects(async () => await signer.sign(new Uint8Array(262_144)), "ERR_REMOTE_SIGNER_REFUSED");
});

test("listSshAgentKeys() lists the keys that X.509 knows, and refuses what is no list", async () => {
  const place = { socketPath: "/agent", sleep: never };
  const keys = await listSshAgentKeys({ ...place, exchange: agent(ALL) });
  assert.equal(keys.map(({ publicKey }) => publicKey.spki), ALL.map(({ publicKey }) => publicKey));
  const lists: readonly Bytes[] = [
    new Uint8Array(),
    octet(5),
    concatBytes([octet(12), u32(1)]),
    concatBytes([octet(12), u32(0xffff_ffff), string(octet(1))]),
    concatBytes([octet(12), u32(1), u32(0xffff_ffff)]),
  ];
  for (const list of lists) {
    const exchange: ExchangeOctets = () => Promise.resolve(string(list));
    await assertRejects(() => listSshAgentKeys({ ...place, exchange }), "ERR_REMOTE_SIGNER_PROTOCOL");
  }
  let length: number | undefined;
  const endless: ExchangeOctets = (_, __, lengthOf) => {
    length = lengthOf(u32(0xffff_fff0));
    return Promise.resolve(u32(0xffff_fff0));
  };
  await assertRejects(() => listSshAgentKeys({ ...place, exchange: endless }), "ERR_REMOTE_SIGNER_PROTOCOL");
  assert.is(length, 4);
});

test.run();
