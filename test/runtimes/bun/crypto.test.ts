// runtimes: bun
import { ECDSA_SHA256, RSA_PKCS1_SHA256 } from "../../../core/crypto/signature-algorithm.ts";
import { parseSubjectPublicKeyInfo } from "../../../core/keys/mod.ts";
import { bunCrypto } from "../../../runtimes/bun/crypto.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("runtimes/bun/crypto");

test("bunCrypto() verifies long messages as it verifies short ones", async () => {
  const provider = bunCrypto();
  for (const algorithm of [ECDSA_SHA256, RSA_PKCS1_SHA256]) {
    const key = await provider.generatePrivateKey(
      algorithm === ECDSA_SHA256 ? { type: "ec", curve: "P-256" } : { type: "rsa", bits: 2048 },
    );
    const signer = await provider.importPrivateKey(key, algorithm);
    const verifier = await provider.importPublicKey(parseSubjectPublicKeyInfo(signer.publicKey), algorithm);
    for (const length of [0, 1000, (1 << 20) - 1, 1 << 20, 3_000_001]) {
      const message = new Uint8Array(length).fill(7);
      const signature = await signer.sign(message);
      assert.is(await verifier.verify(message, signature), true);
      assert.is(await verifier.verify(new Uint8Array(length + 1).fill(7), signature), false);
      assert.is(await verifier.verify(message, signature.slice(1)), false);
      if (length === 0) continue;
      message[length >> 1] = 8;
      assert.is(await verifier.verify(message, signature), false);
    }
  }
});

test.run();
