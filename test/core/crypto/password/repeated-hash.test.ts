import { encodeHex } from "../../../../core/bytes/hex.ts";
import { HASH_OCTETS } from "../../../../core/crypto/hash-octets.ts";
import { repeatHash } from "../../../../core/crypto/password/repeated-hash.ts";
import { portableProvider } from "../../../../core/crypto/portable/mod.ts";
import type { HashName } from "../../../../core/crypto/signature-algorithm.ts";
import { webCryptoProvider } from "../../../../core/crypto/webcrypto-provider.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("core/crypto/password/repeated-hash");

test("repeatHash() hashes what the last hash was, with every hash that a provider has", async () => {
  for (const crypto of [portableProvider({}), webCryptoProvider()]) {
    for (const hash of Object.keys(HASH_OCTETS) as HashName[]) {
      if (hash === "SHA-224" && crypto.name === "WebCrypto") continue;
      let expected = new Uint8Array(HASH_OCTETS[hash]).fill(0xa5);
      for (let times = 0; times < 5; times++) {
        const start = new Uint8Array(HASH_OCTETS[hash]).fill(0xa5);
        assert.is(encodeHex(await repeatHash(hash, start, times, crypto)), encodeHex(expected), `${hash} ${times}`);
        expected = await crypto.digest(hash, expected);
      }
    }
  }
});

test("repeatHash() comes to what others come to after 600,000 hashes", async () => {
  // Python 3.11: for _ in range(600000): d = hashlib.new(name, d).digest(), beginning with as many octets 0.
  const crypto = portableProvider({});
  const repeated = async (hash: HashName): Promise<string> =>
    encodeHex(await repeatHash(hash, new Uint8Array(HASH_OCTETS[hash]), 600_000, crypto));
  assert.is(await repeated("SHA-1"), "53a52dd167657cfec559cd05d2eafd79b401203b");
  assert.is(await repeated("SHA-256"), "95d2b79f794208e391460cdad7f640b5c0d3c874acf6ea1551468965ac9b3d03");
});

test.run();
