import type { Bytes } from "../../../../core/bytes/bytes.ts";
import { decodeHex } from "../../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../../core/bytes/text.ts";
import { ecdsaSignatureFromDer } from "../../../../core/crypto/ecdsa-signature.ts";
import { EcdsaArithmetic } from "../../../../core/crypto/portable/ecdsa.ts";
import { ecPrivateKey } from "../../../../core/crypto/private-key.ts";
import { CURVE_OCTETS } from "../../../../core/crypto/public-key.ts";
import { assert, assertThrows, suite } from "../../../support/suite.ts";
import { VECTORS } from "../../../vectors/portable/vectors.ts";

const test = suite("core/crypto/portable/ecdsa");

const octets = (hex: string): Bytes => decodeHex(hex)!;
const message = encodeUtf8("anyrole");
const curves = ["P-256", "P-384", "P-521"] as const;

/** Octets that differ from call to call, always in the same way. */
function counter(): (length: number) => Bytes {
  let calls = 0;
  return (length) => new Uint8Array(length).map((_, i) => (++calls * 31 + i * 7) & 0xff);
}

test("EcdsaArithmetic.verify() accepts signatures with hashes longer and shorter than the order", () => {
  const arithmetic = new EcdsaArithmetic();
  for (const { curve, hash, point, signature } of VECTORS.ec) {
    const raw = ecdsaSignatureFromDer(octets(signature), CURVE_OCTETS[curve]);
    assert.is(arithmetic.verify(curve, octets(point), hash, message, raw), true);
    assert.is(arithmetic.verify(curve, octets(point), hash, encodeUtf8("anyrolf"), raw), false);
    assert.is(arithmetic.verify(curve, octets(point), hash, message, raw.slice(1)), false);
    assert.is(arithmetic.verify(curve, octets(point), hash, message, new Uint8Array(raw.length)), false);
    assert.is(arithmetic.verify(curve, octets(point), hash, message, new Uint8Array(raw.length).fill(0xff)), false);
    raw[5]! ^= 1;
    assert.is(arithmetic.verify(curve, octets(point), hash, message, raw), false);
  }
});

test("EcdsaArithmetic.verify() accepts both s and n - s", () => {
  const arithmetic = new EcdsaArithmetic();
  const { curve, hash, point, signature } = VECTORS.ec[0];
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const raw = ecdsaSignatureFromDer(octets(signature), 32);
  let s = 0n;
  for (const octet of raw.subarray(32)) s = s * 256n + BigInt(octet);
  raw.set(octets((order - s).toString(16).padStart(64, "0")), 32);
  assert.is(arithmetic.verify(curve, octets(point), hash, message, raw), true);
});

test("EcdsaArithmetic.sign() is deterministic, and the same with and without blinding", () => {
  for (const { curve, scalar, point, hash } of VECTORS.ec) {
    const key = ecPrivateKey({ curve, scalar: octets(scalar) });
    const plain = new EcdsaArithmetic().sign(key, hash, message);
    assert.equal(new EcdsaArithmetic(counter()).sign(key, hash, message), plain);
    assert.is(new EcdsaArithmetic().verify(curve, octets(point), hash, message, plain), true);
  }
});

test("EcdsaArithmetic.sign() signs with every curve and hash what verify() accepts", () => {
  const arithmetic = new EcdsaArithmetic();
  for (const curve of curves) {
    const key = arithmetic.generate(curve, counter());
    for (const hash of ["SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"] as const) {
      const raw = arithmetic.sign(key, hash, message);
      assert.is(raw.length, 2 * CURVE_OCTETS[curve]);
      assert.is(arithmetic.verify(curve, key.point!, hash, message, raw), true);
    }
  }
});

test("EcdsaArithmetic.checkPrivateKey() answers the point", () => {
  for (const { curve, scalar, point } of VECTORS.ec) {
    assert.equal(new EcdsaArithmetic().checkPrivateKey(ecPrivateKey({ curve, scalar: octets(scalar) })), octets(point));
  }
});

test("EcdsaArithmetic.checkPrivateKey() refuses scalars out of range and another key's point", () => {
  const arithmetic = new EcdsaArithmetic();
  const [first, second] = VECTORS.ec;
  for (const curve of curves) {
    for (
      const scalar of [
        new Uint8Array(CURVE_OCTETS[curve]),
        new Uint8Array(CURVE_OCTETS[curve]).fill(0xff),
        new Uint8Array(CURVE_OCTETS[curve] - 1).fill(1),
        new Uint8Array(CURVE_OCTETS[curve] + 1).fill(1),
        new Uint8Array(0),
      ]
    ) {
      assertThrows(() => arithmetic.checkPrivateKey(ecPrivateKey({ curve, scalar })), "ERR_CRYPTO_INVALID_KEY");
    }
  }
  const stranger = ecPrivateKey({ curve: "P-256", scalar: octets(first.scalar), point: octets(second.point) });
  assertThrows(() => arithmetic.checkPrivateKey(stranger), "ERR_CRYPTO_INVALID_KEY");
});

test("EcdsaArithmetic.checkPoint() refuses what is not an uncompressed point of the curve", () => {
  const arithmetic = new EcdsaArithmetic();
  const { point } = VECTORS.ec[0];
  arithmetic.checkPoint("P-256", octets(point));
  const off = octets(point);
  off[64]! ^= 1;
  const compressed = octets(point).slice(0, 33);
  compressed[0] = off[64]! & 1 ? 2 : 3;
  const hybrid = octets(point);
  hybrid[0] = 6;
  for (const bad of [off, compressed, hybrid, Uint8Array.of(0), new Uint8Array(0), new Uint8Array(65)]) {
    assertThrows(() => arithmetic.checkPoint("P-256", bad), "ERR_CRYPTO_INVALID_KEY");
  }
  assertThrows(() => arithmetic.checkPoint("P-384", octets(point)), "ERR_CRYPTO_INVALID_KEY");
});

test.run();
