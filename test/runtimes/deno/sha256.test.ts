// runtimes: deno
import type { Bytes } from "../../../core/bytes/bytes.ts";
import { portableSha256 } from "../../../core/crypto/sha256.ts";
import { createSha256, denoSha256 } from "../../../runtimes/deno/sha256.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("runtimes/deno/sha256");

const DATA: readonly (string | Bytes)[] = [
  "",
  "abc",
  "é\ud800𝄞",
  "a".repeat(5000),
  Uint8Array.of(0xff),
  new Uint8Array(9000).fill(7).subarray(3, 8000),
];

test("createSha256() answers the same digests before and after it has taken the native hash", () => {
  for (const octetsInTypeScript of [0, 5003, Infinity]) {
    const sha256 = createSha256(octetsInTypeScript);
    for (const data of [...DATA, ...DATA]) {
      assert.is(sha256.hex(data), portableSha256.hex(data));
      assert.equal(sha256.digest(data), portableSha256.digest(data));
    }
  }
});

test("createSha256() answers digests in arrays of their own", () => {
  for (const octetsInTypeScript of [0, Infinity]) {
    const sha256 = createSha256(octetsInTypeScript);
    for (const digest of [sha256.digest("x"), sha256.digest("y")]) {
      assert.is(digest.constructor, Uint8Array);
      assert.is(digest.buffer.byteLength, 32);
    }
  }
});

test("denoSha256 authenticates as the portable one does", () => {
  const key = "k".repeat(100);
  assert.is(denoSha256.hmac(key).hex("text"), portableSha256.hmac(key).hex("text"));
});

test.run();
