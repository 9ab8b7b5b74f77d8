import { encodeHex } from "../../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../../core/bytes/text.ts";
import { hash, hmacOf } from "../../../../core/crypto/portable/hash.ts";
import { assert, suite } from "../../../support/suite.ts";
import { VECTORS } from "../../../vectors/portable/vectors.ts";

const test = suite("core/crypto/portable/hash");

const names = ["SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"] as const;

test("hash() computes SHA-1 and SHA-2", () => {
  for (const name of names) assert.is(encodeHex(hash(name, encodeUtf8("anyrole"))), VECTORS.digest[name]);
});

test("hmacOf() is H(K ⊕ opad ‖ H(K ⊕ ipad ‖ text)), long keys hashed first", () => {
  for (const name of names) {
    const block = name === "SHA-384" || name === "SHA-512" ? 128 : 64;
    for (const length of [0, 20, block, block + 1]) {
      const key = new Uint8Array(length).fill(0x0b);
      const padded = new Uint8Array(block);
      padded.set(length > block ? hash(name, key) : key);
      const text = encodeUtf8("anyrole");
      const inner = hash(name, Uint8Array.of(...padded.map((octet) => octet ^ 0x36), ...text));
      const outer = hash(name, Uint8Array.of(...padded.map((octet) => octet ^ 0x5c), ...inner));
      assert.equal(hmacOf(name, key, text), outer);
    }
  }
});

test.run();
