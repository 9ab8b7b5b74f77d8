// runtimes: node20 node deno bun workerd
import type { Bytes } from "../../../core/bytes/bytes.ts";
import { portableSha256 } from "../../../core/crypto/sha256.ts";
import { hashAround } from "../../../runtimes/shared/hash-around.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("runtimes/shared/hash-around");

test("hashAround() hashes start, middle and end as one text, of whatever length the last one was", () => {
  const pieces = ["", "a", "é", "\u{1f600}", "\ud800", "a".repeat(300), "é".repeat(300), "\u20ac".repeat(1000), "b"];
  for (const middle of ["", "middle", "m\u00e9".repeat(700)]) {
    const hex = hashAround(portableSha256.hex)(middle);
    for (const start of pieces) {
      for (const end of [...pieces, ...pieces.slice().reverse()]) {
        assert.is(hex(start, end), portableSha256.hex(start + middle + end));
      }
    }
  }
});

test("hashAround() keeps each middle apart", () => {
  const around = hashAround(portableSha256.hex);
  const [one, other] = [around("1"), around("2")];
  for (const start of ["", "s"]) {
    assert.is(one(start, "e"), portableSha256.hex(`${start}1e`));
    assert.is(other(start, "e"), portableSha256.hex(`${start}2e`));
  }
});

test("hashAround() overwrites what stood before the middle", () => {
  let seen: Bytes | undefined;
  const hex = hashAround((octets) => {
    seen = octets;
    return "";
  })("middle");
  hex("token", "end");
  assert.equal(seen!.subarray(0, 11), Uint8Array.of(0, 0, 0, 0, 0, ...[..."middle"].map((c) => c.charCodeAt(0))));
});

test.run();
