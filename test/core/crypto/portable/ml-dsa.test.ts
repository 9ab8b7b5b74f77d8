import type { Bytes } from "../../../../core/bytes/bytes.ts";
import { encodeHex } from "../../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../../core/bytes/text.ts";
import { hash } from "../../../../core/crypto/portable/hash.ts";
import { mlDsaKeyPair, mlDsaSign, mlDsaVerify } from "../../../../core/crypto/portable/ml-dsa.ts";
import { preHash } from "../../../../core/crypto/portable/pre-hash.ts";
import { shake256 } from "../../../../core/crypto/portable/noble/hashes.ts";
import { mlDsaPrivateKey } from "../../../../core/crypto/private-key.ts";
import { assert, assertThrows, suite } from "../../../support/suite.ts";

const test = suite("core/crypto/portable/ml-dsa");

const seed = Uint8Array.from({ length: 32 }, (_, i) => i);
const message = encodeUtf8("anyrole");
const sets = ["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"] as const;

// What the service's own client signs with this seed: parameter set, SHA-256 of public key and of signature, length.
const golden = [
  [
    "ML-DSA-44",
    "9f107644c1084526af3bc8098680b05499a2325a644e388fb4f970e058d19d46",
    "58751ded3785db68144f5096a4580367b2447b14bff41c3690e1f903c3720aa9",
    2420,
  ],
  [
    "ML-DSA-65",
    "d666806e11cee19a7c989f7445f90dd419cf4d2d51db8c0fdb4c0f0a542238c9",
    "a9fa5b9ee38b627f2f4ab8e84672076d42fe9915f2fc5f03d334e0d316ac067b",
    3309,
  ],
  [
    "ML-DSA-87",
    "91dc389cfaa01470b7f66eee45a4ae9026d154817c754dfe22298b3fa241ffcd",
    "0147e52291613000d2873b3d783fc56e47b3e85545c4c3512ffeb04c020170e3",
    4627,
  ],
] as const;
const goldenMessage = encodeUtf8(
  `AWS4-X509-MLDSA\n20260102T030405Z\n20260102/us-east-1/rolesanywhere/aws4_request\n${"0".repeat(64)}`,
);

const digestOf = (data: Bytes): string => encodeHex(hash("SHA-256", data));

test("mlDsaSign() makes the golden signatures", () => {
  for (const [parameterSet, publicKey, signature, length] of golden) {
    const key = mlDsaKeyPair(mlDsaPrivateKey({ parameterSet, seed }));
    const made = mlDsaSign(key, goldenMessage);
    assert.is(digestOf(key.publicKey), publicKey);
    assert.is(made.length, length);
    assert.is(digestOf(made), signature);
    assert.is(mlDsaVerify(parameterSet, key.publicKey, goldenMessage, made), true);
  }
});

test("mlDsaKeyPair() makes the same pair of seed, expanded key and both", () => {
  for (const parameterSet of sets) {
    const made = mlDsaKeyPair(mlDsaPrivateKey({ parameterSet, seed }));
    const { expanded } = made;
    for (
      const key of [mlDsaPrivateKey({ parameterSet, expanded }), mlDsaPrivateKey({ parameterSet, seed, expanded })]
    ) {
      const again = mlDsaKeyPair(key);
      assert.equal(again.publicKey, made.publicKey);
      assert.equal(again.expanded, expanded);
    }
    assert.not.match(JSON.stringify(made), /expanded/);
  }
});

test("mlDsaKeyPair() refuses a seed and an expanded key that do not belong together", () => {
  for (const parameterSet of sets) {
    const { expanded } = mlDsaKeyPair(mlDsaPrivateKey({ parameterSet, seed: seed.map((octet) => octet ^ 1) }));
    assertThrows(() => mlDsaKeyPair(mlDsaPrivateKey({ parameterSet, seed, expanded })), "ERR_CRYPTO_INVALID_KEY");
  }
});

test("mlDsaKeyPair() refuses missing parts and wrong lengths", () => {
  const code = "ERR_CRYPTO_INVALID_KEY";
  const parameterSet = "ML-DSA-44";
  assertThrows(() => mlDsaKeyPair(mlDsaPrivateKey({ parameterSet })), code);
  for (const length of [0, 31, 33]) {
    assertThrows(() => mlDsaKeyPair(mlDsaPrivateKey({ parameterSet, seed: new Uint8Array(length) })), code);
  }
  for (const length of [0, 2559, 2561, 4032]) {
    const expanded = new Uint8Array(length);
    assertThrows(() => mlDsaKeyPair(mlDsaPrivateKey({ parameterSet, expanded })), code);
    assertThrows(() => mlDsaKeyPair(mlDsaPrivateKey({ parameterSet, seed, expanded })), code);
  }
});

test("mlDsaVerify() is false for every malformed or foreign signature", () => {
  const key = mlDsaKeyPair(mlDsaPrivateKey({ parameterSet: "ML-DSA-44", seed }));
  const signature = mlDsaSign(key, message);
  const verify = (value: Bytes, text: Bytes = message): boolean => mlDsaVerify("ML-DSA-44", key.publicKey, text, value);
  assert.is(verify(signature), true);
  assert.is(verify(signature, encodeUtf8("anyrolf")), false);
  for (const at of [0, 31, 32, 1000, 2339, 2340, 2419]) {
    const changed = signature.slice();
    changed[at]! ^= 0x10;
    assert.is(verify(changed), false);
  }
  for (const length of [0, 2419, 2421, 3309]) assert.is(verify(new Uint8Array(length)), false);
});

test("mlDsaVerify() refuses a public key of another parameter set", () => {
  const key = mlDsaKeyPair(mlDsaPrivateKey({ parameterSet: "ML-DSA-44", seed }));
  const signature = mlDsaSign(key, message);
  assertThrows(() => mlDsaVerify("ML-DSA-65", key.publicKey, message, signature), "ERR_CRYPTO_INVALID_KEY");
});

test("mlDsaSign() binds context and pre-hash to the signature", () => {
  const parameterSet = "ML-DSA-44";
  const key = mlDsaKeyPair(mlDsaPrivateKey({ parameterSet, seed }));
  const context = encodeUtf8("context");
  const prehash = preHash("SHA2-512")!;
  const forms = [{}, { context }, { preHash: prehash }, { context, preHash: prehash }, {
    context: new Uint8Array(255),
  }];
  forms.forEach((made, i) => {
    const signature = mlDsaSign(key, message, made);
    forms.forEach((checked, j) => {
      assert.is(mlDsaVerify(parameterSet, key.publicKey, message, signature, checked), i === j);
    });
  });
});

test("mlDsaSign() signs M' and μ as it signs the message that they come from", () => {
  const key = mlDsaKeyPair(mlDsaPrivateKey({ parameterSet: "ML-DSA-44", seed }));
  const formatted = Uint8Array.of(0, 0, ...message);
  const tr = shake256(key.publicKey, { dkLen: 64 });
  const mu = shake256(Uint8Array.of(...tr, ...formatted), { dkLen: 64 });
  const signature = mlDsaSign(key, message);
  assert.equal(mlDsaSign(key, formatted, { form: "internal" }), signature);
  assert.equal(mlDsaSign(key, mu, { form: "mu" }), signature);
  assert.is(mlDsaVerify("ML-DSA-44", key.publicKey, mu, signature, { form: "mu" }), true);
});

test("mlDsaSign() makes another valid signature of other randomness", () => {
  const key = mlDsaKeyPair(mlDsaPrivateKey({ parameterSet: "ML-DSA-44", seed }));
  const hedged = mlDsaSign(key, message, { randomness: new Uint8Array(32).fill(1) });
  assert.not.equal(hedged, mlDsaSign(key, message));
  assert.equal(mlDsaSign(key, message, { randomness: new Uint8Array(32) }), mlDsaSign(key, message));
  assert.is(mlDsaVerify("ML-DSA-44", key.publicKey, message, hedged), true);
});

test("mlDsaSign() refuses options that it would have to ignore", () => {
  const key = mlDsaKeyPair(mlDsaPrivateKey({ parameterSet: "ML-DSA-44", seed }));
  const mu = new Uint8Array(64);
  const context = Uint8Array.of(1);
  assert.throws(() => mlDsaSign(key, message, { ctx: context } as object), /"ctx" is not an option/);
  assert.throws(() => mlDsaSign(key, mu, { form: "mu", context }), /belong to the external interface/);
  assert.throws(() => mlDsaSign(key, message, { form: "other" } as object), /"form" is other/);
  assert.throws(() => mlDsaSign(key, message, { form: "mu" }), /μ has 7 octets/);
  assert.throws(() => mlDsaSign(key, message, { context: new Uint8Array(256) }), /at most 255/);
  assert.throws(() => mlDsaSign(key, message, { randomness: new Uint8Array(31) }), /"randomness" has 31 octets/);
  const verify = (options: object): boolean => mlDsaVerify("ML-DSA-44", key.publicKey, message, mu, options);
  assert.throws(() => verify({ randomness: new Uint8Array(32) }), /"randomness" is not an option/);
});

test.run();
