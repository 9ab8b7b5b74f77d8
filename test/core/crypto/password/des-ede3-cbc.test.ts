import { decodeHex, encodeHex } from "../../../../core/bytes/hex.ts";
import { decryptTripleDesCbc } from "../../../../core/crypto/password/des-ede3-cbc.ts";
import { assert, assertThrows, suite } from "../../../support/suite.ts";

const test = suite("core/crypto/password/des-ede3-cbc");
const KEY = Uint8Array.from({ length: 24 }, (_, i) => i);
const IV = Uint8Array.from({ length: 8 }, (_, i) => 100 + i);

test("decryptTripleDesCbc() decrypts what OpenSSL encrypts, at every length of padding that matters", () => {
  const vectors: readonly (readonly [number, string])[] = [
    [0, "3af977420aa1400f"],
    [1, "6bae7719eb1b1973"],
    [7, "f1aa4f9200cb78be"],
    [8, "08a1cba82d95002c3e2558f9bb455a2c"],
    [9, "08a1cba82d95002cc44843a350d6fd08"],
    [31, "08a1cba82d95002cbafb4c910315ba3a3711f98fe5d36faeac19752b808b0df6"],
  ];
  for (const [length, data] of vectors) {
    const plain = Uint8Array.from({ length }, (_, i) => (7 * i) & 255);
    assert.is(encodeHex(decryptTripleDesCbc(KEY, IV, decodeHex(data)!)), encodeHex(plain));
  }
});

test("decryptTripleDesCbc() ignores the parity bits of the key", () => {
  const odd = KEY.map((octet) => octet ^ 1);
  assert.equal(decryptTripleDesCbc(odd, IV, decodeHex("6bae7719eb1b1973")!), Uint8Array.of(0));
});

test("decryptTripleDesCbc() refuses wrong padding and lengths", () => {
  const data = decodeHex("08a1cba82d95002cc44843a350d6fd08")!;
  // The first block of the ciphertext turns over the bits of the second block of the plaintext.
  for (const [at, bit] of [[7, 0x01], [7, 0x80], [1, 0x01], [6, 0x20], [7, 0x07]] as const) {
    const changed = data.slice();
    changed[at]! ^= bit;
    assertThrows(() => decryptTripleDesCbc(KEY, IV, changed), "ERR_CRYPTO_DECIPHER");
  }
  // Sixteen octets of 9 and eight of 0: consistent, but no padding of an eight-octet block.
  for (const wrong of ["71165fdcc7fde2d79fcde65f065ecc49", "f9395c0bf48db25f"]) {
    assertThrows(() => decryptTripleDesCbc(KEY, IV, decodeHex(wrong)!), "ERR_CRYPTO_DECIPHER");
  }
  for (const length of [0, 7, 9, 15]) {
    assertThrows(() => decryptTripleDesCbc(KEY, IV, new Uint8Array(length)), "ERR_CRYPTO_DECIPHER");
  }
});

test("decryptTripleDesCbc() leaves its arguments as they are", () => {
  const data = decodeHex("08a1cba82d95002cc44843a350d6fd08")!;
  decryptTripleDesCbc(KEY, IV, data);
  assert.is(encodeHex(data), "08a1cba82d95002cc44843a350d6fd08");
  assert.is(KEY[23], 23);
  assert.is(IV[7], 107);
});

test.run();
