// runtimes: deno
import { type Bytes, concatBytes } from "../../../core/bytes/bytes.ts";
import { decodeHex } from "../../../core/bytes/hex.ts";
import { integerOf, modPow, octetsOf } from "../../../core/crypto/big-integer.ts";
import { ecdsaSignatureToDer } from "../../../core/crypto/ecdsa-signature.ts";
import { encodePkcs1 } from "../../../core/crypto/emsa.ts";
import { HASH_OCTETS } from "../../../core/crypto/hash-octets.ts";
import { EcdsaArithmetic } from "../../../core/crypto/portable/ecdsa.ts";
import type { RsaPrivateKey } from "../../../core/crypto/private-key.ts";
import { CURVE_OCTETS, type PublicKey } from "../../../core/crypto/public-key.ts";
import {
  ECDSA_SHA1,
  ECDSA_SHA256,
  ECDSA_SHA384,
  ECDSA_SHA512,
  ED25519,
  RSA_PKCS1_SHA1,
  RSA_PKCS1_SHA256,
  RSA_PKCS1_SHA384,
  RSA_PKCS1_SHA512,
  rsaPss,
  type SignatureAlgorithm,
} from "../../../core/crypto/signature-algorithm.ts";
import type { Awaitable } from "../../../core/crypto/signer.ts";
import { ecPublicKey, ed25519PublicKey, rsaPublicKey } from "../../../core/crypto/spki-encoding.ts";
import { webCryptoProvider } from "../../../core/crypto/webcrypto-provider.ts";
import { parsePrivateKey } from "../../../core/keys/private-key.ts";
import { parseSubjectPublicKeyInfo } from "../../../core/keys/subject-public-key-info.ts";
import { denoCrypto } from "../../../runtimes/deno/crypto.ts";
import { LONG_MESSAGE_OCTETS, verifyingLongMessages } from "../../../runtimes/deno/long-messages.ts";
import { GOLDEN_PEM } from "../../core/sign/golden-identity.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("runtimes/deno/long-messages");

/** Messages are long from here on, in most of these tests. */
const LONG = 200;

const web = webCryptoProvider();
const both = verifyingLongMessages(web, LONG);

const RSA_ALGORITHMS: readonly SignatureAlgorithm[] = [
  RSA_PKCS1_SHA1,
  RSA_PKCS1_SHA256,
  RSA_PKCS1_SHA384,
  RSA_PKCS1_SHA512,
  rsaPss("SHA-1", "SHA-1", 20),
  rsaPss("SHA-256", "SHA-256", 32),
  rsaPss("SHA-256", "SHA-256", 0),
  rsaPss("SHA-384", "SHA-384", 48),
  rsaPss("SHA-512", "SHA-512", 64),
];

for (const bits of [1024, 2048]) {
  test(`verifyingLongMessages() answers for RSA-${bits} what WebCrypto answers, at every length`, async () => {
    const key = await web.generatePrivateKey({ type: "rsa", bits }) as RsaPrivateKey;
    for (const algorithm of RSA_ALGORITHMS) {
      // RFC 8017 §9.1.1 step 3: SHA-512 and as much salt do not fit.
      if (bits === 1024 && algorithm.scheme === "rsa-pss" && algorithm.saltLength === 64) continue;
      const signer = await web.importPrivateKey(key, algorithm);
      await sameVerdicts(rsaPublicKey(key), algorithm, (message) => signer.sign(message));
    }
  });
}

for (const curve of ["P-256", "P-384", "P-521"] as const) {
  test(`verifyingLongMessages() answers for ${curve} what WebCrypto answers, at every length`, async () => {
    const curves = new EcdsaArithmetic();
    const key = curves.generate(curve, web.random);
    const publicKey = ecPublicKey({ curve, point: key.point! });
    for (const algorithm of [ECDSA_SHA1, ECDSA_SHA256, ECDSA_SHA384, ECDSA_SHA512]) {
      // SHA-1 with P-384: neither does it, and one of the two says so.
      if (curve === "P-384" && algorithm === ECDSA_SHA1) {
        await assertRejects(async () => both.importPublicKey(publicKey, algorithm), "ERR_CRYPTO_UNSUPPORTED");
        continue;
      }
      await sameVerdicts(
        publicKey,
        algorithm,
        (message) => ecdsaSignatureToDer(curves.sign(key, algorithm.hash, message)),
        2 * HASH_OCTETS[algorithm.hash] >= CURVE_OCTETS[curve],
      );
    }
  });
}

test("verifyingLongMessages() answers for an exponent that no platform takes", async () => {
  const { modulus, exponent, privateExponent } = parsePrivateKey(GOLDEN_PEM) as RsaPrivateKey;
  // The private exponent plays the public one: e and d are each other's counterparts.
  const key = rsaPublicKey({ modulus, exponent: privateExponent });
  const [n, e] = [integerOf(modulus), integerOf(exponent)];
  await sameVerdicts(key, RSA_PKCS1_SHA256, async (message) => {
    const encoded = encodePkcs1("SHA-256", await web.digest("SHA-256", message), modulus.length)!;
    return octetsOf(modPow(integerOf(encoded), e, n), modulus.length);
  }, false);
});

test("verifyingLongMessages() leaves what signs no hash to WebCrypto", async () => {
  // RFC 8032 §7.1, test 2.
  const key = ed25519PublicKey({
    key: decodeHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")!,
  });
  const signature = decodeHex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  )!;
  const verifier = await verifyingLongMessages(web, 0).importPublicKey(key, ED25519);
  assert.is(await verifier.verify(Uint8Array.of(0x72), signature), true);
  assert.is(await verifier.verify(Uint8Array.of(0x73), signature), false);
});

test("verifyingLongMessages() refuses the keys that WebCrypto refuses", async () => {
  const point = new Uint8Array(65).fill(1);
  point[0] = 4;
  const offCurve = ecPublicKey({ curve: "P-256", point });
  for (const [key, algorithm] of [[offCurve, ECDSA_SHA256], [offCurve, RSA_PKCS1_SHA256]] as const) {
    await assertRejects(async () => web.importPublicKey(key, algorithm), "ERR_CRYPTO_INVALID_KEY");
    await assertRejects(async () => both.importPublicKey(key, algorithm), "ERR_CRYPTO_INVALID_KEY");
    await assertRejects(async () => both.importStreamVerifier!(key, algorithm), "ERR_CRYPTO_INVALID_KEY");
  }
});

test("denoCrypto() verifies long messages as it verifies short ones", async () => {
  const provider = denoCrypto();
  const signer = await provider.importPrivateKey(parsePrivateKey(GOLDEN_PEM), RSA_PKCS1_SHA256);
  const verifier = await provider.importPublicKey(parseSubjectPublicKeyInfo(signer.publicKey), RSA_PKCS1_SHA256);
  for (const length of [LONG_MESSAGE_OCTETS - 1, LONG_MESSAGE_OCTETS, LONG_MESSAGE_OCTETS + 1]) {
    const message = new Uint8Array(length).fill(7);
    const signature = await signer.sign(message);
    assert.is(await verifier.verify(message, signature), true);
    message[length >> 1] = 8;
    assert.is(await verifier.verify(message, signature), false);
  }
});

/** Demands of signatures right and wrong, around the length, that they are told apart, and as WebCrypto does. */
async function sameVerdicts(
  key: PublicKey,
  algorithm: SignatureAlgorithm,
  sign: (message: Bytes) => Awaitable<Bytes>,
  inPieces = true,
): Promise<void> {
  const short = await web.importPublicKey(key, algorithm);
  const long = await both.importPublicKey(key, algorithm);
  for (const length of [0, LONG - 1, LONG, 3 * LONG]) {
    const message = Uint8Array.from({ length }, (_, i) => i * 7);
    const signature = await sign(message);
    if (!inPieces) {
      await assertRejects(async () => both.importStreamVerifier!(key, algorithm), "ERR_CRYPTO_UNSUPPORTED");
    }
    const cases: [message: Bytes, signature: Bytes][] = [
      [message, signature],
      [concatBytes([message, new Uint8Array(1)]), signature],
      ...wrongSignatures(signature).map((wrong): [Bytes, Bytes] => [message, wrong]),
    ];
    for (const [i, [signed, wanted]] of cases.entries()) {
      const what = `${algorithm.name}, ${length} octets, case ${i}`;
      assert.is(await short.verify(signed, wanted), i === 0, what);
      assert.is(await long.verify(signed, wanted), i === 0, what);
      if (inPieces) assert.is(await verifyInPieces(key, algorithm, signed, wanted), i === 0, what);
    }
  }
}

/** Of another length, damaged at either end, nothing, all zero and all one; and for ECDSA in a longer form. */
function wrongSignatures(signature: Bytes): Bytes[] {
  const damaged = (at: number): Bytes => {
    const copy = signature.slice();
    copy[at]! ^= 1;
    return copy;
  };
  return [
    signature.slice(1),
    signature.slice(0, -1),
    concatBytes([signature, new Uint8Array(1)]),
    concatBytes([new Uint8Array(1), signature]),
    damaged(0),
    damaged(signature.length - 1),
    new Uint8Array(0),
    new Uint8Array(signature.length),
    new Uint8Array(signature.length).fill(0xff),
    // As a SEQUENCE of indefinite length, which is BER.
    concatBytes([Uint8Array.of(0x30, 0x80), signature.subarray(2), new Uint8Array(2)]),
    Uint8Array.of(0x30, 6, 2, 1, 0, 2, 1, 0),
    Uint8Array.of(0x30, 6, 2, 1, 1, 2, 1, 1),
  ];
}

async function verifyInPieces(
  key: PublicKey,
  algorithm: SignatureAlgorithm,
  message: Bytes,
  signature: Bytes,
): Promise<boolean> {
  const verifier = await both.importStreamVerifier!(key, algorithm);
  for (let at = 0; at < message.length; at += 64) verifier.update(message.subarray(at, at + 64));
  return await verifier.verify(signature);
}

test.run();
