import { bitLength, integerOf, modInverse, modPow, octetsOf, secretModPow } from "../../../core/crypto/big-integer.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/crypto/big-integer");

test("integerOf() and octetsOf() are inverse", () => {
  assert.is(integerOf(new Uint8Array([0, 1, 0])), 256n);
  assert.is(integerOf(new Uint8Array(0)), 0n);
  assert.equal(octetsOf(256n, 3), new Uint8Array([0, 1, 0]));
  assert.equal(octetsOf(0n, 2), new Uint8Array(2));
});

test("octetsOf() refuses integers that do not fit", () => {
  assert.throws(() => octetsOf(256n, 1), /does not fit 1 octets/);
  assert.throws(() => octetsOf(-1n, 1), /does not fit 1 octets/);
});

test("bitLength() counts from the first bit that is set", () => {
  for (const [integer, bits] of [[1n, 1], [2n, 2], [15n, 4], [16n, 5], [255n, 8], [1n << 1024n, 1025]] as const) {
    assert.is(bitLength(integer), bits);
  }
});

test("modPow() and secretModPow() raise to a power", () => {
  const modulus = (1n << 127n) - 1n;
  for (const [base, exponent] of [[3n, 0n], [3n, 1n], [7n, 65537n], [modulus - 1n, 12345n], [0n, 5n]] as const) {
    let power = 1n;
    for (const bit of exponent.toString(2)) power = power * power * (bit === "1" ? base : 1n) % modulus;
    assert.is(modPow(base, exponent, modulus), power);
    assert.is(secretModPow(base, exponent, modulus, 127), power);
  }
  // Fermat's little theorem: the modulus is a Mersenne prime.
  assert.is(secretModPow(5n, modulus - 1n, modulus, 127), 1n);
});

test("modInverse() answers the inverse, or undefined for a common factor", () => {
  assert.is(modInverse(3n, 11n), 4n);
  assert.is(modInverse(-8n, 11n), 4n);
  assert.is(modInverse(14n, 11n), 4n);
  assert.is(modInverse(6n, 9n), undefined);
  assert.is(modInverse(0n, 9n), undefined);
});

test.run();
