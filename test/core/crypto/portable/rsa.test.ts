import type { Bytes } from "../../../../core/bytes/bytes.ts";
import { decodeHex, encodeHex } from "../../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../../core/bytes/text.ts";
import { integerOf, octetsOf } from "../../../../core/crypto/big-integer.ts";
import { rsaPrivateIntegers, signPkcs1 } from "../../../../core/crypto/portable/rsa.ts";
import { type RsaPrivateKey, rsaPrivateKey } from "../../../../core/crypto/private-key.ts";
import { assert, assertThrows, suite } from "../../../support/suite.ts";
import { VECTORS } from "../../../vectors/portable/vectors.ts";

const test = suite("core/crypto/portable/rsa");

const octets = (hex: string): Bytes => decodeHex(hex)!;
const message = encodeUtf8("anyrole");
const components = [
  "modulus",
  "exponent",
  "privateExponent",
  "prime1",
  "prime2",
  "exponent1",
  "exponent2",
  "coefficient",
] as const;
type Component = typeof components[number];

function privateKey(changes: Partial<Record<Component, Bytes>> = {}, vector = VECTORS.rsa): RsaPrivateKey {
  const entries = components.map((name) => [name, changes[name] ?? octets(vector[name])]);
  return rsaPrivateKey(Object.fromEntries(entries) as Record<Component, Bytes>);
}

test("signPkcs1() makes the one signature there is, with derived and with random blinding", () => {
  const key = rsaPrivateIntegers(privateKey());
  const random = (length: number): Bytes => new Uint8Array(length).fill(0x5a);
  for (const hash of ["SHA-224", "SHA-256", "SHA-384", "SHA-512"] as const) {
    assert.is(encodeHex(signPkcs1(key, hash, message)), VECTORS.rsa.pkcs1[hash]);
    assert.is(encodeHex(signPkcs1(key, hash, message, random)), VECTORS.rsa.pkcs1[hash]);
  }
});

test("signPkcs1() draws a blinding factor for every signature", () => {
  const lengths: number[] = [];
  const random = (length: number): Bytes => {
    lengths.push(length);
    return new Uint8Array(length).fill(lengths.length);
  };
  const key = rsaPrivateIntegers(privateKey());
  signPkcs1(key, "SHA-256", message, random);
  signPkcs1(key, "SHA-256", message, random);
  assert.equal(lengths, [264, 264]);
});

test("signPkcs1() stops when the random source is stuck or short", () => {
  const key = rsaPrivateIntegers(privateKey());
  assertThrows(() => signPkcs1(key, "SHA-256", message, (n) => new Uint8Array(n)), "ERR_CRYPTO_FAILED");
  assertThrows(() => signPkcs1(key, "SHA-256", message, () => new Uint8Array(3)), "ERR_CRYPTO_FAILED");
});

test("signPkcs1() does not let a signature out that does not verify", () => {
  const key = rsaPrivateIntegers(privateKey());
  const secrets = key.secrets();
  const faulty = { ...key, secrets: () => ({ ...secrets, exponent1: secrets.exponent1 + 2n }) };
  const error = assertThrows(() => signPkcs1(faulty, "SHA-256", message), "ERR_CRYPTO_FAILED");
  assert.match(error.message, /does not verify/);
});

test("rsaPrivateIntegers() accepts the exponent modulo the least common multiple as well", () => {
  const key = privateKey();
  const [p, q] = [integerOf(key.prime1) - 1n, integerOf(key.prime2) - 1n];
  let [a, b] = [p, q];
  while (b !== 0n) [a, b] = [b, a % b];
  const lambda = p * q / a;
  const reduced = octetsOf(integerOf(key.privateExponent) % lambda, 256);
  assert.is(
    encodeHex(signPkcs1(rsaPrivateIntegers(privateKey({ privateExponent: reduced })), "SHA-256", message)),
    VECTORS.rsa.pkcs1["SHA-256"],
  );
});

test("rsaPrivateIntegers() refuses components that do not belong together", () => {
  for (const name of components) {
    const changed = octets(VECTORS.rsa[name]);
    changed[changed.length - 1]! ^= 2;
    const error = assertThrows(() => rsaPrivateIntegers(privateKey({ [name]: changed })), "ERR_CRYPTO_INVALID_KEY");
    assert.match(error.message, /^Cannot import RSA (private|public) key: /);
  }
});

test("rsaPrivateIntegers() refuses trivial and over-long components", () => {
  const { modulus, prime1 } = VECTORS.rsa;
  const one = Uint8Array.of(1);
  const cases: Partial<Record<Component, Bytes>>[] = [
    { prime1: one, prime2: octets(modulus) },
    { prime1: octets(modulus), prime2: one },
    { prime2: octets(prime1) },
    { prime2: new Uint8Array(0) },
    { exponent1: new Uint8Array(0) },
    { coefficient: new Uint8Array(10_000).fill(0xff) },
    { privateExponent: new Uint8Array(256).fill(0xff) },
  ];
  for (const changes of cases) {
    assertThrows(() => rsaPrivateIntegers(privateKey(changes)), "ERR_CRYPTO_INVALID_KEY");
  }
});

test("rsaPrivateIntegers() shows no secret to JSON", () => {
  const shown = JSON.stringify(
    rsaPrivateIntegers(privateKey()),
    (_, value) => typeof value === "bigint" ? `${value}` : value,
  );
  assert.not.match(shown, new RegExp(integerOf(octets(VECTORS.rsa.prime1)).toString()));
});

test.run();
