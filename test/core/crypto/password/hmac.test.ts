import { encodeHex } from "../../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../../core/bytes/text.ts";
import { hmac } from "../../../../core/crypto/password/hmac.ts";
import { hmacOf } from "../../../../core/crypto/portable/hash.ts";
import { portableProvider } from "../../../../core/crypto/portable/mod.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("core/crypto/password/hmac");
const PORTABLE = portableProvider({});

test("hmac() agrees with RFC 4231, test case 2", async () => {
  const mac = await hmac("SHA-256", encodeUtf8("Jefe"), encodeUtf8("what do ya want for nothing?"), PORTABLE);
  assert.is(encodeHex(mac), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
});

test("hmac() agrees with another implementation, for keys around the length of a block", async () => {
  for (const hash of ["SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"] as const) {
    for (const length of [0, 1, 63, 64, 65, 127, 128, 129, 200]) {
      const key = Uint8Array.from({ length }, (_, i) => i);
      const kept = key.slice();
      const data = new Uint8Array(77).fill(length);
      assert.equal(await hmac(hash, key, data, PORTABLE), hmacOf(hash, key, data), `${hash} ${length}`);
      assert.equal(key, kept);
    }
  }
});

test.run();
