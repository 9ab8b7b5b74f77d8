import type { Bytes } from "../../../core/bytes/bytes.ts";
import { decodeHex } from "../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { integerOf, modPow, octetsOf } from "../../../core/crypto/big-integer.ts";
import { hash } from "../../../core/crypto/portable/hash.ts";
import type { PssRestriction, RsaPublicKey } from "../../../core/crypto/public-key.ts";
import { rsaPublicIntegers, rsaVerifier } from "../../../core/crypto/rsa-verify.ts";
import {
  RSA_PKCS1_SHA224,
  RSA_PKCS1_SHA256,
  RSA_PKCS1_SHA384,
  RSA_PKCS1_SHA512,
  rsaPss,
} from "../../../core/crypto/signature-algorithm.ts";
import { rsaPublicKey } from "../../../core/crypto/spki-encoding.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";
import { VECTORS } from "../../vectors/portable/vectors.ts";

const test = suite("core/crypto/rsa-verify");

const octets = (hex: string): Bytes => decodeHex(hex)!;
const message = encodeUtf8("anyrole");

function publicKey(vector: { modulus: string; exponent: string }, pss?: PssRestriction): RsaPublicKey {
  const components = { modulus: octets(vector.modulus), exponent: octets(vector.exponent) };
  return rsaPublicKey(pss === undefined ? components : { ...components, pss });
}

test("rsaVerifier() accepts PKCS#1 v1.5 signatures of each hash and no others", () => {
  const key = publicKey(VECTORS.rsa);
  for (const algorithm of [RSA_PKCS1_SHA224, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512]) {
    const verifier = rsaVerifier(key, algorithm, hash);
    const signature = octets(VECTORS.rsa.pkcs1[algorithm.hash as "SHA-256"]);
    assert.is(verifier.verify(message, signature), true);
    assert.is(verifier.verify(encodeUtf8("anyrolf"), signature), false);
    signature[200]! ^= 1;
    assert.is(verifier.verify(message, signature), false);
  }
});

test("rsaVerifier() is false for a signature of another hash, length or size", () => {
  const verifier = rsaVerifier(publicKey(VECTORS.rsa), RSA_PKCS1_SHA256, hash);
  const signature = octets(VECTORS.rsa.pkcs1["SHA-256"]);
  assert.is(verifier.verify(message, octets(VECTORS.rsa.pkcs1["SHA-512"])), false);
  assert.is(verifier.verify(message, signature.slice(1)), false);
  assert.is(verifier.verify(message, octets("00" + VECTORS.rsa.pkcs1["SHA-256"])), false);
  assert.is(verifier.verify(message, new Uint8Array(0)), false);
  // s + n and n itself are congruent to a signature and to zero, and no signatures.
  assert.is(verifier.verify(message, octets(VECTORS.rsa.modulus)), false);
  assert.is(verifier.verify(message, new Uint8Array(256)), false);
});

test("rsaVerifier() verifies with a large exponent", () => {
  const verifier = rsaVerifier(publicKey(VECTORS.largeExponent), RSA_PKCS1_SHA256, hash);
  assert.is(verifier.verify(message, octets(VECTORS.largeExponent.pkcs1)), true);
});

test("rsaVerifier() verifies with an exponent as long as the modulus", () => {
  // The private exponent plays the public one: e and d are each other's counterparts.
  const { modulus, exponent, privateExponent } = VECTORS.rsa;
  const encoded = modPow(
    integerOf(octets(VECTORS.rsa.pkcs1["SHA-256"])),
    integerOf(octets(exponent)),
    integerOf(octets(modulus)),
  );
  const signature = octetsOf(modPow(encoded, integerOf(octets(exponent)), integerOf(octets(modulus))), 256);
  const verifier = rsaVerifier(publicKey({ modulus, exponent: privateExponent }), RSA_PKCS1_SHA256, hash);
  assert.is(verifier.verify(message, signature), true);
});

test("rsaVerifier() accepts PSS with exactly the salt length that the algorithm says", () => {
  const key = publicKey(VECTORS.rsa);
  const signature = octets(VECTORS.rsa.pss);
  assert.is(rsaVerifier(key, rsaPss("SHA-256", "SHA-256", 32), hash).verify(message, signature), true);
  for (const salt of [0, 20, 31, 33, 222]) {
    assert.is(rsaVerifier(key, rsaPss("SHA-256", "SHA-256", salt), hash).verify(message, signature), false);
  }
  assert.is(rsaVerifier(key, rsaPss("SHA-256", "SHA-1", 32), hash).verify(message, signature), false);
  assert.is(rsaVerifier(key, rsaPss("SHA-384", "SHA-256", 32), hash).verify(message, signature), false);
  assert.is(rsaVerifier(key, RSA_PKCS1_SHA256, hash).verify(message, signature), false);
});

test("rsaVerifier() accepts PSS where the encoded message is an octet shorter than the modulus", () => {
  const verifier = rsaVerifier(publicKey(VECTORS.oddRsa), rsaPss("SHA-256", "SHA-256", 20), hash);
  const signature = octets(VECTORS.oddRsa.pss);
  assert.is(signature.length, 129);
  assert.is(verifier.verify(message, signature), true);
  signature[128]! ^= 1;
  assert.is(verifier.verify(message, signature), false);
});

test("rsaVerifier() is asynchronous when its digest is", async () => {
  const digest = (name: Parameters<typeof hash>[0], data: Bytes): Promise<Bytes> => Promise.resolve(hash(name, data));
  const key = publicKey(VECTORS.rsa);
  const pss = rsaVerifier(key, rsaPss("SHA-256", "SHA-256", 32), digest).verify(message, octets(VECTORS.rsa.pss));
  assert.instance(pss, Promise);
  assert.is(await pss, true);
  const pkcs1 = rsaVerifier(key, RSA_PKCS1_SHA256, digest);
  assert.is(await pkcs1.verify(message, octets(VECTORS.rsa.pkcs1["SHA-256"])), true);
  assert.is(await pkcs1.verify(message, octets(VECTORS.rsa.pkcs1["SHA-384"])), false);
});

test("rsaVerifier() keeps to what an RSASSA-PSS key allows", () => {
  const code = "ERR_CRYPTO_INVALID_KEY";
  assertThrows(() => rsaVerifier(publicKey(VECTORS.rsa, {}), RSA_PKCS1_SHA256, hash), code);
  const bound = publicKey(VECTORS.rsa, { hash: "SHA-256", mgfHash: "SHA-256", saltLength: 32 });
  assertThrows(() => rsaVerifier(bound, rsaPss("SHA-384", "SHA-256", 32), hash), code);
  assertThrows(() => rsaVerifier(bound, rsaPss("SHA-256", "SHA-384", 32), hash), code);
  assertThrows(() => rsaVerifier(bound, rsaPss("SHA-256", "SHA-256", 31), hash), code);
  const verifier = rsaVerifier(bound, rsaPss("SHA-256", "SHA-256", 32), hash);
  assert.is(verifier.verify(message, octets(VECTORS.rsa.pss)), true);
});

test("rsaVerifier() refuses a salt that the modulus has no room for", () => {
  const key = publicKey(VECTORS.rsa);
  rsaVerifier(key, rsaPss("SHA-256", "SHA-256", 222), hash);
  for (const salt of [223, -1, 1.5, NaN]) {
    assertThrows(() => rsaVerifier(key, rsaPss("SHA-256", "SHA-256", salt), hash), "ERR_CRYPTO_INVALID_KEY");
  }
});

test("rsaPublicIntegers() refuses moduli and exponents that are no key", () => {
  const { modulus } = publicKey(VECTORS.rsa);
  const even = modulus.slice();
  even[255]! &= 0xfe;
  const cases: [Bytes, Bytes][] = [
    [even, Uint8Array.of(3)],
    [new Uint8Array(127).fill(0xff), Uint8Array.of(3)],
    [new Uint8Array(0), Uint8Array.of(3)],
    [new Uint8Array(256), Uint8Array.of(3)],
    [modulus, new Uint8Array(0)],
    [modulus, Uint8Array.of(0)],
    [modulus, Uint8Array.of(1)],
    [modulus, Uint8Array.of(4)],
    [modulus, modulus],
    [modulus, new Uint8Array(300).fill(0xff)],
  ];
  for (const [n, e] of cases) {
    assertThrows(() => rsaPublicIntegers({ modulus: n, exponent: e }), "ERR_CRYPTO_INVALID_KEY");
  }
});

test("rsaPublicIntegers() refuses keys whose verification costs too much", () => {
  const ones = (length: number): Bytes => new Uint8Array(length).fill(0xff);
  assert.is(rsaPublicIntegers({ modulus: ones(2048), exponent: ones(32) }).bits, 16384);
  assert.is(rsaPublicIntegers({ modulus: ones(1024), exponent: ones(128) }).bits, 8192);
  const dear: [Bytes, Bytes][] = [[ones(2048), ones(33)], [ones(1024), ones(129)], [ones(2049), ones(1)], [
    ones(100_000),
    ones(1),
  ]];
  for (const [modulus, exponent] of dear) {
    assertThrows(() => rsaPublicIntegers({ modulus, exponent }), "ERR_CRYPTO_LIMIT");
  }
});

test.run();
