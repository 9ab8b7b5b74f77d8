import { encodeHex } from "../../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../../core/bytes/text.ts";
import { evpBytesToKey } from "../../../../core/crypto/password/evp-bytes-to-key.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("core/crypto/password/evp-bytes-to-key");

test("evpBytesToKey() chains hashes, and shorter keys are the beginnings of longer ones", () => {
  const password = encodeUtf8("password");
  const salt = Uint8Array.from({ length: 8 }, (_, i) => i);
  const longest = "b03096345e805d3aa4392d2e72791dfb13e12d3f61094a3fc347ace86b99ada6";
  for (const length of [1, 16, 24, 32]) {
    assert.is(encodeHex(evpBytesToKey(password, salt, length)), longest.slice(0, 2 * length));
  }
  assert.equal(password, encodeUtf8("password"));
});

test.run();
