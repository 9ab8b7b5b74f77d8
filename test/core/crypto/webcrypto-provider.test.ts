import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { mlDsaPrivateKey } from "../../../core/crypto/private-key.ts";
import { ML_DSA_44, RSA_PKCS1_SHA224, RSA_PKCS1_SHA256 } from "../../../core/crypto/signature-algorithm.ts";
import { mlDsaPublicKey, rsaPublicKey } from "../../../core/crypto/spki-encoding.ts";
import type { WebCrypto } from "../../../core/crypto/web-crypto.ts";
import { webCryptoProvider } from "../../../core/crypto/webcrypto-provider.ts";
import { signerFromCryptoKey } from "../../../core/crypto/webcrypto-signer.ts";
import type { RsaPrivateKey } from "../../../core/crypto/private-key.ts";
import { parsePrivateKey } from "../../../core/keys/private-key.ts";
import { has } from "../../support/capabilities.ts";
import { assert, assertRejects, assertThrows, suite } from "../../support/suite.ts";
import { GOLDEN_PEM } from "../sign/golden-identity.ts";
import { providerCases } from "./provider-cases.ts";

const test = suite("core/crypto/webcrypto-provider");

providerCases(test, webCryptoProvider, () => has("webcrypto-ml-dsa"));

const key = parsePrivateKey(GOLDEN_PEM) as RsaPrivateKey;

/** The platform's WebCrypto with some of its functions replaced. */
function altered(functions: Record<string, unknown>): WebCrypto {
  const subtle = new Proxy(crypto.subtle, {
    get: (target, name) => {
      const found = functions[name as string] ?? Reflect.get(target, name, target);
      return typeof found === "function" ? found.bind(target) : found;
    },
  });
  return {
    subtle: subtle as unknown as WebCrypto["subtle"],
    getRandomValues: (octets) => crypto.getRandomValues(octets),
  };
}

test("webCryptoProvider() says what a runtime without WebCrypto lacks", async () => {
  for (const none of [{} as WebCrypto, { getRandomValues: () => 0 } as unknown as WebCrypto]) {
    const provider = webCryptoProvider(none);
    const error = await assertRejects(() => provider.digest("SHA-256", new Uint8Array()), "ERR_CRYPTO_UNSUPPORTED");
    assert.match(error.message, "anyrole/portable");
    await assertRejects(() => provider.importPrivateKey(key, RSA_PKCS1_SHA256), "ERR_CRYPTO_UNSUPPORTED");
    await assertRejects(() => provider.importPublicKey(rsaPublicKey(key), RSA_PKCS1_SHA256), "ERR_CRYPTO_UNSUPPORTED");
  }
});

test("webCryptoProvider() lacks SHA-224, scrypt and expanded ML-DSA keys in every runtime", async () => {
  const provider = webCryptoProvider();
  const salt = new Uint8Array(8);
  const expanded = new Uint8Array(2560);
  const seed = new Uint8Array(32);
  const parameterSet = "ML-DSA-44";
  for (
    const lacking of [
      () => provider.digest("SHA-224", salt),
      () => provider.importPrivateKey(key, RSA_PKCS1_SHA224),
      () => provider.importPublicKey(rsaPublicKey(key), RSA_PKCS1_SHA224),
      () => provider.deriveKey({ name: "scrypt", salt, cost: 2, blockSize: 1, parallelization: 1, length: 8 }, salt),
      () => provider.importPrivateKey(mlDsaPrivateKey({ parameterSet, expanded }), ML_DSA_44),
      () => provider.importPrivateKey(mlDsaPrivateKey({ parameterSet, seed, expanded }), ML_DSA_44),
      () => provider.decipher({ name: "AES-GCM", iv: salt }, new Uint8Array(16), new Uint8Array(32)),
    ]
  ) {
    await assertRejects(lacking, "ERR_CRYPTO_UNSUPPORTED");
  }
});

test("webCryptoProvider() does not believe a runtime that signs nothing", async () => {
  const provider = webCryptoProvider(altered({ sign: () => Promise.resolve(new ArrayBuffer(0)) }));
  const error = await assertRejects(() => provider.importPrivateKey(key, RSA_PKCS1_SHA256), "ERR_CRYPTO_UNSUPPORTED");
  assert.match(error.message, "0 octets instead of 256");
});

test("webCryptoProvider() does not believe a runtime whose signatures do not verify", async () => {
  const provider = webCryptoProvider(altered({ sign: () => Promise.resolve(new ArrayBuffer(256)) }));
  await assertRejects(() => provider.importPrivateKey(key, RSA_PKCS1_SHA256), "ERR_CRYPTO_INVALID_KEY");
});

test("webCryptoProvider() does not believe a runtime that verifies everything", async () => {
  const provider = webCryptoProvider(altered({ verify: () => Promise.resolve(true) }));
  await assertRejects(() => provider.importPublicKey(rsaPublicKey(key), RSA_PKCS1_SHA256), "ERR_CRYPTO_UNSUPPORTED");
});

test("webCryptoProvider() verifies with ML-DSA only after it has signed with it", async () => {
  const refuse = () => Promise.reject(new DOMException("unknown algorithm", "NotSupportedError"));
  const provider = webCryptoProvider(altered({ sign: refuse }));
  const publicKey = mlDsaPublicKey({ parameterSet: "ML-DSA-44", key: new Uint8Array(1312) });
  await assertRejects(() => provider.importPublicKey(publicKey, ML_DSA_44), "ERR_CRYPTO_UNSUPPORTED");
});

test("webCryptoProvider() shares no promise: a proof that never ends, as a worker's request may, keeps nobody waiting", async () => {
  let first = true;
  const provider = webCryptoProvider(altered({
    verify: () => {
      const ended = first;
      first = false;
      return ended ? new Promise(() => {}) : Promise.resolve(false);
    },
  }));
  const outcomes: string[] = [];
  const use = async (name: string) => {
    await provider.importPublicKey(rsaPublicKey(key), RSA_PKCS1_SHA256);
    outcomes.push(name);
  };
  use("first").catch(() => {});
  while (first) await new Promise((resolve) => setTimeout(resolve, 0));
  const second = use("second");
  for (let i = 0; i < 50 && outcomes.length === 0; i++) await new Promise((resolve) => setTimeout(resolve, 0));
  assert.equal(outcomes, ["second"]);
  await second;
});

test("webCryptoProvider() reports a platform that fails while verifying", async () => {
  let fail = false;
  const provider = webCryptoProvider(altered({
    verify: () => fail ? Promise.reject(new Error("out of order")) : Promise.resolve(false),
  }));
  const verifier = await provider.importPublicKey(rsaPublicKey(key), RSA_PKCS1_SHA256);
  fail = true;
  const error = await assertRejects(() => verifier.verify(new Uint8Array(), new Uint8Array(256)), "ERR_CRYPTO_FAILED");
  assert.instance(error["cause"], Error);
});

test("signerFromCryptoKey() signs without seeing the key", async () => {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-384" }, false, ["sign", "verify"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const signer = signerFromCryptoKey(pair.privateKey, spki);
  assert.is(signer.algorithm.sigv4, "AWS4-X509-ECDSA-SHA256");
  const signature = await signer.sign(encodeUtf8("x"));
  assert.is(signature[0], 0x30);
  assertThrows(() => signerFromCryptoKey(pair.publicKey, spki), "ERR_CRYPTO_INVALID_KEY");
});

test("signerFromCryptoKey() answers a promise of this realm, whatever the platform's is", async () => {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const pair = await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]) as CryptoKeyPair;
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  // To us, a promise of another realm is a thing with a `then`.
  const then = (resolve: (raw: ArrayBuffer) => void) => resolve(new Uint8Array(64).fill(1).buffer);
  const foreign = { subtle: { sign: () => ({ then }) } } as unknown as Parameters<typeof signerFromCryptoKey>[2];
  const signing = signerFromCryptoKey(pair.privateKey, spki, foreign).sign(new Uint8Array(1));
  assert.instance(signing, Promise);
  assert.is((await signing)[0], 0x30);
});

test("signerFromCryptoKey() refuses keys that sign no request", async () => {
  const hmac = await crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  assertThrows(() => signerFromCryptoKey(hmac as CryptoKey, new Uint8Array()), "ERR_CRYPTO_INVALID_KEY");
});

test.run();
