// runtimes: bun
import { encodeHex } from "../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { ecPrivateKey, type PrivateKey, rsaPrivateKey } from "../../../core/crypto/private-key.ts";
import type { KeySpecification } from "../../../core/crypto/provider.ts";
import { RSA_PKCS1_SHA256, sessionAlgorithm } from "../../../core/crypto/signature-algorithm.ts";
import { parsePrivateKey } from "../../../core/keys/private-key.ts";
import { parseSubjectPublicKeyInfo } from "../../../core/keys/subject-public-key-info.ts";
import { bunCrypto } from "../../../runtimes/bun/crypto.ts";
import { hostCrypto } from "../../../runtimes/bun/host-crypto.ts";
import { providerCases } from "../../core/crypto/provider-cases.ts";
import { GOLDEN_MESSAGE, GOLDEN_PEM, GOLDEN_SIGNATURE } from "../../core/sign/golden-identity.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("runtimes/bun/host-crypto");

providerCases(test, hostCrypto, () => Promise.resolve(true));

const KEYS: readonly KeySpecification[] = [
  { type: "ec", curve: "P-256" },
  { type: "ec", curve: "P-384" },
  { type: "ec", curve: "P-521" },
  { type: "rsa", bits: 2048 },
];

test("hostCrypto() makes signers of everyday keys, which sign as bunCrypto() verifies", async () => {
  const golden = await hostCrypto().importPrivateKey(parsePrivateKey(GOLDEN_PEM), RSA_PKCS1_SHA256);
  assert.is(encodeHex(await golden.sign(encodeUtf8(GOLDEN_MESSAGE))), GOLDEN_SIGNATURE);
  const message = encodeUtf8("x");
  for (const specification of KEYS) {
    const key = await bunCrypto().generatePrivateKey(specification);
    const algorithm = sessionAlgorithm(key);
    const signer = await hostCrypto().importPrivateKey(key, algorithm);
    assert.equal(signer.publicKey, (await bunCrypto().importPrivateKey(key, algorithm)).publicKey);
    const verifier = await bunCrypto().importPublicKey(parseSubjectPublicKeyInfo(signer.publicKey), algorithm);
    assert.is(await verifier.verify(message, await signer.sign(message)), true);
  }
});

test("hostCrypto() refuses a key whose public half is another key's", async () => {
  for (const curve of ["P-256", "P-384", "P-521"] as const) {
    const [one, other] = await twoKeys({ type: "ec", curve });
    if (one.type !== "ec" || other.type !== "ec") throw new Error("these are elliptic-curve keys");
    await refuses(ecPrivateKey({ curve, scalar: one.scalar, point: other.point! }));
  }
});

test("hostCrypto() refuses an RSA key of which a part is another key's", async () => {
  const [one, other] = await twoKeys({ type: "rsa", bits: 2048 });
  if (one.type !== "rsa" || other.type !== "rsa") throw new Error("these are RSA keys");
  const { modulus, exponent, privateExponent, prime1, prime2, exponent1, exponent2, coefficient } = one;
  const parts = { modulus, exponent, privateExponent, prime1, prime2, exponent1, exponent2, coefficient };
  for (
    const part of ["modulus", "privateExponent", "prime1", "prime2", "exponent1", "exponent2", "coefficient"] as const
  ) {
    await refuses(rsaPrivateKey({ ...parts, [part]: other[part] }));
  }
});

async function twoKeys(specification: KeySpecification): Promise<readonly [PrivateKey, PrivateKey]> {
  const { generatePrivateKey } = bunCrypto();
  return [await generatePrivateKey(specification), await generatePrivateKey(specification)];
}

async function refuses(key: PrivateKey): Promise<void> {
  const algorithm = sessionAlgorithm(key);
  await assertRejects(async () => await hostCrypto().importPrivateKey(key, algorithm), "ERR_CRYPTO_INVALID_KEY");
}

test.run();
