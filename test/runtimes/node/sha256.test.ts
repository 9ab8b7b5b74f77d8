import { encodeHex } from "../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { portableSha256 } from "../../../core/crypto/sha256.ts";
import { nodeSha256 } from "../../../runtimes/node/sha256.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("runtimes/node/sha256");

const TEXTS = [
  "",
  "abc",
  "é",
  "\u{1f600}",
  "a".repeat(64),
  "é".repeat(300),
  "a".repeat(511),
  "a".repeat(513),
  "é".repeat(513),
];

test("nodeSha256 hashes what the portable one hashes", () => {
  for (const text of TEXTS) {
    for (const data of [text, encodeUtf8(text)]) {
      assert.is(nodeSha256.hex(data), portableSha256.hex(data));
      assert.equal(nodeSha256.digest(data), portableSha256.digest(data));
    }
  }
});

test("nodeSha256.encodeHex() writes a view's octets alone", () => {
  assert.is(nodeSha256.encodeHex!(Uint8Array.of(9, 0, 171, 255, 9).subarray(1, 4)), "00abff");
});

test("nodeSha256.encodeHex() writes signatures of every length, one after the other", () => {
  for (const length of [72, 512, 513, 4627, 70, 0]) {
    const octets = Uint8Array.from({ length }, (_, i) => i * 7);
    assert.is(nodeSha256.encodeHex!(octets), encodeHex(octets));
  }
});

test("nodeSha256.hmac() authenticates as the portable one does, short and long, again and again", () => {
  for (const key of ["", "key", "k".repeat(64), "é".repeat(40)]) {
    const native = nodeSha256.hmac(key);
    const portable = portableSha256.hmac(key);
    for (const text of [...TEXTS, ...TEXTS]) {
      for (const data of [text, encodeUtf8(text)]) {
        assert.is(native.hex(data), portable.hex(data));
        assert.equal(native.digest(data), portable.digest(data));
      }
    }
    assert.is(nodeSha256.hmac(encodeUtf8(key)).hex("data"), portable.hex("data"));
  }
});

test.run();
