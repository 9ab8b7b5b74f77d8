import { encodeBase64 } from "../../../core/bytes/base64.ts";
import { type Bytes, concatBytes } from "../../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { integerOf, modInverse } from "../../../core/crypto/big-integer.ts";
import type { EcPrivateKey, MlDsaPrivateKey, RsaPrivateKey } from "../../../core/crypto/private-key.ts";
import {
  derBitString,
  derContextConstructed,
  derContextPrimitive,
  derInteger,
  derNull,
  derObjectIdentifier,
  derOctetString,
  derSequence,
  derUnsignedInteger,
} from "../../../core/der/writer.ts";
import { parsePrivateKey } from "../../../core/keys/private-key.ts";
import { parseSubjectPublicKeyInfo } from "../../../core/keys/subject-public-key-info.ts";
import { decodePem, encodePem } from "../../../core/pem/pem.ts";
import { oneMoreElement } from "../../support/one-more-element.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";
import { KEYS } from "../../vectors/keys/keys.ts";

const test = suite("core/keys/private-key");
const octetsOf = (pem: string): Bytes => decodePem(pem).at(-1)!.octets;
const found = (input: string | Bytes) => assertThrows(() => parsePrivateKey(input), "ERR_KEY_UNSUPPORTED")["found"];

test("parsePrivateKey() reads RSA from PKCS#8 and PKCS#1, in PEM, in DER and in its base64", () => {
  const spki = parseSubjectPublicKeyInfo(octetsOf(KEYS["rsa-public"]));
  assert.is(spki.type, "rsa");
  for (const pem of [KEYS["rsa-pkcs8"], KEYS["rsa-pkcs1"]]) {
    for (const input of [pem, encodeUtf8(pem), octetsOf(pem), encodeBase64(octetsOf(pem))]) {
      const key = parsePrivateKey(input) as RsaPrivateKey;
      assert.is(key.type, "rsa");
      assert.equal(key.modulus, (spki as { modulus: Bytes }).modulus);
      assert.equal(key.exponent, Uint8Array.of(1, 0, 1));
      assert.is(key.prime1.length, 128);
    }
  }
});

test("parsePrivateKey() reads the three curves from PKCS#8 and SEC 1", () => {
  for (const [curve, length] of [["P-256", 32], ["P-384", 48], ["P-521", 66]] as const) {
    const spki = parseSubjectPublicKeyInfo(octetsOf(KEYS[`${curve}-public`])) as { point: Bytes };
    const scalars = [KEYS[`${curve}-pkcs8`], KEYS[`${curve}-sec1`]].flatMap((pem) =>
      [pem, octetsOf(pem)].map((input) => {
        const key = parsePrivateKey(input) as EcPrivateKey;
        assert.is(key.curve, curve);
        assert.equal(key.point, spki.point);
        assert.is(key.scalar.length, length);
        return encodeBase64(key.scalar);
      })
    );
    assert.is(new Set(scalars).size, 1);
  }
});

test("parsePrivateKey() does without the public point, and leaves a compressed one out", () => {
  const { scalar } = parsePrivateKey(KEYS["P-256-pkcs8"]) as EcPrivateKey;
  for (const pem of [KEYS["P-256-sec1-no-public"], KEYS["P-256-sec1-compressed"]]) {
    const key = parsePrivateKey(pem) as EcPrivateKey;
    assert.equal(key.scalar, scalar);
    assert.is(key.point, undefined);
  }
});

test("parsePrivateKey() finds the key among other blocks, in any order", () => {
  const parts = [KEYS["certificate"], KEYS["P-256-parameters"], "Bag Attributes\n  localKeyID: 01\n"];
  for (const before of [parts, [...parts].reverse(), []]) {
    const text = [...before, KEYS["P-256-sec1"], ...parts, KEYS["rsa-pkcs8"]].join("").replace(/\n/g, "\r\n");
    assert.is(parsePrivateKey(text).type, "ec");
  }
  assert.is(parsePrivateKey(KEYS["encrypted-scrypt"] + KEYS["rsa-pkcs1"]).type, "rsa");
});

test("parsePrivateKey() copies what it keeps, and hides the secrets from inspection", () => {
  for (const name of ["rsa-pkcs1", "P-256-sec1"] as const) {
    const der = octetsOf(KEYS[name]);
    const key = parsePrivateKey(der);
    const before = JSON.stringify(Object.getOwnPropertyNames(key).map((member) => `${Reflect.get(key, member)}`));
    der.fill(0);
    assert.is(JSON.stringify(Object.getOwnPropertyNames(key).map((member) => `${Reflect.get(key, member)}`)), before);
    assert.not.ok(Object.keys(key).some((member) => /scalar|prime|private|coefficient|exponent\d/.test(member)));
  }
});

test("parsePrivateKey() copies octets whose own slice() does not, as Node's Buffer's", () => {
  class Shared extends Uint8Array<ArrayBuffer> {
    override slice(start?: number, end?: number): Shared {
      return this.subarray(start, end) as Shared;
    }
  }
  const seed = new Uint8Array(32).fill(5);
  const inputs = [octetsOf(KEYS["rsa-pkcs8"]), octetsOf(KEYS["P-256-sec1"]), mlDsa(17, derContextPrimitive(0, seed))];
  for (const input of inputs) {
    const shared = new Shared(input.buffer, input.byteOffset, input.length);
    const key = parsePrivateKey(shared);
    for (const name of Object.getOwnPropertyNames(key)) {
      const value: unknown = Reflect.get(key, name);
      if (value instanceof Uint8Array) assert.is.not(value.buffer, shared.buffer, name);
    }
    assert.ok(shared.some((octet) => octet !== 0));
  }
});

test("parsePrivateKey() throws a TypeError for what is neither text nor octets", () => {
  for (const input of [undefined, null, 7, {}, new ArrayBuffer(8)]) {
    assert.throws(() => parsePrivateKey(input as string), /"input" must be a string or a Uint8Array/);
  }
});

test("parsePrivateKey() names what it does not support", () => {
  assert.is(found(KEYS["other-rsa-pss"]), "RSASSA-PSS");
  assert.is(found(KEYS["other-rsa-512"]), "512-bit RSA");
  assert.is(found(KEYS["other-rsa-3-primes"]), "RSA with more than two primes");
  assert.is(found(KEYS["other-P-224"]), "P-224");
  assert.is(found(KEYS["other-secp256k1"]), "secp256k1");
  assert.is(found(KEYS["other-brainpoolP256r1"]), "brainpoolP256r1");
  assert.is(found(KEYS["other-ed25519"]), "Ed25519");
  assert.is(found(KEYS["other-ed448"]), "Ed448");
  assert.is(found(KEYS["other-x25519"]), "X25519");
  assert.is(found(KEYS["other-dsa"]), "DSA");
  assert.is(found(KEYS["P-256-explicit"]), "a curve given by explicit parameters");
  assert.is(found(encodePem("OPENSSH PRIVATE KEY", Uint8Array.of(1))), "the form OPENSSH PRIVATE KEY");
  assert.is(found(encodePem("TSS2 PRIVATE KEY", Uint8Array.of(1))), "the form TSS2 PRIVATE KEY");
  const other = derSequence(derInteger(0), derSequence(derObjectIdentifier("1.2.3")), derOctetString(new Uint8Array()));
  assert.is(found(other), "the algorithm 1.2.3");
  assert.is(found(derSequence(derInteger(3), derSequence(derObjectIdentifier("1.2.3")))), "PKCS#12");
});

test("parsePrivateKey() says what the input holds when it holds no key", () => {
  const missing = (input: string | Bytes) => assertThrows(() => parsePrivateKey(input), "ERR_KEY_MISSING");
  assert.match(missing("").message, "Cannot read private key: the input is empty");
  assert.match(missing(new Uint8Array()).message, "the input is empty");
  assert.match(missing("hello").message, "the input holds neither PEM nor DER");
  assert.match(missing(new Uint8Array(1000)).message, "the input holds neither PEM nor DER");
  assert.match(missing(KEYS["certificate"]).message, "the input holds no private key, only CERTIFICATE");
  // Names that every object of the language has are no labels of keys.
  for (const label of ["constructor", "__proto__", "toString"]) {
    assert.is(missing(KEYS["P-256-pkcs8"].replaceAll("PRIVATE KEY", label))["found"], label);
  }
  assert.is(missing(KEYS["certificate"] + KEYS["P-256-parameters"])["found"], "CERTIFICATE, EC PARAMETERS");
  assert.match(missing(octetsOf(KEYS["certificate"])).message, "the input is DER, but not of a private key");
  assert.match(missing(octetsOf(KEYS["rsa-public"])).message, "the input is DER, but not of a private key");
});

test("parsePrivateKey() refuses encrypted keys and large inputs", () => {
  for (const name of ["encrypted-scrypt", "encrypted-pem-aes128"] as const) {
    assertThrows(() => parsePrivateKey(KEYS[name]), "ERR_KEY_ENCRYPTED");
  }
  assertThrows(() => parsePrivateKey(octetsOf(KEYS["encrypted-scrypt"])), "ERR_KEY_ENCRYPTED");
  assertThrows(() => parsePrivateKey("A".repeat(1_048_577)), "ERR_KEY_LIMIT");
  assertThrows(() => parsePrivateKey(new Uint8Array(10_000_000)), "ERR_KEY_LIMIT");
  assertThrows(
    () => parsePrivateKey(derSequence(derInteger(0), derOctetString(new Uint8Array(70_000)))),
    "ERR_KEY_LIMIT",
  );
});

test("parsePrivateKey() reports a damaged block when no key is left", () => {
  const cut = KEYS["P-256-pkcs8"].slice(0, 100);
  const error = assertThrows(() => parsePrivateKey(KEYS["certificate"] + cut), "ERR_KEY_MALFORMED");
  assert.match(error.message, "Cannot read private key: the PRIVATE KEY block at offset");
  assert.is((error["cause"] as { code: string }).code, "ERR_PEM_MALFORMED");
  assertThrows(() => parsePrivateKey(KEYS["certificate"].slice(0, 100) + "\n"), "ERR_KEY_MISSING");
  assert.is(parsePrivateKey(cut + "\n" + KEYS["rsa-pkcs8"]).type, "rsa");
});

test("parsePrivateKey() reads PKCS#8 version 2 and holds it to its public key", () => {
  const { scalar, point } = parsePrivateKey(KEYS["P-256-pkcs8"]) as EcPrivateKey;
  const algorithm = derSequence(derObjectIdentifier("1.2.840.10045.2.1"), derObjectIdentifier("1.2.840.10045.3.1.7"));
  const sec1 = derOctetString(derSequence(derInteger(1), derOctetString(scalar)));
  const publicKey = derContextPrimitive(1, concatBytes([Uint8Array.of(0), point!]));
  const key = parsePrivateKey(derSequence(derInteger(1), algorithm, sec1, derContextConstructed(0), publicKey));
  assert.equal((key as EcPrivateKey).point, point);
  assertThrows(() => parsePrivateKey(derSequence(derInteger(0), algorithm, sec1, publicKey)), "ERR_KEY_INVALID");
  assertThrows(() => parsePrivateKey(derSequence(derInteger(1), algorithm, sec1)), "ERR_KEY_INVALID");
  const other = concatBytes([point!.subarray(0, 64), Uint8Array.of(point![64]! ^ 1)]);
  const both = derSequence(derInteger(1), derOctetString(scalar), derContextConstructed(1, derBitString(other)));
  assertThrows(
    () => parsePrivateKey(derSequence(derInteger(1), algorithm, derOctetString(both), publicKey)),
    "ERR_KEY_INVALID",
  );

  const twice = derSequence(derInteger(1), derOctetString(scalar), derContextConstructed(1, derBitString(point!)));
  const agreed = parsePrivateKey(derSequence(derInteger(1), algorithm, derOctetString(twice), publicKey));
  assert.equal((agreed as EcPrivateKey).point, point);

  const rsa = octetsOf(KEYS["rsa-pkcs1"]);
  const { modulus, exponent } = parsePrivateKey(rsa) as RsaPrivateKey;
  const version2 = (n: Bytes) =>
    derSequence(
      derInteger(1),
      derSequence(derObjectIdentifier("1.2.840.113549.1.1.1"), derNull()),
      derOctetString(rsa),
      derContextPrimitive(
        1,
        concatBytes([Uint8Array.of(0), derSequence(derUnsignedInteger(n), derUnsignedInteger(exponent))]),
      ),
    );
  assert.is(parsePrivateKey(version2(modulus)).type, "rsa");
  assertThrows(() => parsePrivateKey(version2(modulus.slice(1))), "ERR_KEY_INVALID");
});

test("parsePrivateKey() refuses RSA components that do not belong together", () => {
  const key = parsePrivateKey(KEYS["rsa-pkcs1"]) as RsaPrivateKey;
  const members = [
    key.modulus,
    key.exponent,
    key.privateExponent,
    key.prime1,
    key.prime2,
    key.exponent1,
    key.exponent2,
    key.coefficient,
  ];
  const replaced = (at: number, by: Bytes) => members.map((member, i) => i === at ? by : member);
  const encode = (numbers: readonly Bytes[]) => derSequence(derInteger(0), ...numbers.map(derUnsignedInteger));
  assert.is(parsePrivateKey(encode(members)).type, "rsa");
  members.forEach((member, i) => {
    const changed = member.slice();
    changed[changed.length - 1]! ^= 2;
    assertThrows(() => parsePrivateKey(encode(replaced(i, changed))), "ERR_KEY_INVALID");
    if (i > 0) assertThrows(() => parsePrivateKey(encode(replaced(i, Uint8Array.of(0)))), "ERR_KEY_INVALID");
  });
  assertThrows(
    () => parsePrivateKey(derSequence(derInteger(2), ...members.map(derUnsignedInteger))),
    "ERR_KEY_MALFORMED",
  );
  const [n, e, d, p, q] = members.map(integerOf) as [bigint, bigint, bigint, bigint, bigint];
  const numbers = (...values: bigint[]) => derSequence(derInteger(0), ...values.map(derInteger));
  const inverse = (value: bigint, modulus: bigint) => modInverse(value, modulus)!;
  const exponents = (exponent: bigint) => [exponent % (p - 1n), exponent % (q - 1n)] as const;
  assert.is(parsePrivateKey(numbers(n, e, d, p, q, ...exponents(d), inverse(q, p))).type, "rsa");
  // Congruent, but not reduced (RFC 8017 §3.2: d, dP, dQ and qInv are less than n, p, q and p).
  const [dp, dq, qInv] = [...exponents(d), inverse(q, p)];
  for (
    const unreduced of [
      numbers(n, e, d + n * (p - 1n) * (q - 1n), p, q, dp, dq, qInv),
      numbers(n, e, d, p, q, dp + (p - 1n), dq, qInv),
      numbers(n, e, d, p, q, dp, dq + (q - 1n), qInv),
      numbers(n, e, d, p, q, dp, dq, qInv + p),
      numbers(n, 1n, 1n, p, q, 1n, 1n, qInv),
      numbers(n, e, d, 1n, n, 0n, d, 0n),
      numbers(n, e, d, n, 1n, d, 0n, 1n),
    ]
  ) {
    assertThrows(() => parsePrivateKey(unreduced), "ERR_KEY_INVALID");
  }
  // Right for one prime, and for the other consistent but wrong.
  for (const step of [p - 1n, q - 1n]) {
    const shifted = (d + step) % ((p - 1n) * (q - 1n));
    const refused = numbers(n, e, shifted, p, q, ...exponents(shifted), inverse(q, p));
    assertThrows(() => parsePrivateKey(refused), "ERR_KEY_INVALID");
    const halved = numbers(n, e, shifted, p, q, ...exponents(d), inverse(q, p));
    assertThrows(() => parsePrivateKey(halved), "ERR_KEY_INVALID");
  }
  // Everything fits, but one factor is even.
  const even = 2n ** 600n;
  const private1 = inverse(e, (even - 1n) * (q - 1n));
  const refused = numbers(
    even * q,
    e,
    private1,
    even,
    q,
    private1 % (even - 1n),
    private1 % (q - 1n),
    inverse(q, even),
  );
  assertThrows(() => parsePrivateKey(refused), "ERR_KEY_INVALID");
  const large = new Uint8Array(2049).fill(255);
  assertThrows(() => parsePrivateKey(encode(replaced(0, large))), "ERR_KEY_LIMIT");
});

test("parsePrivateKey() refuses a curve that PKCS#8 and SEC 1 name differently, and what follows a key", () => {
  const { scalar } = parsePrivateKey(KEYS["P-256-pkcs8"]) as EcPrivateKey;
  const pkcs8 = (inner: string, ...more: Bytes[]) =>
    derSequence(
      derInteger(0),
      derSequence(derObjectIdentifier("1.2.840.10045.2.1"), derObjectIdentifier("1.2.840.10045.3.1.7")),
      derOctetString(
        derSequence(
          derInteger(1),
          derOctetString(scalar),
          derContextConstructed(0, derObjectIdentifier(inner)),
        ),
      ),
      ...more,
    );
  assert.is(parsePrivateKey(pkcs8("1.2.840.10045.3.1.7")).type, "ec");
  assertThrows(() => parsePrivateKey(pkcs8("1.3.132.0.34")), "ERR_KEY_INVALID");
  assertThrows(() => parsePrivateKey(pkcs8("1.2.840.10045.3.1.7", derNull())), "ERR_KEY_MALFORMED");
});

test("parsePrivateKey() holds EC scalars to their range and length", () => {
  const sec1 = (scalar: Bytes, curve = "1.2.840.10045.3.1.7") =>
    derSequence(derInteger(1), derOctetString(scalar), derContextConstructed(0, derObjectIdentifier(curve)));
  const order = Uint8Array.from(
    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551".match(/../g)!.map((digits) =>
      parseInt(digits, 16)
    ),
  );
  const refused = (scalar: Bytes, curve?: string) =>
    assertThrows(() => parsePrivateKey(sec1(scalar, curve)), "ERR_KEY_INVALID");
  refused(order);
  refused(new Uint8Array(32));
  refused(new Uint8Array(32).fill(255));
  refused(new Uint8Array(33).fill(1));
  refused(new Uint8Array(23).fill(1));
  refused(Uint8Array.of(1));
  refused(new Uint8Array());
  refused(new Uint8Array(66).fill(2), "1.3.132.0.35");
  const below = order.slice();
  below[31]! -= 1;
  assert.equal((parsePrivateKey(sec1(below)) as EcPrivateKey).scalar, below);
  assert.equal(
    (parsePrivateKey(sec1(new Uint8Array(24).fill(7))) as EcPrivateKey).scalar,
    concatBytes([new Uint8Array(8), new Uint8Array(24).fill(7)]),
  );
  // What old writers do: leading zeros dropped, or one more in front.
  for (const scalar of [new Uint8Array(31).fill(7), concatBytes([Uint8Array.of(0, 0), new Uint8Array(31).fill(7)])]) {
    const key = parsePrivateKey(sec1(scalar)) as EcPrivateKey;
    assert.equal(key.scalar, concatBytes([Uint8Array.of(0), new Uint8Array(31).fill(7)]));
  }
  assertThrows(() => parsePrivateKey(derSequence(derInteger(1), derOctetString(below))), "ERR_KEY_INVALID");
});

test("parsePrivateKey() refuses an element too many, wherever it stands", () => {
  for (const name of ["rsa-pkcs8", "rsa-pkcs1", "P-256-pkcs8", "P-384-sec1"] as const) {
    const variants = oneMoreElement(octetsOf(KEYS[name]));
    assert.ok(variants.length > 0);
    for (const der of variants) assertThrows(() => parsePrivateKey(der), "ERR_KEY_MALFORMED");
  }
});

const SETS = [["ML-DSA-44", 17, 2560], ["ML-DSA-65", 18, 4032], ["ML-DSA-87", 19, 4896]] as const;
const mlDsa = (arc: number, inner: Bytes, ...parameters: Bytes[]) =>
  derSequence(
    derInteger(0),
    derSequence(derObjectIdentifier(`2.16.840.1.101.3.4.3.${arc}`), ...parameters),
    derOctetString(inner),
  );

test("parsePrivateKey() reads the three forms of ML-DSA", () => {
  const seed = Uint8Array.from({ length: 32 }, (_, i) => i);
  for (const [parameterSet, arc, length] of SETS) {
    const expanded = new Uint8Array(length).fill(arc);
    const forms: readonly (readonly [Bytes, Bytes | undefined, Bytes | undefined])[] = [
      [derContextPrimitive(0, seed), seed, undefined],
      [derOctetString(expanded), undefined, expanded],
      [derSequence(derOctetString(seed), derOctetString(expanded)), seed, expanded],
    ];
    for (const [inner, expectedSeed, expectedKey] of forms) {
      const der = mlDsa(arc, inner);
      for (const input of [der, encodePem("PRIVATE KEY", der)]) {
        const key = parsePrivateKey(input) as MlDsaPrivateKey;
        assert.is(key.parameterSet, parameterSet);
        assert.equal(key.seed, expectedSeed);
        assert.equal(key.expanded, expectedKey);
      }
    }
  }
});

test("parsePrivateKey() refuses other lengths and forms of ML-DSA", () => {
  const seed = new Uint8Array(32);
  const invalid = [
    derContextPrimitive(0, new Uint8Array(31)),
    derContextPrimitive(0, new Uint8Array(33)),
    derOctetString(seed),
    derOctetString(new Uint8Array(4032)),
    derSequence(derOctetString(seed), derOctetString(seed)),
  ];
  for (const inner of invalid) assertThrows(() => parsePrivateKey(mlDsa(17, inner)), "ERR_KEY_INVALID");
  const malformed = [
    new Uint8Array(),
    seed,
    derSequence(),
    derSequence(derOctetString(seed)),
    concatBytes([derContextPrimitive(0, seed), derNull()]),
    derSequence(derOctetString(seed), derOctetString(new Uint8Array(2560)), derNull()),
  ];
  for (const inner of malformed) assertThrows(() => parsePrivateKey(mlDsa(17, inner)), "ERR_KEY_MALFORMED");
  assertThrows(() => parsePrivateKey(mlDsa(17, derContextPrimitive(0, seed), derNull())), "ERR_KEY_MALFORMED");
});

test("parsePrivateKey() answers a coded error or a key for every flipped bit and every cut", () => {
  const keys = [KEYS["P-256-pkcs8"], KEYS["P-521-sec1"], KEYS["rsa-pkcs8"]].map(octetsOf);
  keys.push(mlDsa(18, derContextPrimitive(0, new Uint8Array(32))));
  for (const der of keys) {
    const bits = der.length > 300 ? [0x01] : [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80];
    for (let at = 0; at < der.length; at++) {
      for (const bit of bits) {
        const changed = der.slice();
        changed[at]! ^= bit;
        codedOrKey(changed);
      }
      codedOrKey(der.subarray(0, at));
    }
  }
  const pem = KEYS["P-256-sec1"];
  for (let at = 0; at < pem.length; at++) {
    for (const character of ["", "\n", "-", "A", "\u0000", "\u2028"]) {
      codedOrKey(pem.slice(0, at) + character + pem.slice(at + 1));
    }
    codedOrKey(pem.slice(0, at));
  }
});

function codedOrKey(input: string | Bytes): void {
  try {
    assert.ok(["rsa", "ec", "ml-dsa"].includes(parsePrivateKey(input).type));
  } catch (error) {
    assert.match(String((error as { code?: string }).code), /^ERR_KEY_/, `${(error as Error).stack}`);
  }
}

test.run();
