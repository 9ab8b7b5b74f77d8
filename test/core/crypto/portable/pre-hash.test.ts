import { preHash } from "../../../../core/crypto/portable/pre-hash.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("core/crypto/portable/pre-hash");

test("preHash() knows the twelve functions of FIPS 204 by their last arcs and lengths", () => {
  const expected: [string, number, number][] = [
    ["SHA2-256", 1, 32],
    ["SHA2-384", 2, 48],
    ["SHA2-512", 3, 64],
    ["SHA2-224", 4, 28],
    ["SHA2-512/224", 5, 28],
    ["SHA2-512/256", 6, 32],
    ["SHA3-224", 7, 28],
    ["SHA3-256", 8, 32],
    ["SHA3-384", 9, 48],
    ["SHA3-512", 10, 64],
    ["SHAKE-128", 11, 32],
    ["SHAKE-256", 12, 64],
  ];
  for (const [name, arc, length] of expected) {
    const found = preHash(name);
    assert.is(found?.oid, `2.16.840.1.101.3.4.2.${arc}`);
    assert.is(found?.digest(new Uint8Array(3)).length, length);
  }
});

test("preHash() is undefined for other names", () => {
  assert.is(preHash("SHA-256"), undefined);
  assert.is(preHash("constructor"), undefined);
});

test.run();
