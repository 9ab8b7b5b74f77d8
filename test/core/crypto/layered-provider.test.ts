import { CryptoError } from "../../../core/crypto/crypto-error.ts";
import { layeredProvider, lazyProvider } from "../../../core/crypto/layered-provider.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import { ml_dsa44 } from "../../../core/crypto/portable/noble/ml-dsa.ts";
import { mlDsaPrivateKey } from "../../../core/crypto/private-key.ts";
import type { CryptoProvider } from "../../../core/crypto/provider.ts";
import { ECDSA_SHA224, ECDSA_SHA256, ML_DSA_44 } from "../../../core/crypto/signature-algorithm.ts";
import { webCryptoProvider } from "../../../core/crypto/webcrypto-provider.ts";
import { parseSubjectPublicKeyInfo } from "../../../core/keys/subject-public-key-info.ts";
import { assert, assertRejects, assertThrows, suite } from "../../support/suite.ts";
import { providerCases } from "./provider-cases.ts";

const test = suite("core/crypto/layered-provider");

const native = webCryptoProvider();
const portable = portableProvider({ random: native.random });

providerCases(test, () => layeredProvider([native, portable]), () => Promise.resolve(true));

function failing(code: "ERR_CRYPTO_UNSUPPORTED" | "ERR_CRYPTO_FAILED", asynchronous: boolean): CryptoProvider {
  const fail = () => {
    const error = new CryptoError(code, "test", "Cannot do test: it is one");
    if (asynchronous) return Promise.reject(error);
    throw error;
  };
  return new Proxy({ name: "failing" }, {
    get: (target, name) => name === "name" ? target.name : fail,
  }) as unknown as CryptoProvider;
}

test("layeredProvider() goes on to the next for what the first does not support, and for nothing else", async () => {
  const data = new Uint8Array();
  for (const asynchronous of [false, true]) {
    const lacking = failing("ERR_CRYPTO_UNSUPPORTED", asynchronous);
    const broken = failing("ERR_CRYPTO_FAILED", asynchronous);
    assert.is((await layeredProvider([lacking, portable]).digest("SHA-256", data)).length, 32);
    await assertRejects(
      async () => await layeredProvider([broken, portable]).digest("SHA-256", data),
      "ERR_CRYPTO_FAILED",
    );
    await assertRejects(
      async () => await layeredProvider([lacking, lacking]).digest("SHA-256", data),
      "ERR_CRYPTO_UNSUPPORTED",
    );
  }
});

test("layeredProvider() stays synchronous while its providers are", () => {
  const lacking = failing("ERR_CRYPTO_UNSUPPORTED", false);
  assert.instance(layeredProvider([lacking, portable]).digest("SHA-256", new Uint8Array()), Uint8Array);
  assert.throws(() => layeredProvider([]), TypeError);
});

test("layeredProvider() fills the gaps of WebCrypto", async () => {
  const provider = layeredProvider([native, portable]);
  const key = await provider.generatePrivateKey({ type: "ec", curve: "P-256" });
  const signer = await provider.importPrivateKey(key, ECDSA_SHA224);
  assert.is((await signer.sign(new Uint8Array(3)))[0], 0x30);
});

test("layeredProvider() takes an ML-DSA key in both forms when they belong together", async () => {
  const provider = layeredProvider([native, portable]);
  const seed = new Uint8Array(32).fill(5);
  const expanded = new Uint8Array(ml_dsa44.keygen(seed).secretKey);
  const both = await provider.importPrivateKey(
    mlDsaPrivateKey({ parameterSet: "ML-DSA-44", seed, expanded }),
    ML_DSA_44,
  );
  const alone = await provider.importPrivateKey(mlDsaPrivateKey({ parameterSet: "ML-DSA-44", seed }), ML_DSA_44);
  assert.equal(both.publicKey, alone.publicKey);
  for (const at of [0, 40, 100, 1000, 2500]) {
    const damaged = expanded.slice();
    damaged[at]! ^= 1;
    const key = mlDsaPrivateKey({ parameterSet: "ML-DSA-44", seed, expanded: damaged });
    await assertRejects(async () => await provider.importPrivateKey(key, ML_DSA_44), "ERR_CRYPTO_INVALID_KEY");
  }
});

test("layeredProvider() hands a CryptoKey to the provider that takes it", async () => {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const publicKey = parseSubjectPublicKeyInfo(spki);
  const provider = layeredProvider([portable, native]);
  const signer = await provider.importPlatformKey!(pair.privateKey, publicKey, ECDSA_SHA256);
  assert.equal(signer.publicKey, spki);
  await assertRejects(
    async () => await layeredProvider([portable]).importPlatformKey!(pair.privateKey, publicKey, ECDSA_SHA256),
    "ERR_CRYPTO_UNSUPPORTED",
  );
});

test("lazyProvider() loads once, and again after a failure", async () => {
  let loads = 0;
  const provider = lazyProvider("portable", () => {
    loads++;
    return loads === 1 ? Promise.reject(new Error("not there yet")) : Promise.resolve(portable);
  });
  let first: unknown;
  await Promise.resolve(provider.digest("SHA-256", new Uint8Array())).catch((error: unknown) => first = error);
  assert.instance(first, Error);
  await Promise.all([provider.digest("SHA-256", new Uint8Array()), provider.digest("SHA-1", new Uint8Array())]);
  assert.is(loads, 2);
  assertThrows(() => provider.random(1), "ERR_CRYPTO_UNSUPPORTED");
});

test.run();
