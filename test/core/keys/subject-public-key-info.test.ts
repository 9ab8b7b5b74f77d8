import { type Bytes, concatBytes } from "../../../core/bytes/bytes.ts";
import type { EcPublicKey, RsaPublicKey } from "../../../core/crypto/public-key.ts";
import {
  derBitString,
  derElement,
  derInteger,
  derNull,
  derObjectIdentifier,
  derSequence,
  derUnsignedInteger,
} from "../../../core/der/writer.ts";
import { parseSubjectPublicKeyInfo } from "../../../core/keys/subject-public-key-info.ts";
import { decodePem } from "../../../core/pem/pem.ts";
import { oneMoreElement } from "../../support/one-more-element.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";
import { KEYS } from "../../vectors/keys/keys.ts";

const test = suite("core/keys/subject-public-key-info");
const octetsOf = (pem: string): Bytes => decodePem(pem)[0]!.octets;
const spki = (algorithm: Bytes, key: Bytes) => derSequence(algorithm, derBitString(key));
const algorithm = (oid: string, ...parameters: Bytes[]) => derSequence(derObjectIdentifier(oid), ...parameters);
const RSA = "1.2.840.113549.1.1.1";
const EC = "1.2.840.10045.2.1";

test("parseSubjectPublicKeyInfo() reads RSA, with views into the input", () => {
  const der = octetsOf(KEYS["rsa-public"]);
  const key = parseSubjectPublicKeyInfo(der) as RsaPublicKey;
  assert.is(key.type, "rsa");
  assert.is(key.spki, der);
  assert.is(key.modulus.length, 256);
  assert.is(key.modulus.buffer, der.buffer);
  assert.equal(key.exponent, Uint8Array.of(1, 0, 1));
  assert.is(key.pss, undefined);
});

test("parseSubjectPublicKeyInfo() reads the restrictions of RSASSA-PSS keys", () => {
  const key = parseSubjectPublicKeyInfo(octetsOf(KEYS["rsa-pss-public"])) as RsaPublicKey;
  assert.equal(key.pss, { hash: "SHA-256", mgfHash: "SHA-384", saltLength: 40 });
  const rsa = derSequence(derUnsignedInteger(key.modulus), derInteger(65_537));
  const free = parseSubjectPublicKeyInfo(spki(algorithm("1.2.840.113549.1.1.10"), rsa)) as RsaPublicKey;
  assert.equal(free.pss, {});
  const defaults = spki(algorithm("1.2.840.113549.1.1.10", derSequence()), rsa);
  const key1 = parseSubjectPublicKeyInfo(defaults) as RsaPublicKey;
  assert.equal(key1.pss, { hash: "SHA-1", mgfHash: "SHA-1", saltLength: 20 });
  const wrong = spki(algorithm("1.2.840.113549.1.1.10", derNull()), rsa);
  assertThrows(() => parseSubjectPublicKeyInfo(wrong), "ERR_KEY_MALFORMED");
});

test("parseSubjectPublicKeyInfo() refuses an element too many, wherever it stands", () => {
  for (const name of ["rsa-public", "rsa-pss-public", "P-256-public", "P-521-public", "ed25519-public"] as const) {
    const variants = oneMoreElement(octetsOf(KEYS[name]));
    assert.ok(variants.length >= 2);
    for (const der of variants) assertThrows(() => parseSubjectPublicKeyInfo(der), "ERR_KEY_MALFORMED");
  }
});

test("parseSubjectPublicKeyInfo() reads the curves, Ed25519 and ML-DSA", () => {
  for (const [curve, length] of [["P-256", 65], ["P-384", 97], ["P-521", 133]] as const) {
    const key = parseSubjectPublicKeyInfo(octetsOf(KEYS[`${curve}-public`])) as EcPublicKey;
    assert.is(key.curve, curve);
    assert.is(key.point.length, length);
  }
  assert.is(parseSubjectPublicKeyInfo(octetsOf(KEYS["ed25519-public"])).type, "ed25519");
  for (
    const [parameterSet, arc, length] of [["ML-DSA-44", 17, 1312], ["ML-DSA-65", 18, 1952], [
      "ML-DSA-87",
      19,
      2592,
    ]] as const
  ) {
    const oid = `2.16.840.1.101.3.4.3.${arc}`;
    const key = parseSubjectPublicKeyInfo(spki(algorithm(oid), new Uint8Array(length).fill(1)));
    assert.is(key.type === "ml-dsa" && key.parameterSet, parameterSet);
    const short = spki(algorithm(oid), new Uint8Array(length - 1));
    assertThrows(() => parseSubjectPublicKeyInfo(short), "ERR_KEY_INVALID");
    const withNull = spki(algorithm(oid, derNull()), new Uint8Array(length));
    assertThrows(() => parseSubjectPublicKeyInfo(withNull), "ERR_KEY_MALFORMED");
  }
});

test("parseSubjectPublicKeyInfo() demands NULL for RSA and nothing for Ed25519", () => {
  const rsa = derSequence(derInteger(65_537), derInteger(3));
  assertThrows(() => parseSubjectPublicKeyInfo(spki(algorithm(RSA), rsa)), "ERR_KEY_MALFORMED");
  assertThrows(() => parseSubjectPublicKeyInfo(spki(algorithm(RSA, derSequence()), rsa)), "ERR_KEY_MALFORMED");
  assertThrows(() => parseSubjectPublicKeyInfo(spki(algorithm(RSA, derNull(), derNull()), rsa)), "ERR_KEY_MALFORMED");
  const ed25519 = spki(algorithm("1.3.101.112", derNull()), new Uint8Array(32));
  assertThrows(() => parseSubjectPublicKeyInfo(ed25519), "ERR_KEY_MALFORMED");
  const short = spki(algorithm("1.3.101.112"), new Uint8Array(31));
  assertThrows(() => parseSubjectPublicKeyInfo(short), "ERR_KEY_INVALID");
});

test("parseSubjectPublicKeyInfo() refuses RSA numbers that are negative, and moduli beyond the limit", () => {
  const parse = (modulus: Bytes, exponent: Bytes) =>
    parseSubjectPublicKeyInfo(spki(algorithm(RSA, derNull()), derSequence(modulus, exponent)));
  assertThrows(() => parse(derInteger(-5), derInteger(3)), "ERR_KEY_MALFORMED");
  assertThrows(() => parse(derInteger(5), derInteger(-3)), "ERR_KEY_MALFORMED");
  assertThrows(() => parse(derUnsignedInteger(new Uint8Array(2049).fill(255)), derInteger(3)), "ERR_KEY_LIMIT");
  assertThrows(() => parse(derInteger(5), derInteger(65_537)), "ERR_KEY_LIMIT");
  assertThrows(() => parse(derUnsignedInteger(new Uint8Array(9000).fill(255)), derInteger(3)), "ERR_KEY_MALFORMED");
});

test("parseSubjectPublicKeyInfo() refuses an RSA key that does not end where what holds it ends", () => {
  const rsa = algorithm(RSA, derNull());
  const key = derSequence(derInteger(5), derInteger(3));
  assert.is(parseSubjectPublicKeyInfo(spki(rsa, key)).type, "rsa");
  const longer = key.slice();
  longer[1]! += 2;
  for (
    const malformed of [
      spki(rsa, concatBytes([key, Uint8Array.of(0)])),
      spki(rsa, longer),
      derSequence(rsa, derBitString(longer), derNull()),
      derSequence(rsa, derBitString(key), derNull()),
      derSequence(rsa, derElement(3, Uint8Array.of(1), key)),
      derSequence(rsa, derElement(3)),
    ]
  ) {
    assertThrows(() => parseSubjectPublicKeyInfo(malformed), "ERR_KEY_MALFORMED");
  }
});

test("parseSubjectPublicKeyInfo() refuses points that are not uncompressed points of the curve's length", () => {
  const curve = derObjectIdentifier("1.2.840.10045.3.1.7");
  const { point } = parseSubjectPublicKeyInfo(octetsOf(KEYS["P-256-public"])) as EcPublicKey;
  const parse = (octets: Bytes) => parseSubjectPublicKeyInfo(spki(algorithm(EC, curve), octets));
  assert.is(parse(point).type, "ec");
  const wrong = [new Uint8Array(), Uint8Array.of(0), Uint8Array.of(4), point.slice(0, 64), new Uint8Array(65)];
  for (const octets of [...wrong, concatBytes([point, Uint8Array.of(0)])]) {
    assertThrows(() => parse(octets), "ERR_KEY_INVALID");
  }
  const hybrid = point.slice();
  hybrid[0] = 6;
  assertThrows(() => parse(hybrid), "ERR_KEY_INVALID");
});

test("parseSubjectPublicKeyInfo() names what it does not support", () => {
  const found = (der: Bytes) => assertThrows(() => parseSubjectPublicKeyInfo(der), "ERR_KEY_UNSUPPORTED")["found"];
  assert.is(found(octetsOf(KEYS["P-256-public-compressed"])), "a compressed P-256 point");
  assert.is(found(octetsOf(KEYS["P-256-public-explicit"])), "a curve given by explicit parameters");
  assert.is(found(spki(algorithm("1.3.101.113"), new Uint8Array(57))), "Ed448");
  assert.is(found(spki(algorithm("1.2.3"), new Uint8Array())), "the algorithm 1.2.3");
  assert.is(found(spki(algorithm(EC, derObjectIdentifier("1.3.132.0.10")), new Uint8Array(65))), "secp256k1");
  assert.is(found(spki(algorithm(EC, derObjectIdentifier("1.2.3")), new Uint8Array(65))), "the curve 1.2.3");
});

test("parseSubjectPublicKeyInfo() answers a coded error or a key for every flipped bit and every cut", () => {
  for (const name of ["P-256-public", "rsa-pss-public", "ed25519-public"] as const) {
    const der = octetsOf(KEYS[name]);
    for (let at = 0; at < der.length; at++) {
      const inputs = [0x01, 0x02, 0x08, 0x20, 0x80].map((bit) => {
        const changed = der.slice();
        changed[at]! ^= bit;
        return changed;
      });
      for (const input of [...inputs, der.subarray(0, at)]) {
        try {
          parseSubjectPublicKeyInfo(input);
        } catch (error) {
          assert.match(String((error as { code?: string }).code), /^ERR_KEY_/, `${(error as Error).stack}`);
        }
      }
    }
  }
});

test.run();
