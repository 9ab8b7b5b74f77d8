import { encodeHex } from "../../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../../core/bytes/text.ts";
import { deriveKey } from "../../../../core/crypto/portable/key-derivation.ts";
import { assert, assertThrows, suite } from "../../../support/suite.ts";
import { VECTORS } from "../../../vectors/portable/vectors.ts";

const test = suite("core/crypto/portable/key-derivation");

const password = encodeUtf8("password");
const salt = encodeUtf8("saltsalt");

test("deriveKey() computes PBKDF2 with each hash over several blocks", () => {
  for (const hash of ["SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"] as const) {
    const key = deriveKey({ name: "PBKDF2", hash, salt, iterations: 100, length: 70 }, password);
    assert.is(encodeHex(key), VECTORS.pbkdf2[hash]);
  }
});

test("deriveKey() computes scrypt", () => {
  const parameters = { salt, cost: 64, blockSize: 4, parallelization: 2, length: 40 };
  assert.is(encodeHex(deriveKey({ name: "scrypt", ...parameters }, password)), VECTORS.scrypt);
});

test("deriveKey() refuses PBKDF2 parameters out of range before it computes", () => {
  for (
    const [iterations, length] of [
      [0, 32],
      [-1, 32],
      [1.5, 32],
      [NaN, 32],
      [2 ** 25 + 1, 20],
      [2 ** 24 + 1, 21],
      [Infinity, 20],
      [1, 0],
      [1, 1025],
      [1, NaN],
    ] as const
  ) {
    const derivation = { name: "PBKDF2", hash: "SHA-1", salt, iterations, length } as const;
    assertThrows(() => deriveKey(derivation, password), "ERR_CRYPTO_LIMIT");
  }
});

test("deriveKey() refuses scrypt parameters out of range before it computes", () => {
  for (
    const [cost, blockSize, parallelization] of [
      [0, 8, 1],
      [1, 8, 1],
      [3, 8, 1],
      [-2, 8, 1],
      [NaN, 8, 1],
      [16, 0, 1],
      [16, 8, 0],
      [16, 8, 1.5],
      [2 ** 19, 8, 1],
      [2 ** 40, 8, 1],
      [2, 1, 2 ** 22],
      [2 ** 17, 8, 17],
    ] as const
  ) {
    const derivation = { name: "scrypt", salt, cost, blockSize, parallelization, length: 32 } as const;
    assertThrows(() => deriveKey(derivation, password), "ERR_CRYPTO_LIMIT");
  }
});

test.run();
