// runtimes: node20 node deno bun workerd
import { ECDSA_SHA256, RSA_PKCS1_SHA256 } from "../../../core/crypto/signature-algorithm.ts";
import { webCryptoProvider } from "../../../core/crypto/webcrypto-provider.ts";
import { webCryptoVerifier } from "../../../core/crypto/webcrypto-verifier.ts";
import { parseSubjectPublicKeyInfo } from "../../../core/keys/mod.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("core/crypto/webcrypto-verifier");

const MESSAGE = Uint8Array.of(1, 2, 3);

test("webCryptoVerifier() verifies what webCryptoProvider() signs, and nothing else", async () => {
  const provider = webCryptoProvider();
  for (
    const [specification, algorithm] of [
      [{ type: "ec", curve: "P-256" }, ECDSA_SHA256],
      [{ type: "rsa", bits: 2048 }, RSA_PKCS1_SHA256],
    ] as const
  ) {
    const signer = await provider.importPrivateKey(await provider.generatePrivateKey(specification), algorithm);
    const signature = await signer.sign(MESSAGE);
    const key = parseSubjectPublicKeyInfo(signer.publicKey);
    const verifier = await webCryptoVerifier().importPublicKey(key, algorithm);
    assert.is(await verifier.verify(MESSAGE, signature), true);
    assert.is(await verifier.verify(Uint8Array.of(1, 2, 4), signature), false);
    assert.is(await verifier.verify(MESSAGE, signature.subarray(1)), false);
    const wrong = algorithm === ECDSA_SHA256 ? RSA_PKCS1_SHA256 : ECDSA_SHA256;
    await assertRejects(async () => await webCryptoVerifier().importPublicKey(key, wrong), "ERR_CRYPTO_INVALID_KEY");
  }
});

test("webCryptoVerifier() says that it lacks what a platform without WebCrypto lacks", async () => {
  const provider = webCryptoProvider();
  const signer = await provider.importPrivateKey(
    await provider.generatePrivateKey({ type: "ec", curve: "P-256" }),
    ECDSA_SHA256,
  );
  const key = parseSubjectPublicKeyInfo(signer.publicKey);
  const bare = webCryptoVerifier({ getRandomValues: () => undefined } as never);
  assert.is(bare.name, "WebCrypto");
  await assertRejects(async () => await bare.importPublicKey(key, ECDSA_SHA256), "ERR_CRYPTO_UNSUPPORTED");
});

test.run();
