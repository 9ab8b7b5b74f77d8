import type { Bytes } from "../../../core/bytes/bytes.ts";
import { decodeHex, encodeHex } from "../../../core/bytes/hex.ts";
import { ecdsaSignatureFromDer, ecdsaSignatureToDer } from "../../../core/crypto/ecdsa-signature.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("core/crypto/ecdsa-signature");

const octets = (hex: string): Bytes => decodeHex(hex)!;

test("ecdsaSignatureToDer() writes minimal integers with a sign octet where the first bit is set", () => {
  assert.is(encodeHex(ecdsaSignatureToDer(octets("0001ff00"))), "3008020101020300ff00");
  assert.is(encodeHex(ecdsaSignatureToDer(octets("00000000"))), "3006020100020100");
});

test("ecdsaSignatureToDer() refuses what has no two halves", () => {
  assertThrows(() => ecdsaSignatureToDer(new Uint8Array(0)), "ERR_CRYPTO_INVALID_SIGNATURE_ENCODING");
  assertThrows(() => ecdsaSignatureToDer(new Uint8Array(3)), "ERR_CRYPTO_INVALID_SIGNATURE_ENCODING");
});

test("ecdsaSignatureFromDer() answers what ecdsaSignatureToDer() was given", () => {
  for (const length of [32, 48, 66]) {
    for (const fill of [0x00, 0x01, 0x7f, 0x80, 0xff]) {
      const raw = new Uint8Array(2 * length).fill(fill);
      raw[3] = 0xaa;
      assert.equal(ecdsaSignatureFromDer(ecdsaSignatureToDer(raw), length), raw);
    }
  }
});

test("ecdsaSignatureFromDer() refuses everything that is not strict DER", () => {
  const cases: Record<string, string> = {
    "nothing": "",
    "cut off": "30060201010201",
    "something behind": "300602010102010100",
    "something inside behind": "3009020101020101020101",
    "one integer": "3003020101",
    "a negative integer": "3006020180020101",
    "an integer that is not minimal": "300702020001020101",
    "a length that is not minimal": "308106020101020101",
    "an indefinite length": "30800201010201010000",
    "another tag": "3106020101020101",
    "an integer of another type": "3006030101020101",
    "an integer without contents": "3005020002" + "0101",
    "an integer longer than the curve": "300a0205010000000002" + "0101",
  };
  for (const [name, der] of Object.entries(cases)) {
    const error = assertThrows(() => ecdsaSignatureFromDer(octets(der), 4), "ERR_CRYPTO_INVALID_SIGNATURE_ENCODING");
    assert.ok(error["cause"] !== undefined, name);
  }
});

test.run();
