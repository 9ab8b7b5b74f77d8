import { decodeHex, encodeHex } from "../../../core/bytes/hex.ts";
import { hkdfSha256 } from "../../../core/crypto/hkdf.ts";
import { portableSha256 } from "../../../core/crypto/sha256.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/crypto/hkdf");

/** Hexadecimal digits of the octets from one number on. */
const run = (from: number, length: number) => encodeHex(Uint8Array.from({ length }, (_, i) => from + i));

// RFC 5869 Appendix A, cases 1 to 3: secret, salt, info, key.
const VECTORS: readonly (readonly [secret: string, salt: string | undefined, info: string, key: string])[] = [
  [
    "0b".repeat(22),
    run(0x00, 13),
    run(0xf0, 10),
    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
  ],
  [
    run(0x00, 80),
    run(0x60, 80),
    run(0xb0, 80),
    "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09" +
    "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
  ],
  [
    "0b".repeat(22),
    undefined,
    "",
    "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
  ],
];

for (const [i, [secret, salt, info, key]] of VECTORS.entries()) {
  test(`hkdfSha256() derives the key of RFC 5869 §A.${i + 1}`, () => {
    const options = { info: decodeHex(info)!, length: key.length / 2 };
    const given = salt === undefined ? options : { ...options, salt: decodeHex(salt)! };
    assert.is(encodeHex(hkdfSha256(portableSha256, decodeHex(secret)!, given)), key);
  });
}

test("hkdfSha256() takes an absent salt for 32 zeros", () => {
  const secret = new Uint8Array(16).fill(1);
  const options = { info: new Uint8Array(0), length: 16 };
  assert.equal(
    hkdfSha256(portableSha256, secret, options),
    hkdfSha256(portableSha256, secret, { ...options, salt: new Uint8Array(32) }),
  );
});

test("hkdfSha256() derives 8160 octets and no more", () => {
  const secret = new Uint8Array(16);
  const derive = (length: number) => hkdfSha256(portableSha256, secret, { info: new Uint8Array(0), length });
  const longest = derive(8160);
  assert.is(longest.length, 8160);
  assert.equal(derive(33), longest.slice(0, 33));
  assert.is(derive(0).length, 0);
  for (const length of [8161, -1, 1.5, NaN]) assert.throws(() => derive(length), /"length"/);
});

test("hkdfSha256() leaves the secret as it is", () => {
  const secret = new Uint8Array(32).fill(7);
  hkdfSha256(portableSha256, secret, { info: new Uint8Array(0), length: 64 });
  assert.equal(secret, new Uint8Array(32).fill(7));
});

test.run();
