import { removePadding } from "../../../../core/crypto/password/padding.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("core/crypto/password/padding");

test("removePadding() answers what stands before the padding, and overwrites its argument", () => {
  for (let padding = 1; padding <= 8; padding++) {
    const plain = new Uint8Array(16).fill(7, 0, 16 - padding).fill(padding, 16 - padding);
    assert.equal(removePadding(plain, 8), new Uint8Array(16 - padding).fill(7));
    assert.equal(plain, new Uint8Array(16));
  }
});

test("removePadding() refuses padding that is too long, absent or uneven", () => {
  for (const wrong of [[0, 0, 0, 0, 0, 0, 0, 0], [9, 9, 9, 9, 9, 9, 9, 9], [1, 1, 1, 1, 1, 2, 3, 3], [255]]) {
    const plain = Uint8Array.from(wrong);
    assert.is(removePadding(plain, 8), undefined);
    assert.ok(plain.every((octet) => octet === 0));
  }
});

test.run();
