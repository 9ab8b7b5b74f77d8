import { decodeHex, encodeHex } from "../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { encodeBase64 } from "../../../core/bytes/base64.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import { RSA_PKCS1_SHA256, RSA_PSS_OID } from "../../../core/crypto/signature-algorithm.ts";
import { webCryptoProvider } from "../../../core/crypto/webcrypto-provider.ts";
import { signerFromCryptoKey } from "../../../core/crypto/webcrypto-signer.ts";
import { rsaPublicKey } from "../../../core/crypto/spki-encoding.ts";
import { encodePkcs8 } from "../../../core/crypto/pkcs8-encoding.ts";
import type { RsaPrivateKey } from "../../../core/crypto/private-key.ts";
import { parsePrivateKey } from "../../../core/keys/private-key.ts";
import { derBitString, derObjectIdentifier, derSequence, derUnsignedInteger } from "../../../core/der/writer.ts";
import { createIdentity } from "../../../core/sign/identity.ts";
import { fixedIdentity } from "../../../core/sign/identity-source.ts";
import { loadSoftwareSigner } from "../../../core/sign/load-software-signer.ts";
import { type PrivateJsonWebKey, softwareSigner } from "../../../core/sign/software-signer.ts";
import { verifySignature } from "../../../core/sign/verify-signature.ts";
import { readCertificates } from "../../../core/x509/read-certificates.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { GOLDEN_MESSAGE, GOLDEN_PEM, GOLDEN_SIGNATURE } from "./golden-identity.ts";
import { madeCertificate } from "./made-certificate.ts";

const test = suite("core/sign/identity");

const native = webCryptoProvider();
const portable = portableProvider({ random: native.random });
const message = encodeUtf8(GOLDEN_MESSAGE);
const golden = readCertificates(GOLDEN_PEM)[0]!;

test("softwareSigner() makes the golden signature with every provider", async () => {
  for (const crypto of [native, portable]) {
    const signer = await softwareSigner(GOLDEN_PEM, { crypto });
    assert.is(encodeHex(await signer.sign(message)), GOLDEN_SIGNATURE, crypto.name);
    assert.is(signer.algorithm, RSA_PKCS1_SHA256);
  }
});

test("softwareSigner() takes text, octets, components, a JSON Web Key and a CryptoKey", async () => {
  const components = parsePrivateKey(GOLDEN_PEM);
  const pkcs8 = encodePkcs8(components);
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const open = await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, true, ["sign"]);
  const closed = await crypto.subtle.importKey("pkcs8", pkcs8, algorithm, false, ["sign"]);
  const jwk = await crypto.subtle.exportKey("jwk", open) as PrivateJsonWebKey;
  for (const key of [GOLDEN_PEM, encodeUtf8(GOLDEN_PEM), pkcs8, encodeBase64(pkcs8), components, jwk, closed]) {
    const signer = await softwareSigner(key, { crypto: native, certificate: golden });
    assert.is(encodeHex(await signer.sign(message)), GOLDEN_SIGNATURE);
    assert.equal(signer.publicKey, golden.spki);
  }
});

test("softwareSigner() wants the certificate of a CryptoKey, and proves that they belong together", async () => {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const pair = await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
  const other = await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const certificate = madeCertificate({ subject: "leaf", issuer: "A", spki });
  const signer = await softwareSigner(pair.privateKey, { crypto: native, certificate });
  const signature = await signer.sign(message);
  assert.ok(await verifySignature(portable, signer.algorithm, certificate.publicKey, message, signature));
  await assertRejects(softwareSigner(other.privateKey, { crypto: native, certificate }), "ERR_CRYPTO_INVALID_KEY");
  await assertRejects(softwareSigner(pair.publicKey, { crypto: native, certificate }), "ERR_CRYPTO_INVALID_KEY");
  await assertRejects(
    softwareSigner(pair.privateKey, { crypto: native, certificate: golden }),
    "ERR_CRYPTO_INVALID_KEY",
  );
  let missing: unknown;
  await softwareSigner(pair.privateKey, { crypto: native }).catch((error: unknown) => missing = error);
  assert.instance(missing, TypeError);
});

test("softwareSigner() refuses what is no key", async () => {
  await assertRejects(softwareSigner("", { crypto: native }), "ERR_KEY_MISSING");
  await assertRejects(softwareSigner({ kty: "oct" }, { crypto: native }), "ERR_KEY_UNSUPPORTED");
  let wrong: unknown;
  await softwareSigner({} as PrivateJsonWebKey, { crypto: native }).catch((error: unknown) => wrong = error);
  assert.instance(wrong, TypeError);
});

test("loadSoftwareSigner() loads unencrypted keys too, and refuses a password for nothing", async () => {
  const signer = await loadSoftwareSigner(GOLDEN_PEM, { crypto: native });
  assert.is(encodeHex(await signer.sign(message)), GOLDEN_SIGNATURE);
  await assertRejects(loadSoftwareSigner(GOLDEN_PEM, { crypto: native, password: "x" }), "ERR_KEY_NOT_ENCRYPTED");
});

test("createIdentity() finds the certificate of the key in a full chain and arranges the rest", async () => {
  const signer = await softwareSigner(GOLDEN_PEM, { crypto: native });
  const leaf = madeCertificate({ subject: "leaf", issuer: "A", spki: signer.publicKey });
  const a = madeCertificate({ subject: "A", issuer: "B" });
  const b = madeCertificate({ subject: "B", issuer: "root" });
  const root = madeCertificate({ subject: "root", issuer: "root" });
  for (const certificate of [[leaf, a, b, root], [root, b, a, leaf]]) {
    const identity = await createIdentity({ certificate, signer });
    assert.is(identity.certificate, leaf);
    assert.equal(identity.chain.map((one) => one.der), [a.der, b.der]);
  }
  const identity = await createIdentity({ certificate: leaf, chain: [b, leaf, a], signer, crypto: native });
  assert.equal(identity.chain.map((one) => one.der), [a.der, b.der]);
  assert.is(await fixedIdentity(identity).identity(), identity);
});

test("createIdentity() reads a PEM that holds key and certificate", async () => {
  const signer = await softwareSigner(GOLDEN_PEM, { crypto: native });
  const identity = await createIdentity({ certificate: GOLDEN_PEM, signer });
  assert.is(identity.certificate.serialNumberDecimal, "47724914708969405121171");
  assert.equal(identity.chain, []);
});

test("createIdentity() refuses a key that is not the certificate's", async () => {
  const key = await native.generatePrivateKey({ type: "ec", curve: "P-256" });
  const signer = await softwareSigner(key, { crypto: native });
  const error = await assertRejects(createIdentity({ certificate: golden, signer }), "ERR_IDENTITY_KEY_MISMATCH");
  assert.match(error.message, golden.serialNumberHex);
  const several = await assertRejects(
    createIdentity({ certificate: [golden, golden], signer }),
    "ERR_IDENTITY_KEY_MISMATCH",
  );
  assert.match(several.message, "none of the 2 certificates");
});

test("createIdentity() unmasks a signer that only claims the certificate's key when it has a provider", async () => {
  const algorithm = {
    name: "RSASSA-PKCS1-v1_5",
    hash: "SHA-256",
    modulusLength: 2048,
    publicExponent: Uint8Array.of(1, 0, 1),
  };
  const pair = await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
  const signer = signerFromCryptoKey(pair.privateKey, golden.spki);
  await assertRejects(createIdentity({ certificate: golden, signer, crypto: native }), "ERR_IDENTITY_KEY_MISMATCH");
  const misspelt = { certificate: golden, signer, provider: native };
  const error = await createIdentity(misspelt).then(() => undefined, (reason) => reason as unknown);
  assert.instance(error, TypeError);
  assert.match((error as Error).message, 'createIdentity() has no option "provider"');
});

test("createIdentity() refuses an algorithm that the certificate's key excludes", async () => {
  const signer = await softwareSigner(GOLDEN_PEM, { crypto: native });
  const { modulus, exponent } = parsePrivateKey(GOLDEN_PEM) as RsaPrivateKey;
  const spki = derSequence(
    derSequence(derObjectIdentifier(RSA_PSS_OID)),
    derBitString(derSequence(derUnsignedInteger(modulus), derUnsignedInteger(exponent))),
  );
  const certificate = madeCertificate({ subject: "leaf", issuer: "A", spki });
  await assertRejects(createIdentity({ certificate, signer }), "ERR_CRYPTO_INVALID_KEY");
});

test("verifySignature() is false for every change of message, signature and length", async () => {
  const signature = decodeHex(GOLDEN_SIGNATURE)!;
  for (const provider of [native, portable]) {
    const verify = (text: typeof message, octets: typeof signature) =>
      verifySignature(provider, RSA_PKCS1_SHA256, golden.publicKey, text, octets);
    assert.is(await verify(message, signature), true);
    assert.is(await verify(message.subarray(1), signature), false);
    for (const at of [0, 128, 255]) {
      const flipped = signature.slice();
      flipped[at]! ^= 1;
      assert.is(await verify(message, flipped), false);
    }
    assert.is(await verify(message, signature.subarray(1)), false);
    assert.is(await verify(message, new Uint8Array([0, ...signature])), false);
    assert.is(await verify(message, new Uint8Array()), false);
  }
});

test("verifySignature() rejects for a key that the algorithm does not fit", async () => {
  const { modulus, exponent } = rsaPublicKey(parsePrivateKey(GOLDEN_PEM) as RsaPrivateKey);
  const restricted = rsaPublicKey({ modulus, exponent, pss: {} });
  for (const provider of [native, portable]) {
    await assertRejects(
      async () => await verifySignature(provider, RSA_PKCS1_SHA256, restricted, message, new Uint8Array(256)),
      "ERR_CRYPTO_INVALID_KEY",
    );
  }
});

test.run();
