import { encodeHex } from "../../../core/bytes/hex.ts";
import {
  sealingKeyOf,
  sealingKeyOfSecret,
  sealingProvider,
  type SealingSigner,
} from "../../../core/credentials/sealing-key.ts";
import { encodePkcs8 } from "../../../core/crypto/pkcs8-encoding.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import { type EcPrivateKey, ecPrivateKey } from "../../../core/crypto/private-key.ts";
import { portableSha256 } from "../../../core/crypto/sha256.ts";
import { sessionAlgorithm } from "../../../core/crypto/signature-algorithm.ts";
import { parseSubjectPublicKeyInfo } from "../../../core/keys/subject-public-key-info.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { testRandom } from "../../support/test-authority.ts";

const test = suite("core/credentials/sealing-key");

const PROBE = new Uint8Array([1, 2, 3]);

const crypto = portableProvider({ random: testRandom("sealing keys") });

test("sealingKeyOfSecret() derives the same key for ever: what is stored must open", () => {
  // HKDF-SHA-256 by Python's hmac, of 32 octets 07.
  const key = sealingKeyOfSecret(new Uint8Array(32).fill(7), portableSha256);
  assert.is(encodeHex(key), "89c7eba28d99d5072e430363b06d1ffacf1c2532528266dac8781bd7659a9dc4");
});

test("sealingKeyOfSecret() refuses what may be a password", () => {
  assert.throws(() => sealingKeyOfSecret(new Uint8Array(15), portableSha256), /at least 16 octets/);
  assert.is(sealingKeyOfSecret(new Uint8Array(16), portableSha256).length, 32);
});

test("sealingKeyOf() derives of the PKCS#8 octets, and of nothing else", async () => {
  const [one, two] = await Promise.all([1, 2].map(() => crypto.generatePrivateKey({ type: "ec", curve: "P-256" })));
  assert.equal(sealingKeyOf(one!, portableSha256), sealingKeyOfSecret(encodePkcs8(one!), portableSha256));
  assert.not.equal(sealingKeyOf(one!, portableSha256), sealingKeyOf(two!, portableSha256));
});

test("sealingProvider() gives the signers of imported keys their sealing key, a copy each time", async () => {
  const key = await crypto.generatePrivateKey({ type: "ec", curve: "P-256" });
  const algorithm = sessionAlgorithm(key);
  const signer: SealingSigner = await sealingProvider(crypto, portableSha256).importPrivateKey(key, algorithm);
  const plain = await crypto.importPrivateKey(key, algorithm);
  assert.equal([signer.algorithm, signer.publicKey], [plain.algorithm, plain.publicKey]);
  const message = new Uint8Array([1, 2, 3]);
  const verifier = await crypto.importPublicKey(parseSubjectPublicKeyInfo(plain.publicKey), algorithm);
  assert.ok(await verifier.verify(message, await signer.sign(message)));
  signer.sealingKey!().fill(0);
  assert.equal(signer.sealingKey!(), sealingKeyOf(key, portableSha256));
  assert.not(JSON.stringify(signer).includes("sealingKey"));
});

test("sealingProvider() puts the proof off until it is asked for, or until a signature", async () => {
  let imports = 0;
  const counting = {
    ...crypto,
    importPrivateKey: (...args: Parameters<typeof crypto.importPrivateKey>) => {
      imports++;
      return crypto.importPrivateKey(...args);
    },
  };
  const provider = sealingProvider(counting, portableSha256, "put-off");
  for (const vector of ["P-256", "P-384"] as const) {
    imports = 0;
    const key = await crypto.generatePrivateKey({ type: "ec", curve: vector });
    const algorithm = sessionAlgorithm(key);
    const signer: SealingSigner = await provider.importPrivateKey(key, algorithm);
    assert.equal(signer.publicKey, (await crypto.importPrivateKey(key, algorithm)).publicKey);
    assert.equal(signer.sealingKey!(), sealingKeyOf(key, portableSha256));
    assert.is(imports, 0);
    await signer.prove!();
    const verifier = await crypto.importPublicKey(parseSubjectPublicKeyInfo(signer.publicKey), algorithm);
    assert.ok(await verifier.verify(PROBE, await signer.sign(PROBE)));
    assert.is(imports, 1);
  }
});

test("sealingProvider() proves at once a key whose public half would have to be computed", async () => {
  const { scalar } = await crypto.generatePrivateKey({ type: "ec", curve: "P-256" }) as EcPrivateKey;
  const alone = ecPrivateKey({ curve: "P-256", scalar });
  const algorithm = sessionAlgorithm(alone);
  const signer: SealingSigner = await sealingProvider(crypto, portableSha256, "put-off").importPrivateKey(
    alone,
    algorithm,
  );
  assert.is(signer.prove, undefined);
  assert.equal(signer.publicKey, (await crypto.importPrivateKey(alone, algorithm)).publicKey);
});

test("sealingProvider() tells by the proof that the public half is another key's", async () => {
  const [one, two] = await Promise.all(
    [1, 2].map(() => crypto.generatePrivateKey({ type: "ec", curve: "P-256" })),
  ) as [EcPrivateKey, EcPrivateKey];
  const mixed = ecPrivateKey({ curve: "P-256", scalar: one.scalar, point: two.point! });
  const provider = sealingProvider(crypto, portableSha256, "put-off");
  const signer: SealingSigner = await provider.importPrivateKey(mixed, sessionAlgorithm(mixed));
  await assertRejects(signer.prove!(), "ERR_CRYPTO_INVALID_KEY");
  await assertRejects(async () => await signer.sign(PROBE), "ERR_CRYPTO_INVALID_KEY");
});

test("sealingProvider() refuses the keys that the provider refuses", async () => {
  const scalar = new Uint8Array(32);
  const key = ecPrivateKey({ curve: "P-256", scalar });
  const provider = sealingProvider(crypto, portableSha256);
  await assertRejects(
    async () => await provider.importPrivateKey(key, sessionAlgorithm(key)),
    "ERR_CRYPTO_INVALID_KEY",
  );
});

test.run();
