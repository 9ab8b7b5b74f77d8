import { decodeHex, encodeHex } from "../../../core/bytes/hex.ts";
import { encodePkcs8 } from "../../../core/crypto/pkcs8-encoding.ts";
import { ecPrivateKey, mlDsaPrivateKey } from "../../../core/crypto/private-key.ts";
import { ecPublicKey, ed25519PublicKey, mlDsaPublicKey, rsaPublicKey } from "../../../core/crypto/spki-encoding.ts";
import { parsePrivateKey } from "../../../core/keys/private-key.ts";
import { parseSubjectPublicKeyInfo } from "../../../core/keys/subject-public-key-info.ts";
import { assert, suite } from "../../support/suite.ts";
import { GOLDEN_PEM } from "../sign/golden-identity.ts";

const test = suite("core/crypto/spki-encoding, core/crypto/pkcs8-encoding");

test("rsaPublicKey() writes rsaEncryption with NULL, and drops leading zeros", () => {
  const key = rsaPublicKey({ modulus: Uint8Array.of(0, 0xc1), exponent: Uint8Array.of(0, 0, 3) });
  assert.is(encodeHex(key.spki), "301b300d06092a864886f70d0101010500030a003007020200c1020103");
  assert.equal(key.modulus, Uint8Array.of(0xc1));
  assert.equal(key.exponent, Uint8Array.of(3));
});

test("ecPublicKey() writes named curves, and refuses other points", () => {
  const point = new Uint8Array(65).fill(1);
  point[0] = 4;
  const key = ecPublicKey({ curve: "P-256", point });
  assert.is(encodeHex(key.spki), "3059301306072a8648ce3d020106082a8648ce3d030107034200" + encodeHex(point));
  assert.throws(() => ecPublicKey({ curve: "P-384", point }), RangeError);
  assert.throws(() => ecPublicKey({ curve: "P-256", point: point.subarray(1) }), RangeError);
  point[0] = 2;
  assert.throws(() => ecPublicKey({ curve: "P-256", point }), RangeError);
});

test("ed25519PublicKey() and mlDsaPublicKey() write no parameters, and refuse other lengths", () => {
  const ed25519 = ed25519PublicKey({ key: new Uint8Array(32) });
  assert.is(encodeHex(ed25519.spki), "302a300506032b6570032100" + "00".repeat(32));
  const mlDsa = mlDsaPublicKey({ parameterSet: "ML-DSA-65", key: new Uint8Array(1952) });
  assert.is(encodeHex(mlDsa.spki), "308207b2300b0609608648016503040312038207a100" + "00".repeat(1952));
  assert.throws(() => ed25519PublicKey({ key: new Uint8Array(31) }), RangeError);
  assert.throws(() => mlDsaPublicKey({ parameterSet: "ML-DSA-44", key: new Uint8Array(1952) }), RangeError);
});

test("parseSubjectPublicKeyInfo() reads what is written here", () => {
  for (
    const key of [
      rsaPublicKey({ modulus: new Uint8Array(128).fill(0xff), exponent: Uint8Array.of(1, 0, 1) }),
      ecPublicKey({ curve: "P-521", point: new Uint8Array(133).fill(4) }),
      ed25519PublicKey({ key: new Uint8Array(32).fill(9) }),
      mlDsaPublicKey({ parameterSet: "ML-DSA-87", key: new Uint8Array(2592).fill(7) }),
    ]
  ) {
    assert.equal(parseSubjectPublicKeyInfo(key.spki), key);
  }
});

test("encodePkcs8() writes the seed alone when an ML-DSA key has one", () => {
  const seed = new Uint8Array(32).fill(1);
  const expanded = new Uint8Array(2560);
  const parameterSet = "ML-DSA-44";
  const prefix = "3034020100300b06096086480165030403110422" + "8020";
  assert.is(encodeHex(encodePkcs8(mlDsaPrivateKey({ parameterSet, seed }))), prefix + "01".repeat(32));
  assert.is(encodeHex(encodePkcs8(mlDsaPrivateKey({ parameterSet, seed, expanded }))), prefix + "01".repeat(32));
  assert.is(encodePkcs8(mlDsaPrivateKey({ parameterSet, expanded })).length, 2560 + 28);
  assert.throws(() => encodePkcs8(mlDsaPrivateKey({ parameterSet })), RangeError);
});

test("encodePkcs8() writes the point of a curve when there is one", () => {
  const scalar = new Uint8Array(32).fill(1);
  const bare = encodePkcs8(ecPrivateKey({ curve: "P-256", scalar }));
  assert.equal(
    bare,
    decodeHex(
      "3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420" + "01".repeat(32),
    ),
  );
  const point = new Uint8Array(65).fill(2);
  point[0] = 4;
  const full = ecPrivateKey({ curve: "P-256", scalar, point });
  assert.equal(parsePrivateKey(encodePkcs8(full)), full);
});

test("encodePkcs8() writes RSA keys that are read back the same", () => {
  const key = parsePrivateKey(GOLDEN_PEM);
  const copy = parsePrivateKey(encodePkcs8(key));
  for (const name of Object.getOwnPropertyNames(key)) {
    assert.equal(copy[name as keyof typeof copy], key[name as keyof typeof key], name);
  }
});

test.run();
