import { encodeHex } from "../../../core/bytes/hex.ts";
import { encodePkcs1, whenAll } from "../../../core/crypto/emsa.ts";
import { HASH_OCTETS } from "../../../core/crypto/hash-octets.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/crypto/emsa");

test("encodePkcs1() puts DigestInfo behind as many FF octets as there is room for", () => {
  const encoded = encodeHex(encodePkcs1("SHA-256", new Uint8Array(32).fill(0xab), 64)!);
  assert.is(encoded, `0001${"ff".repeat(10)}003031300d060960864801650304020105000420${"ab".repeat(32)}`);
});

test("encodePkcs1() wants eight FF octets at least", () => {
  for (const hash of ["SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"] as const) {
    const digest = new Uint8Array(HASH_OCTETS[hash]);
    const least = digest.length + (hash === "SHA-1" ? 15 : 19) + 11;
    assert.is(encodePkcs1(hash, digest, least)?.length, least);
    assert.is(encodePkcs1(hash, digest, least - 1), undefined);
  }
});

test("whenAll() answers at once without promises, and later with one", async () => {
  const one = Uint8Array.of(1);
  assert.is(whenAll([one, one], (values) => values.length), 2);
  const later = whenAll([one, Promise.resolve(one)], (values) => values.length);
  assert.instance(later, Promise);
  assert.is(await later, 2);
});

test.run();
