import { decodeHex, encodeHex } from "../../../core/bytes/hex.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/bytes/hex");

test("encodeHex() writes two lower-case digits an octet", () => {
  assert.is(encodeHex(new Uint8Array([0, 15, 16, 255])), "000f10ff");
  assert.is(encodeHex(new Uint8Array()), "");
});

test("decodeHex() reads what encodeHex() writes", () => {
  assert.equal(decodeHex("000f10ff"), new Uint8Array([0, 15, 16, 255]));
});

test("decodeHex() reads either case", () => {
  assert.equal(decodeHex("aBcDeF"), new Uint8Array([0xab, 0xcd, 0xef]));
});

test("decodeHex() refuses an odd length and every other character", () => {
  for (const text of ["0", "0g", "g0", " 0", "0x", "@0", "`0", "\u0130\u0130"]) {
    assert.is(decodeHex(text), undefined, text);
  }
});

test.run();
