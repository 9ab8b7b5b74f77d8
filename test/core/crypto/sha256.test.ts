import { decodeHex, encodeHex } from "../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { portableSha256 } from "../../../core/crypto/sha256.ts";
import { unrolledSha256, unrolledSha256With } from "../../../core/crypto/unrolled-sha256.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/crypto/sha256");

// RFC 4231 §4, cases 1, 2, 3, 4, 6 and 7: key, data, HMAC-SHA-256.
const HMAC_VECTORS: readonly (readonly [key: string, data: string, code: string])[] = [
  ["0b".repeat(20), "4869205468657265", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
  [
    "4a656665",
    "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  ],
  ["aa".repeat(20), "dd".repeat(50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"],
  [
    "0102030405060708090a0b0c0d0e0f10111213141516171819",
    "cd".repeat(50),
    "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
  ],
  [
    "aa".repeat(131),
    encodeHex(encodeUtf8("Test Using Larger Than Block-Size Key - Hash Key First")),
    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
  ],
  [
    "aa".repeat(131),
    encodeHex(encodeUtf8(
      "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.",
    )),
    "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
  ],
];

const encoder = new TextEncoder();
const encodingSha256 = unrolledSha256With((text, octets) => encoder.encodeInto(text, octets));

for (const [name, sha256] of Object.entries({ portableSha256, unrolledSha256, encodingSha256 })) {
  test(`${name}.hex() answers the examples of FIPS 180-2 appendix B`, () => {
    const vectors: Record<string, string> = {
      "": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      abc: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq:
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
      ["a".repeat(1_000_000)]: "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
    };
    for (const [text, digest] of Object.entries(vectors)) {
      assert.is(sha256.hex(text), digest);
      assert.is(sha256.hex(encodeUtf8(text)), digest);
    }
  });

  test(`${name}.digest() agrees with WebCrypto at every length around the block`, async () => {
    const octets = Uint8Array.from({ length: 200 }, (_, i) => (i * 151 + 7) & 0xff);
    for (let length = 0; length <= octets.length; length++) {
      const data = octets.slice(0, length);
      const expected = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
      assert.equal(sha256.digest(data), expected, `${length} octets`);
      assert.is(sha256.hex(data), encodeHex(expected));
    }
  });

  test(`${name}.hex() hashes text as its UTF-8 octets`, () => {
    const unpaired = "\ud800";
    for (
      const text of [
        "é",
        "ሴ",
        "\u{1f600}",
        "a".repeat(63) + "é",
        "é" + "a".repeat(200),
        `a${unpaired}b`,
        "\u007f\u0080",
      ]
    ) {
      assert.is(sha256.hex(text), sha256.hex(encodeUtf8(text)), text);
    }
    for (let length = 0; length < 200; length++) {
      const text = "0123456789".repeat(20).slice(0, length);
      assert.is(sha256.hex(text), sha256.hex(encodeUtf8(text)), text);
    }
  });

  test(`${name}.hex() hashes text of any length and octets anywhere in a buffer`, () => {
    for (const length of [4031, 4032, 4095, 4096, 4097, 5000]) {
      for (const last of ["a", "é", "\u{1f600}", "\ud800"]) {
        const text = "a".repeat(length) + last;
        const octets = encodeUtf8(text);
        assert.is(sha256.hex(text), sha256.hex(octets), `${length} and ${last}`);
        const room = new Uint8Array(octets.length + 9);
        room.set(octets, 5);
        assert.is(sha256.hex(room.subarray(5, 5 + octets.length)), sha256.hex(octets), `${length} and ${last}`);
        assert.is(sha256.hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
      }
    }
  });

  test(`${name}.hmac() answers the vectors of RFC 4231`, () => {
    for (const [key, data, code] of HMAC_VECTORS) {
      const hmac = sha256.hmac(decodeHex(key)!);
      assert.is(hmac.hex(decodeHex(data)!), code);
      assert.is(encodeHex(hmac.digest(decodeHex(data)!)), code);
    }
  });

  test(`${name}.hmac() takes a key as text, longer in octets than in characters`, () => {
    for (const key of ["", "key", "é".repeat(40), "é".repeat(32), "k".repeat(64), "k".repeat(65)]) {
      assert.is(sha256.hmac(key).hex("data"), sha256.hmac(encodeUtf8(key)).hex("data"), key);
    }
  });

  test(`${name}.hmac() keeps its key while others hash`, () => {
    const one = sha256.hmac(encodeUtf8("one"));
    const two = sha256.hmac(encodeUtf8("two"));
    const first = one.hex("data");
    two.hex("data");
    sha256.hex("something else");
    assert.is(one.hex("data"), first);
    assert.is.not(two.hex("data"), first);
  });
}

test.run();
