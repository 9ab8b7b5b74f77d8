/**
 * What every provider must do, whatever it is made of. Each runtime's own test hands in its provider.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../../core/bytes/bytes.ts";
import { decodeHex, encodeHex } from "../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import {
  type EcPrivateKey,
  ecPrivateKey,
  mlDsaPrivateKey,
  type RsaPrivateKey,
  rsaPrivateKey,
} from "../../../core/crypto/private-key.ts";
import type { CryptoProvider } from "../../../core/crypto/provider.ts";
import {
  ECDSA_SHA256,
  ECDSA_SHA384,
  ECDSA_SHA512,
  ED25519,
  mlDsaAlgorithm,
  type MlDsaParameterSet,
  RSA_PKCS1_SHA256,
  RSA_PKCS1_SHA384,
  RSA_PKCS1_SHA512,
  rsaPss,
  type SignatureAlgorithm,
} from "../../../core/crypto/signature-algorithm.ts";
import { ecPublicKey, ed25519PublicKey, rsaPublicKey } from "../../../core/crypto/spki-encoding.ts";
import { derInteger, derSequence } from "../../../core/der/writer.ts";
import { parsePrivateKey } from "../../../core/keys/private-key.ts";
import { parseSubjectPublicKeyInfo } from "../../../core/keys/subject-public-key-info.ts";
import { assert, assertRejects, type Suite } from "../../support/suite.ts";
import { GOLDEN_PEM } from "../sign/golden-identity.ts";

const MESSAGE = encodeUtf8("the message");
const RSA = parsePrivateKey(GOLDEN_PEM) as RsaPrivateKey;
const P256_ORDER = decodeHex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")!;

/** Adds the cases; `mlDsa` says whether the provider has it. */
export function providerCases(test: Suite, provider: () => CryptoProvider, mlDsa: () => Promise<boolean>): void {
  test("importPrivateKey() signs with RSA what importPublicKey() verifies", async () => {
    for (
      const algorithm of [RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, rsaPss("SHA-256", "SHA-256", 32)]
    ) {
      const signer = await provider().importPrivateKey(RSA, algorithm);
      assert.equal(signer.publicKey, rsaPublicKey(RSA).spki);
      await roundTrip(provider(), signer.publicKey, algorithm, await signer.sign(MESSAGE), 256);
    }
  });

  test("importStreamVerifier() answers what importPublicKey() answers, in pieces of any length", async () => {
    const one = provider();
    if (one.importStreamVerifier === undefined) return;
    const message = Uint8Array.from({ length: 1000 }, (_, i) => i * 7);
    const ec = await one.generatePrivateKey({ type: "ec", curve: "P-384" });
    const signers = [
      await one.importPrivateKey(RSA, RSA_PKCS1_SHA256),
      await one.importPrivateKey(RSA, RSA_PKCS1_SHA512),
      await one.importPrivateKey(RSA, rsaPss("SHA-256", "SHA-256", 32)),
      await one.importPrivateKey(ec, ECDSA_SHA256),
      await one.importPrivateKey(ec, ECDSA_SHA384),
    ];
    for (const signer of signers) {
      if (signer === undefined) continue;
      const { algorithm, publicKey } = signer;
      const signature = await signer.sign(message);
      const verify = async (piece: number, wanted: Bytes, cut = 0): Promise<boolean> => {
        const verifier = await one.importStreamVerifier!(parseSubjectPublicKeyInfo(publicKey), algorithm);
        const end = message.length - cut;
        for (let at = 0; at < end; at += piece) verifier.update(message.slice(at, Math.min(end, at + piece)));
        return await verifier.verify(wanted);
      };
      for (const piece of [1, 63, 64, 65, 1000]) assert.is(await verify(piece, signature), true, algorithm.name);
      assert.is(await verify(1000, signature, 1), false, algorithm.name);
      const damaged = signature.slice();
      damaged[damaged.length - 1]! ^= 1;
      assert.is(await verify(1000, damaged), false, algorithm.name);
      for (const wrong of [new Uint8Array(0), signature.slice(1), concatBytes([signature, new Uint8Array(1)])]) {
        assert.is(await verify(1000, wrong), false, algorithm.name);
      }
    }
  });

  test("importStreamVerifier() does not do Ed25519, which reads a message twice", async () => {
    const one = provider();
    if (one.importStreamVerifier === undefined) return;
    const key = ed25519PublicKey({
      key: decodeHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")!,
    });
    await assertRejects(async () => one.importStreamVerifier!(key, ED25519), "ERR_CRYPTO_UNSUPPORTED");
  });

  for (const curve of ["P-256", "P-384", "P-521"] as const) {
    test(`importPrivateKey() signs with ${curve} and every hash, and derives the point`, async () => {
      const key = await provider().generatePrivateKey({ type: "ec", curve }) as EcPrivateKey;
      const { spki } = ecPublicKey({ curve, point: key.point! });
      const bare = ecPrivateKey({ curve, scalar: key.scalar });
      for (const algorithm of [ECDSA_SHA256, ECDSA_SHA384, ECDSA_SHA512]) {
        const signer = await provider().importPrivateKey(bare, algorithm);
        assert.equal(signer.publicKey, spki);
        await roundTrip(provider(), spki, algorithm, await signer.sign(MESSAGE));
      }
    });
  }

  // SHA-256 of the public keys that the seed 00 01 … 1f makes.
  const publicKeyDigests: { readonly [set in MlDsaParameterSet]: string } = {
    "ML-DSA-44": "9f107644c1084526af3bc8098680b05499a2325a644e388fb4f970e058d19d46",
    "ML-DSA-65": "d666806e11cee19a7c989f7445f90dd419cf4d2d51db8c0fdb4c0f0a542238c9",
    "ML-DSA-87": "91dc389cfaa01470b7f66eee45a4ae9026d154817c754dfe22298b3fa241ffcd",
  };
  for (const [parameterSet, octets] of [["ML-DSA-44", 2420], ["ML-DSA-65", 3309], ["ML-DSA-87", 4627]] as const) {
    test(`importPrivateKey() signs with ${parameterSet}, or says that it cannot`, async () => {
      const algorithm = mlDsaAlgorithm(parameterSet);
      const seed = Uint8Array.from({ length: 32 }, (_, i) => i);
      const importing = async () =>
        await provider().importPrivateKey(mlDsaPrivateKey({ parameterSet, seed }), algorithm);
      if (!await mlDsa()) {
        const error = await assertRejects(importing, "ERR_CRYPTO_UNSUPPORTED");
        assert.match(error.message, "anyrole/portable");
        return;
      }
      const signer = await importing();
      const key = parseSubjectPublicKeyInfo(signer.publicKey);
      assert.is(key.type, "ml-dsa");
      if (key.type === "ml-dsa") {
        assert.is(encodeHex(await provider().digest("SHA-256", key.key)), publicKeyDigests[parameterSet]);
      }
      await roundTrip(provider(), signer.publicKey, algorithm, await signer.sign(MESSAGE), octets);
    });
  }

  test("importPrivateKey() refuses components that do not belong together", async () => {
    const key = await provider().generatePrivateKey({ type: "ec", curve: "P-256" }) as EcPrivateKey;
    const other = await provider().generatePrivateKey({ type: "ec", curve: "P-256" }) as EcPrivateKey;
    const crossed = ecPrivateKey({ curve: "P-256", scalar: key.scalar, point: other.point! });
    const modulus = RSA.modulus.slice();
    modulus[100]! ^= 2;
    const { exponent, privateExponent, prime1, prime2, exponent1, exponent2, coefficient } = RSA;
    const damaged = rsaPrivateKey({
      modulus,
      exponent,
      privateExponent,
      prime1,
      prime2,
      exponent1,
      exponent2,
      coefficient,
    });
    await assertFails(() => provider().importPrivateKey(crossed, ECDSA_SHA256));
    await assertFails(() => provider().importPrivateKey(damaged, RSA_PKCS1_SHA256));
  });

  test("importPrivateKey() refuses scalars whose point is at infinity", async () => {
    for (const scalar of [new Uint8Array(32), P256_ORDER]) {
      const key = ecPrivateKey({ curve: "P-256", scalar });
      await assertRejects(async () => await provider().importPrivateKey(key, ECDSA_SHA256), "ERR_CRYPTO_INVALID_KEY");
    }
  });

  test("importPrivateKey() and importPublicKey() refuse a key of another algorithm", async () => {
    const key = rsaPublicKey(RSA);
    await assertRejects(async () => await provider().importPrivateKey(RSA, ECDSA_SHA256), "ERR_CRYPTO_INVALID_KEY");
    await assertRejects(async () => await provider().importPublicKey(key, ECDSA_SHA256), "ERR_CRYPTO_INVALID_KEY");
    const pss = rsaPublicKey({ ...RSA, pss: { hash: "SHA-384" } });
    for (const algorithm of [RSA_PKCS1_SHA256, rsaPss("SHA-256", "SHA-256", 32)]) {
      await assertRejects(async () => await provider().importPublicKey(pss, algorithm), "ERR_CRYPTO_INVALID_KEY");
    }
    await provider().importPublicKey(pss, rsaPss("SHA-384", "SHA-384", 48));
  });

  test("importPublicKey() refuses a point that is not on the curve", async () => {
    const point = new Uint8Array(65).fill(2);
    point[0] = 4;
    const key = ecPublicKey({ curve: "P-256", point });
    await assertRejects(async () => await provider().importPublicKey(key, ECDSA_SHA256), "ERR_CRYPTO_INVALID_KEY");
  });

  test("verify() is false for every encoding of an ECDSA signature but the right one", async () => {
    const key = await provider().generatePrivateKey({ type: "ec", curve: "P-256" });
    const signer = await provider().importPrivateKey(key, ECDSA_SHA256);
    const verifier = await provider().importPublicKey(parseSubjectPublicKeyInfo(signer.publicKey), ECDSA_SHA256);
    const signature = await signer.sign(MESSAGE);
    const content = signature.subarray(2);
    const forms: { readonly [form: string]: Bytes } = {
      "long length": concatBytes([Uint8Array.of(0x30, 0x81, content.length), content]),
      "indefinite length": concatBytes([Uint8Array.of(0x30, 0x80), content, Uint8Array.of(0, 0)]),
      "trailing octet": concatBytes([signature, Uint8Array.of(0)]),
      "trailing element": concatBytes([Uint8Array.of(0x30, content.length + 2), content, Uint8Array.of(5, 0)]),
      "padded r": concatBytes([
        Uint8Array.of(0x30, content.length + 1, 2, content[1]! + 1, 0),
        content.subarray(2),
      ]),
      "raw": new Uint8Array(64).fill(1),
      "zeros": derSequence(derInteger(0), derInteger(0)),
      "negative": derSequence(derInteger(-1), derInteger(-1)),
      "far too large": derSequence(derInteger(1n << 300n), derInteger(1)),
      "the order": derSequence(derInteger(BigInt("0x" + encodeHex(P256_ORDER))), derInteger(1)),
      "empty": new Uint8Array(),
    };
    assert.is(await verifier.verify(MESSAGE, signature), true);
    for (const [form, octets] of Object.entries(forms)) assert.is(await verifier.verify(MESSAGE, octets), false, form);
  });

  test("importPublicKey() verifies RSA with an exponent of any legal length", async () => {
    // With e · d ≡ 1 modulo (p - 1)(q - 1) / 2, of which λ(n) is a divisor, e plus that (made even) does as well.
    const modulus = BigInt("0x" + encodeHex(RSA.modulus));
    const lambda = (BigInt("0x" + encodeHex(RSA.prime1)) - 1n) * (BigInt("0x" + encodeHex(RSA.prime2)) - 1n) / 2n;
    const exponent = 65537n + (lambda & 1n ? 2n * lambda : lambda);
    assert.ok(exponent < modulus);
    const digits = exponent.toString(16);
    const large = rsaPublicKey({ ...RSA, exponent: decodeHex(digits.length % 2 ? `0${digits}` : digits)! });
    const signer = await provider().importPrivateKey(RSA, RSA_PKCS1_SHA256);
    const signature = await signer.sign(MESSAGE);
    const verifier = await provider().importPublicKey(large, RSA_PKCS1_SHA256);
    assert.is(await verifier.verify(MESSAGE, signature), true);
    signature[9]! ^= 1;
    assert.is(await verifier.verify(MESSAGE, signature), false);
    const even = rsaPublicKey({ ...RSA, exponent: Uint8Array.of(1, 0, 2) });
    await assertRejects(async () => await provider().importPublicKey(even, RSA_PKCS1_SHA256), "ERR_CRYPTO_INVALID_KEY");
  });

  test("importPublicKey() verifies RSASSA-PSS whose mask uses another hash", async () => {
    const verifier = await provider().importPublicKey(rsaPublicKey(RSA), rsaPss("SHA-256", "SHA-1", 20));
    assert.is(await verifier.verify(MESSAGE, new Uint8Array(256).fill(1)), false);
  });

  test("importPublicKey() verifies Ed25519", async () => {
    // RFC 8032 §7.1, test 2.
    const key = ed25519PublicKey({
      key: decodeHex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")!,
    });
    const signature = decodeHex(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    )!;
    const verifier = await provider().importPublicKey(key, ED25519);
    assert.is(await verifier.verify(Uint8Array.of(0x72), signature), true);
    assert.is(await verifier.verify(Uint8Array.of(0x73), signature), false);
    assert.is(await verifier.verify(Uint8Array.of(0x72), signature.subarray(1)), false);
  });

  test("importPublicKey() verifies Ed25519 by the equation without the cofactor", async () => {
    // R has a part of order 8, which eight times the equation would not see.
    const key = ed25519PublicKey({
      key: decodeHex("17ffad8068dc0de9935d36636f3ad1b5de6de3413b12388e453b05f2a4c1d3db")!,
    });
    const signature = decodeHex(
      "4c09ae0bb152ce1900464b0c9307316e1f761f80aaf20226936f0aa6a0bd49e46524a531babff19bf869bab3d62a8a5a07ff2753abc32aba07c2b5a0a5281f06",
    )!;
    const verifier = await provider().importPublicKey(key, ED25519);
    assert.is(await verifier.verify(encodeUtf8("x"), signature), false);
  });

  test("importPublicKey() refuses Ed25519 keys of small order, and points that are written in another way", async () => {
    const keys = [
      // y = 1, -1, 0 and both of order 8, each with either sign: anybody can sign for them.
      "0100000000000000000000000000000000000000000000000000000000000000",
      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "0000000000000000000000000000000000000000000000000000000000000000",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
      // y = p, p + 1 and 2^255 - 1.
      "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
      "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ].map((key) => decodeHex(key)!);
    for (const key of keys) {
      for (const sign of [0, 0x80]) {
        const signed = key.slice();
        signed[31]! |= sign;
        await assertRejects(
          (async () => await provider().importPublicKey(ed25519PublicKey({ key: signed }), ED25519))(),
          "ERR_CRYPTO_INVALID_KEY",
        );
      }
    }
  });

  test("digest() hashes", async () => {
    const digest = await provider().digest("SHA-256", encodeUtf8("abc"));
    assert.is(encodeHex(digest), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  test("deriveKey() derives by PBKDF2, of an empty password too", async () => {
    const salt = encodeUtf8("salt");
    // RFC 6070, second vector.
    const derivation = { name: "PBKDF2", hash: "SHA-1", salt, iterations: 2, length: 20 } as const;
    const key = await provider().deriveKey(derivation, encodeUtf8("password"));
    assert.is(encodeHex(key), "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957");
    assert.is((await provider().deriveKey(derivation, new Uint8Array())).length, 20);
  });

  test("seal() and decipher() are each other's inverse, and decipher() notices every change", async () => {
    const iv = new Uint8Array(12).fill(7);
    const additionalData = encodeUtf8("header");
    for (const length of [16, 32]) {
      const key = new Uint8Array(length).fill(3);
      const sealed = await provider().seal(key, iv, MESSAGE, additionalData);
      assert.is(sealed.length, MESSAGE.length + 16);
      const open = async (data: Bytes) => await provider().decipher({ name: "AES-GCM", iv, additionalData }, key, data);
      assert.equal(await open(sealed), MESSAGE);
      const changed = sealed.slice();
      changed[0]! ^= 1;
      await assertRejects(() => open(changed), "ERR_CRYPTO_DECIPHER");
      await assertRejects(() => open(sealed.subarray(0, 15)), "ERR_CRYPTO_DECIPHER");
    }
  });

  test("decipher() opens AES-CBC and refuses wrong padding, lengths and keys", async () => {
    const iv = new Uint8Array(16);
    const cipher = { name: "AES-CBC", iv } as const;
    const key = new Uint8Array(16);
    const decipher = async (octets: Bytes, secret: Bytes = key) => await provider().decipher(cipher, secret, octets);
    // Made by OpenSSL: the message, and nothing, under the zero key.
    assert.equal(await decipher(decodeHex("6c64562413790916683b62c957def4ae")!), MESSAGE);
    assert.equal(await decipher(decodeHex("0143db63ee66b0cdff9f69917680151e")!), new Uint8Array());
    for (const data of [new Uint8Array(), new Uint8Array(15), new Uint8Array(16), new Uint8Array(32)]) {
      await assertRejects(() => decipher(data), "ERR_CRYPTO_DECIPHER");
    }
    await assertRejects(() => decipher(new Uint8Array(16), new Uint8Array(5)), "ERR_CRYPTO_INVALID_KEY");
  });

  test("random() draws as many octets as asked for", () => {
    assert.is(provider().random(70_000).length, 70_000);
    assert.not.equal(provider().random(16), provider().random(16));
  });
}

async function roundTrip(
  provider: CryptoProvider,
  spki: Bytes,
  algorithm: SignatureAlgorithm,
  signature: Bytes,
  octets: number = signature.length,
): Promise<void> {
  assert.is(signature.length, octets, algorithm.name);
  const verifier = await provider.importPublicKey(parseSubjectPublicKeyInfo(spki), algorithm);
  assert.is(await verifier.verify(MESSAGE, signature), true, algorithm.name);
  assert.is(await verifier.verify(encodeUtf8("another"), signature), false, algorithm.name);
  const flipped = signature.slice();
  flipped[flipped.length - 1]! ^= 1;
  assert.is(await verifier.verify(MESSAGE, flipped), false, algorithm.name);
  for (const other of [signature.subarray(1), concatBytes([signature, Uint8Array.of(0)]), new Uint8Array()]) {
    assert.is(await verifier.verify(MESSAGE, other), false, algorithm.name);
  }
}

/** Not accepted: some platforms say that the key is invalid, others only that they cannot sign with it. */
async function assertFails(action: () => unknown): Promise<void> {
  let code: unknown;
  try {
    await action();
  } catch (error) {
    code = (error as { code?: unknown }).code;
  }
  assert.ok(code === "ERR_CRYPTO_INVALID_KEY" || code === "ERR_CRYPTO_UNSUPPORTED", String(code));
}
