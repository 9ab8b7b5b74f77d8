// runtimes: node20 node
import { encodeHex } from "../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { ecPrivateKey, type RsaPrivateKey, rsaPrivateKey } from "../../../core/crypto/private-key.ts";
import type { KeySpecification } from "../../../core/crypto/provider.ts";
import {
  ECDSA_SHA256,
  ECDSA_SHA384,
  RSA_PKCS1_SHA256,
  sessionAlgorithm,
} from "../../../core/crypto/signature-algorithm.ts";
import { parsePrivateKey } from "../../../core/keys/private-key.ts";
import { parseSubjectPublicKeyInfo } from "../../../core/keys/subject-public-key-info.ts";
import { hostCrypto } from "../../../runtimes/node/host-crypto.ts";
import { nodeCrypto } from "../../../runtimes/node/crypto.ts";
import { providerCases } from "../../core/crypto/provider-cases.ts";
import { GOLDEN_MESSAGE, GOLDEN_PEM, GOLDEN_SIGNATURE } from "../../core/sign/golden-identity.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("runtimes/node/host-crypto");

providerCases(test, hostCrypto, () => Promise.resolve(true));

const KEYS: readonly KeySpecification[] = [
  { type: "ec", curve: "P-256" },
  { type: "ec", curve: "P-384" },
  { type: "ec", curve: "P-521" },
  { type: "rsa", bits: 2048 },
];

test("hostCrypto() makes signers of everyday keys at once, which sign as nodeCrypto() verifies", async () => {
  const golden = hostCrypto().importPrivateKey(
    parsePrivateKey(GOLDEN_PEM),
    RSA_PKCS1_SHA256,
  );
  if (golden instanceof Promise) {
    throw new Error("importPrivateKey() is asynchronous");
  }
  assert.is(
    encodeHex(await golden.sign(encodeUtf8(GOLDEN_MESSAGE))),
    GOLDEN_SIGNATURE,
  );
  const message = encodeUtf8("x");
  for (const specification of KEYS) {
    const key = await nodeCrypto().generatePrivateKey(specification);
    const algorithm = sessionAlgorithm(key);
    const signer = hostCrypto().importPrivateKey(key, algorithm);
    if (signer instanceof Promise) {
      throw new Error("importPrivateKey() is asynchronous");
    }
    assert.equal(
      signer.publicKey,
      (await nodeCrypto().importPrivateKey(key, algorithm)).publicKey,
    );
    const verifier = await nodeCrypto().importPublicKey(
      parseSubjectPublicKeyInfo(signer.publicKey),
      algorithm,
    );
    assert.is(await verifier.verify(message, await signer.sign(message)), true);
  }
});

test("hostCrypto() leaves other algorithms and keys without a point to the complete provider", async () => {
  const key = await nodeCrypto().generatePrivateKey({
    type: "ec",
    curve: "P-256",
  });
  if (key.type !== "ec") throw new Error("not an EC key");
  const scalar = key.scalar;
  for (
    const [each, algorithm] of [
      [key, ECDSA_SHA384],
      [ecPrivateKey({ curve: "P-256", scalar }), ECDSA_SHA256],
    ] as const
  ) {
    const signer = await hostCrypto().importPrivateKey(each, algorithm);
    const verifier = await nodeCrypto().importPublicKey(
      parseSubjectPublicKeyInfo(signer.publicKey),
      algorithm,
    );
    const message = encodeUtf8("x");
    assert.is(await verifier.verify(message, await signer.sign(message)), true);
  }
});

test("hostCrypto() refuses keys whose components do not belong together", async () => {
  const [one, other] = [await ecKey(), await ecKey()];
  const mixed = ecPrivateKey({
    curve: "P-256",
    scalar: one.scalar,
    point: other.point!,
  });
  const off = other.point!.slice();
  off[64]! ^= 1;
  const beside = ecPrivateKey({
    curve: "P-256",
    scalar: one.scalar,
    point: off,
  });
  for (const key of [mixed, beside]) {
    await assertRejects(
      async () => await hostCrypto().importPrivateKey(key, ECDSA_SHA256),
      "ERR_CRYPTO_INVALID_KEY",
    );
  }
  const rsa = await nodeCrypto().generatePrivateKey({
    type: "rsa",
    bits: 2048,
  }) as RsaPrivateKey;
  const stranger = await nodeCrypto().generatePrivateKey({
    type: "rsa",
    bits: 2048,
  }) as RsaPrivateKey;
  const key = rsaPrivateKey({ ...components(rsa), modulus: stranger.modulus });
  await assertRejects(
    async () => await hostCrypto().importPrivateKey(key, RSA_PKCS1_SHA256),
    "ERR_CRYPTO_INVALID_KEY",
  );
});

async function ecKey() {
  const key = await nodeCrypto().generatePrivateKey({
    type: "ec",
    curve: "P-256",
  });
  if (key.type !== "ec") throw new Error("not an EC key");
  return key;
}

/** Secret members are not enumerable, so that a spread leaves them out. */
function components(key: RsaPrivateKey): Omit<RsaPrivateKey, "type"> {
  const {
    modulus,
    exponent,
    privateExponent,
    prime1,
    prime2,
    exponent1,
    exponent2,
    coefficient,
  } = key;
  return {
    modulus,
    exponent,
    privateExponent,
    prime1,
    prime2,
    exponent1,
    exponent2,
    coefficient,
  };
}

test.run();
