import { decodeHex, encodeHex } from "../../../../core/bytes/hex.ts";
import { decryptRc2Cbc } from "../../../../core/crypto/password/rc2-cbc.ts";
import { assert, assertThrows, suite } from "../../../support/suite.ts";

const test = suite("core/crypto/password/rc2-cbc");
const KEY = Uint8Array.from({ length: 16 }, (_, i) => i);
const IV = Uint8Array.from({ length: 8 }, (_, i) => 100 + i);

test("decryptRc2Cbc() decrypts what OpenSSL encrypts, with 40 and 128 bits, at every length of padding that matters", () => {
  const vectors: readonly (readonly [number, string, string])[] = [
    [0, "41011731ed597da7", "eb1c2b0fd28238c9"],
    [1, "ceb324a545c2f22f", "97490ec3b80dcf22"],
    [7, "7165051466bf80b9", "7ba76ea961374fc0"],
    [8, "6aab3c7919290e5697b513a9eb50dd07", "cb6230a784b35563aae2aa75316213e6"],
    [9, "6aab3c7919290e565d9a70d8fe9f1ea2", "cb6230a784b3556373bbaba526370a7e"],
    [
      31,
      "6aab3c7919290e569e6245423e33b0ac6c3138e8f4b5b97621bb2afee8b6ff3d",
      "cb6230a784b35563803812272af7b1de1f96efff25eadb555fe5c7f2de41b748",
    ],
  ];
  for (const [length, data40, data128] of vectors) {
    const plain = encodeHex(Uint8Array.from({ length }, (_, i) => (7 * i) & 255));
    assert.is(encodeHex(decryptRc2Cbc(KEY.slice(0, 5), 40, IV, decodeHex(data40)!)), plain);
    assert.is(encodeHex(decryptRc2Cbc(KEY, 128, IV, decodeHex(data128)!)), plain);
  }
});

test("decryptRc2Cbc() agrees with the vectors of RFC 2268 section 5", () => {
  // Single blocks: a second one, all padding in CBC, is not among them; so the plaintext is seen through the padding.
  const vectors = [
    ["0000000000000000", 63, "ebb773f993278eff", "0000000000000000"],
    ["ffffffffffffffff", 64, "278b27e42e2f0d49", "ffffffffffffffff"],
    ["3000000000000000", 64, "30649edf9be7d2c2", "1000000000000001"],
    ["88", 64, "61a8a244adacccf0", "0000000000000000"],
    ["88bca90e90875a", 64, "6ccf4308974c267f", "0000000000000000"],
    ["88bca90e90875a7f0f79c384627bafb2", 64, "1a807d272bbe5db1", "0000000000000000"],
    ["88bca90e90875a7f0f79c384627bafb2", 128, "2269552ab0f85ca6", "0000000000000000"],
  ] as const;
  for (const [key, bits, data, expected] of vectors) {
    // The vector turns the block into one octet of text and seven of padding.
    const iv = decodeHex(expected)!.map((octet, i) => octet ^ (i === 0 ? 0x2a : 7));
    const plain = decryptRc2Cbc(decodeHex(key)!, bits, iv, decodeHex(data)!);
    assert.is(encodeHex(plain), "2a", key);
  }
});

test("decryptRc2Cbc() refuses wrong padding and lengths", () => {
  for (const length of [0, 1, 7, 9]) {
    assertThrows(() => decryptRc2Cbc(KEY, 128, IV, new Uint8Array(length)), "ERR_CRYPTO_DECIPHER");
  }
  // Sixteen octets of 9 and eight of 0: consistent, but no padding of an eight-octet block.
  for (const wrong of ["a6b13c4ef881023e255ceb42fa7901d9", "3c85a9199e5815e8"]) {
    assertThrows(() => decryptRc2Cbc(KEY, 128, IV, decodeHex(wrong)!), "ERR_CRYPTO_DECIPHER");
  }
});

test.run();
