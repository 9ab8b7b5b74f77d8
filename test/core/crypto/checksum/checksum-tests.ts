/**
 * What every checksum has to do.
 *
 * @module
 */

import fc from "fast-check";
import type { Bytes } from "../../../../core/bytes/bytes.ts";
import { encodeHex } from "../../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../../core/bytes/text.ts";
import type { ChecksumAlgorithm } from "../../../../core/crypto/checksum/checksum.ts";
import { assert, type Suite } from "../../../support/suite.ts";

/**
 * Adds the tests of an algorithm.
 *
 * @param check its checksum of the digits 1 to 9, which catalogues of checksums call "check"
 * @param reference a second implementation
 */
export function addChecksumTests(
  test: Suite,
  algorithm: ChecksumAlgorithm,
  check: string,
  reference: (data: Bytes) => Bytes,
): void {
  const { name } = algorithm;
  const sumOf = (...pieces: readonly Bytes[]): string => {
    const checksum = algorithm.create();
    for (const piece of pieces) checksum.update(piece);
    const sum = checksum.digest();
    assert.is(sum.length, algorithm.octets);
    return encodeHex(sum);
  };

  test(`${name} sums the digits 1 to 9 as the catalogue says`, () => {
    assert.is(sumOf(encodeUtf8("123456789")), check);
  });

  test(`${name} sums pieces of any length as the whole, and as the reference does`, () => {
    const piece = fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ minLength: 50, maxLength: 200 }));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const octets = pieces.map((each) => Uint8Array.from(each));
        const whole = Uint8Array.from(octets.flatMap((each) => [...each]));
        const expected = encodeHex(reference(whole));
        assert.is(sumOf(whole), expected);
        assert.is(sumOf(...octets), expected);
      }),
      { numRuns: 100, seed: 20260601 },
    );
  });

  test(`${name} sums every length up to three blocks`, () => {
    const data = Uint8Array.from({ length: 200 }, (_, i) => i * 7);
    for (let length = 0; length <= data.length; length++) {
      const part = data.slice(0, length);
      assert.is(sumOf(part), encodeHex(reference(part)), `${length}`);
    }
  });

  test(`${name} keeps sums apart, and views where they are`, () => {
    const data = encodeUtf8("--123456789--");
    const [a, b] = [algorithm.create(), algorithm.create()];
    a.update(data.subarray(2, 6));
    b.update(data);
    a.update(data.subarray(6, 11));
    assert.is(encodeHex(a.digest()), check);
    assert.is(encodeHex(b.digest()), encodeHex(reference(data)));
  });
}
