// runtimes: node20 node bun
import * as nodeModule from "node:crypto";
import process from "node:process";
import type { Bytes } from "../../../core/bytes/bytes.ts";
import { encodeHex } from "../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { ml_dsa65 } from "../../../core/crypto/portable/noble/ml-dsa.ts";
import { mlDsaPrivateKey } from "../../../core/crypto/private-key.ts";
import { ECDSA_SHA256, ML_DSA_65, RSA_PKCS1_SHA256 } from "../../../core/crypto/signature-algorithm.ts";
import { parsePrivateKey } from "../../../core/keys/private-key.ts";
import { parseSubjectPublicKeyInfo } from "../../../core/keys/subject-public-key-info.ts";
import { bunCrypto } from "../../../runtimes/bun/crypto.ts";
import { nodeCrypto } from "../../../runtimes/node/crypto.ts";
import { nodeApiCrypto } from "../../../runtimes/shared/node-api/crypto.ts";
import type { NodeCrypto } from "../../../runtimes/shared/node-api/node-crypto.ts";
import { providerCases } from "../../core/crypto/provider-cases.ts";
import { GOLDEN_MESSAGE, GOLDEN_PEM, GOLDEN_SIGNATURE } from "../../core/sign/golden-identity.ts";
import { assert, assertRejects, assertThrows, suite } from "../../support/suite.ts";

const test = suite("runtimes/node/crypto");

const module = nodeModule as unknown as NodeCrypto;
const inBun = process.versions["bun"] !== undefined;
const native = () => nodeApiCrypto(module);
const hasMlDsa = inBun || Number(process.versions.node.split(".")[0]) >= 24;

providerCases(test, native, () => Promise.resolve(hasMlDsa));
providerCases(test, inBun ? bunCrypto : nodeCrypto, () => Promise.resolve(true));

test("nodeCrypto() signs synchronously", () => {
  const signer = nodeCrypto().importPrivateKey(parsePrivateKey(GOLDEN_PEM), RSA_PKCS1_SHA256);
  if (signer instanceof Promise) throw new Error("importPrivateKey() is asynchronous");
  const signature = signer.sign(encodeUtf8(GOLDEN_MESSAGE)) as Bytes;
  assert.is(encodeHex(signature), GOLDEN_SIGNATURE);
  assert.is(Object.getPrototypeOf(signature), Uint8Array.prototype);
});

test("nodeCrypto() takes a CryptoKey that cannot be exported", async () => {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const other = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-384" }, false, ["sign", "verify"]);
  const publicKey = parseSubjectPublicKeyInfo(new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey)));
  const signer = await nodeCrypto().importPlatformKey!(pair.privateKey, publicKey, ECDSA_SHA256);
  const message = encodeUtf8("x");
  const verifier = await nodeCrypto().importPublicKey(publicKey, ECDSA_SHA256);
  assert.is(await verifier.verify(message, await signer.sign(message)), true);
  assert.instance(await signer.sign(message), Uint8Array);
  for (const wrong of [other.privateKey, pair.publicKey]) {
    assertThrows(() => nodeCrypto().importPlatformKey!(wrong, publicKey, ECDSA_SHA256), "ERR_CRYPTO_INVALID_KEY");
  }
});

test("nodeCrypto() takes an ML-DSA key in both forms only when they belong together", async () => {
  const seed = new Uint8Array(32).fill(3);
  const expanded = new Uint8Array(ml_dsa65.keygen(seed).secretKey);
  const parameterSet = "ML-DSA-65";
  const signer = await nodeCrypto().importPrivateKey(mlDsaPrivateKey({ parameterSet, seed, expanded }), ML_DSA_65);
  assert.is((await signer.sign(new Uint8Array(1))).length, 3309);
  const alone = await nodeCrypto().importPrivateKey(mlDsaPrivateKey({ parameterSet, expanded }), ML_DSA_65);
  assert.equal(alone.publicKey, signer.publicKey);
  for (const at of [0, 40, 100, 1000, 4000]) {
    const damaged = expanded.slice();
    damaged[at]! ^= 1;
    const key = mlDsaPrivateKey({ parameterSet, seed, expanded: damaged });
    await assertRejects(async () => await nodeCrypto().importPrivateKey(key, ML_DSA_65), "ERR_CRYPTO_INVALID_KEY");
  }
});

test("nodeApiCrypto() does not believe a module that signs nothing", () => {
  const mute = { ...module, sign: () => new Uint8Array() } as NodeCrypto;
  const seed = new Uint8Array(32);
  assertThrows(
    () => nodeApiCrypto(mute).importPrivateKey(mlDsaPrivateKey({ parameterSet: "ML-DSA-65", seed }), ML_DSA_65),
    "ERR_CRYPTO_UNSUPPORTED",
  );
  assertThrows(
    () => nodeApiCrypto(mute).importPrivateKey(parsePrivateKey(GOLDEN_PEM), RSA_PKCS1_SHA256),
    "ERR_CRYPTO_UNSUPPORTED",
  );
});

test("deriveKey() derives by scrypt", async () => {
  // RFC 7914 §12, second vector.
  const key = await nodeCrypto().deriveKey(
    { name: "scrypt", salt: encodeUtf8("NaCl"), cost: 1024, blockSize: 8, parallelization: 16, length: 64 },
    encodeUtf8("password"),
  );
  assert.ok(encodeHex(key).startsWith("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"));
  await assertRejects(
    async () =>
      await native().deriveKey(
        { name: "scrypt", salt: new Uint8Array(8), cost: 3, blockSize: 8, parallelization: 1, length: 8 },
        new Uint8Array(),
      ),
    "ERR_CRYPTO_UNSUPPORTED",
  );
});

test.run();
