import { encodeHex } from "../../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../../core/bytes/text.ts";
import { md5 } from "../../../../core/crypto/password/md5.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("core/crypto/password/md5");

test("md5() answers the test suite of RFC 1321 §A.5", () => {
  const vectors: readonly (readonly [string, string])[] = [
    ["", "d41d8cd98f00b204e9800998ecf8427e"],
    ["a", "0cc175b9c0f1b6a831c399e269772661"],
    ["abc", "900150983cd24fb0d6963f7d28e17f72"],
    ["message digest", "f96b697d7cb7938d525a2f31aaf161d0"],
    ["abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"],
    ["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", "d174ab98d277d9f5a5611c2c9f419d9f"],
    ["1234567890".repeat(8), "57edf4a22be3c955ac49da2e2107b67a"],
  ];
  for (const [text, hash] of vectors) assert.is(encodeHex(md5(encodeUtf8(text))), hash);
});

test("md5() pads at every length around a block, and leaves its argument as it is", () => {
  // The hash of the hashes of 0 to 130 octets, as another implementation computes it.
  const data = Uint8Array.from({ length: 130 }, (_, i) => i);
  const all = new Uint8Array(131 * 16);
  for (let length = 0; length <= 130; length++) all.set(md5(data.subarray(0, length)), 16 * length);
  assert.is(encodeHex(md5(all)), "948a4ea64101794d6716d23b5585c2f6");
  assert.is(data[129], 129);
});

test.run();
