import type { Bytes } from "../../../../core/bytes/bytes.ts";
import { decodeHex } from "../../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../../core/bytes/text.ts";
import { portableProvider } from "../../../../core/crypto/portable/mod.ts";
import { ecPrivateKey, mlDsaPrivateKey, type PrivateKey, rsaPrivateKey } from "../../../../core/crypto/private-key.ts";
import type { PublicKey } from "../../../../core/crypto/public-key.ts";
import {
  ECDSA_SHA1,
  ECDSA_SHA256,
  ED25519,
  ML_DSA_44,
  ML_DSA_65,
  RSA_PKCS1_SHA1,
  RSA_PKCS1_SHA256,
  rsaPss,
  type SignatureAlgorithm,
} from "../../../../core/crypto/signature-algorithm.ts";
import { ecPublicKey, ed25519PublicKey, mlDsaPublicKey, rsaPublicKey } from "../../../../core/crypto/spki-encoding.ts";
import { mlDsaKeyPair } from "../../../../core/crypto/portable/ml-dsa.ts";
import { assert, assertThrows, suite } from "../../../support/suite.ts";
import { VECTORS } from "../../../vectors/portable/vectors.ts";

const test = suite("core/crypto/portable/provider");

const octets = (hex: string): Bytes => decodeHex(hex)!;
const message = encodeUtf8("anyrole");
const [p256] = VECTORS.ec;
const mlDsaSeed = Uint8Array.from({ length: 32 }, (_, i) => i);

const rsaKey = rsaPrivateKey({
  modulus: octets(VECTORS.rsa.modulus),
  exponent: octets(VECTORS.rsa.exponent),
  privateExponent: octets(VECTORS.rsa.privateExponent),
  prime1: octets(VECTORS.rsa.prime1),
  prime2: octets(VECTORS.rsa.prime2),
  exponent1: octets(VECTORS.rsa.exponent1),
  exponent2: octets(VECTORS.rsa.exponent2),
  coefficient: octets(VECTORS.rsa.coefficient),
});
const ecKey = ecPrivateKey({ curve: "P-256", scalar: octets(p256.scalar) });
const mlDsaKey = mlDsaPrivateKey({ parameterSet: "ML-DSA-44", seed: mlDsaSeed });

function counter(): (length: number) => Bytes {
  let calls = 0;
  return (length) => new Uint8Array(length).map((_, i) => (++calls * 31 + i * 7) & 0xff);
}

const pairs = (): [PrivateKey, PublicKey, SignatureAlgorithm][] => [
  [rsaKey, rsaPublicKey(rsaKey), RSA_PKCS1_SHA256],
  [ecKey, ecPublicKey({ curve: "P-256", point: octets(p256.point) }), ECDSA_SHA256],
  [mlDsaKey, mlDsaPublicKey({ parameterSet: "ML-DSA-44", key: mlDsaKeyPair(mlDsaKey).publicKey }), ML_DSA_44],
];

test("portableProvider() signs what it verifies, synchronously, with and without a random source", () => {
  for (const provider of [portableProvider(), portableProvider({ random: counter() })]) {
    for (const [privateKey, publicKey, algorithm] of pairs()) {
      const signer = provider.importPrivateKey(privateKey, algorithm);
      const verifier = provider.importPublicKey(publicKey, algorithm);
      const signature = signer.sign(message);
      assert.is(signer.algorithm, algorithm);
      assert.equal(signer.publicKey, publicKey.spki);
      assert.is(verifier.verify(message, signature), true);
      assert.is(verifier.verify(encodeUtf8("anyrolf"), signature), false);
      assert.is(verifier.verify(message, new Uint8Array(0)), false);
      assert.is(verifier.verify(message, signature.slice(1)), false);
    }
  }
});

test("portableProvider() is deterministic without a random source, and hedges ML-DSA with one", () => {
  const provider = portableProvider();
  for (const [privateKey, , algorithm] of pairs()) {
    const signer = provider.importPrivateKey(privateKey, algorithm);
    assert.equal(signer.sign(message), signer.sign(message));
  }
  const hedged = portableProvider({ random: counter() }).importPrivateKey(mlDsaKey, ML_DSA_44);
  assert.not.equal(hedged.sign(message), hedged.sign(message));
});

test("portableProvider() verifies Ed25519", () => {
  const key = ed25519PublicKey({ key: octets(VECTORS.ed25519.key) });
  const verifier = portableProvider().importPublicKey(key, ED25519);
  const signature = octets(VECTORS.ed25519.signature);
  assert.is(verifier.verify(message, signature), true);
  assert.is(verifier.verify(encodeUtf8("anyrolf"), signature), false);
  assert.is(verifier.verify(message, signature.slice(1)), false);
  // S + L is congruent to S and must not count (RFC 8032 §5.1.7).
  const order = 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3edn;
  let s = 0n;
  for (let i = 63; i >= 32; i--) s = s * 256n + BigInt(signature[i]!);
  const malleable = signature.slice();
  for (let i = 32, rest = s + order; i < 64; i++, rest >>= 8n) malleable[i] = Number(rest & 0xffn);
  assert.is(verifier.verify(message, malleable), false);
});

test("portableProvider() refuses an Ed25519 key that is no point", () => {
  const key = ed25519PublicKey({ key: new Uint8Array(32).fill(0xff) });
  assertThrows(() => portableProvider().importPublicKey(key, ED25519), "ERR_CRYPTO_INVALID_KEY");
});

test("portableProvider() verifies PSS and RSA with a large exponent", () => {
  const provider = portableProvider();
  const pss = provider.importPublicKey(rsaPublicKey(rsaKey), rsaPss("SHA-256", "SHA-256", 32));
  assert.is(pss.verify(message, octets(VECTORS.rsa.pss)), true);
  const { modulus, exponent, pkcs1 } = VECTORS.largeExponent;
  const key = rsaPublicKey({ modulus: octets(modulus), exponent: octets(exponent) });
  assert.is(provider.importPublicKey(key, RSA_PKCS1_SHA256).verify(message, octets(pkcs1)), true);
});

test("portableProvider() says what it does not do", () => {
  const provider = portableProvider();
  const code = "ERR_CRYPTO_UNSUPPORTED";
  assertThrows(() => provider.importPrivateKey(rsaKey, rsaPss("SHA-256", "SHA-256", 32)), code);
  assertThrows(() => provider.importPrivateKey(rsaKey, RSA_PKCS1_SHA1), code);
  assertThrows(() => provider.importPrivateKey(ecKey, ECDSA_SHA1), code);
  assertThrows(() => provider.generatePrivateKey({ type: "rsa", bits: 2048 }), code);
});

test("portableProvider() refuses keys of another kind than the algorithm's", () => {
  const provider = portableProvider();
  const algorithms = [RSA_PKCS1_SHA256, ECDSA_SHA256, ML_DSA_44, ML_DSA_65, ED25519];
  for (const [privateKey, publicKey, own] of pairs()) {
    for (const algorithm of algorithms) {
      if (algorithm === own) continue;
      assertThrows(() => provider.importPrivateKey(privateKey, algorithm), "ERR_CRYPTO_INVALID_KEY");
      assertThrows(() => provider.importPublicKey(publicKey, algorithm), "ERR_CRYPTO_INVALID_KEY");
    }
  }
});

test("portableProvider() says how to get random octets", () => {
  const provider = portableProvider();
  for (
    const draw of [
      () => provider.random(8),
      () => provider.generatePrivateKey({ type: "ec", curve: "P-256" }),
      () => provider.generatePrivateKey({ type: "ml-dsa", parameterSet: "ML-DSA-44" }),
    ]
  ) {
    const error = assertThrows(draw, "ERR_CRYPTO_UNSUPPORTED");
    assert.match(error.message, /pass `random` to portableProvider/);
  }
  assert.is(portableProvider({ random: counter() }).random(8).length, 8);
});

test("portableProvider() generates keys that sign", () => {
  const provider = portableProvider({ random: counter() });
  for (const curve of ["P-256", "P-384", "P-521"] as const) {
    const key = provider.generatePrivateKey({ type: "ec", curve });
    assert.ok(provider.importPrivateKey(key, ECDSA_SHA256).sign(message).length > 60);
  }
  const key = provider.generatePrivateKey({ type: "ml-dsa", parameterSet: "ML-DSA-65" });
  assert.is(provider.importPrivateKey(key, ML_DSA_65).sign(message).length, 3309);
});

test("portableProvider() does not use a random source that answers too little", () => {
  const provider = portableProvider({ random: () => new Uint8Array(1) });
  assertThrows(() => provider.random(8), "ERR_CRYPTO_FAILED");
  assertThrows(() => provider.generatePrivateKey({ type: "ec", curve: "P-256" }), "ERR_CRYPTO_FAILED");
});

test("portableProvider() refuses unknown options", () => {
  assert.throws(() => portableProvider({ rng: counter() } as object), /"rng" is not an option/);
});

test.run();
