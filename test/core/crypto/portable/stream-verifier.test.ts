import { portableProvider } from "../../../../core/crypto/portable/mod.ts";
import { mlDsaPrivateKey } from "../../../../core/crypto/private-key.ts";
import { ML_DSA_44, RSA_PKCS1_SHA256 } from "../../../../core/crypto/signature-algorithm.ts";
import { parseSubjectPublicKeyInfo } from "../../../../core/keys/subject-public-key-info.ts";
import { parsePrivateKey } from "../../../../core/keys/private-key.ts";
import { assert, assertThrows, suite } from "../../../support/suite.ts";
import { GOLDEN_MESSAGE, GOLDEN_PEM, GOLDEN_SIGNATURE } from "../../sign/golden-identity.ts";
import { encodeUtf8 } from "../../../../core/bytes/text.ts";
import { decodeHex } from "../../../../core/bytes/hex.ts";

const test = suite("core/crypto/portable/stream-verifier");

const crypto = portableProvider();

test("rsaStreamVerifier() accepts OpenSSL's signature, and nothing else, in any pieces", () => {
  const key = parseSubjectPublicKeyInfo(
    crypto.importPrivateKey(parsePrivateKey(GOLDEN_PEM), RSA_PKCS1_SHA256).publicKey,
  );
  const message = encodeUtf8(GOLDEN_MESSAGE);
  const signature = decodeHex(GOLDEN_SIGNATURE)!;
  for (const length of [1, 5, message.length]) {
    const verifier = crypto.importStreamVerifier(key, RSA_PKCS1_SHA256);
    for (let at = 0; at < message.length; at += length) verifier.update(message.subarray(at, at + length));
    assert.is(verifier.verify(signature), true);
  }
  const empty = crypto.importStreamVerifier(key, RSA_PKCS1_SHA256);
  assert.is(empty.verify(signature), false);
});

test("mlDsaStreamVerifier() accepts what importPublicKey() accepts", () => {
  const key = mlDsaPrivateKey({ parameterSet: "ML-DSA-44", seed: new Uint8Array(32).fill(5) });
  const signer = crypto.importPrivateKey(key, ML_DSA_44);
  const publicKey = parseSubjectPublicKeyInfo(signer.publicKey);
  for (const length of [0, 1, 135, 136, 137, 500]) {
    const message = Uint8Array.from({ length }, (_, i) => i);
    const signature = signer.sign(message);
    const verify = (octets: typeof message, wanted: typeof signature): boolean => {
      const verifier = crypto.importStreamVerifier(publicKey, ML_DSA_44);
      for (let at = 0; at < octets.length; at += 100) verifier.update(octets.subarray(at, at + 100));
      return verifier.verify(wanted) as boolean;
    };
    assert.is(verify(message, signature), true);
    assert.is(verify(new Uint8Array([...message, 0]), signature), false);
    assert.is(verify(message, signature.slice(1)), false);
    const damaged = signature.slice();
    damaged[40]! ^= 1;
    assert.is(verify(message, damaged), false);
  }
});

test("importStreamVerifier() refuses a key that the algorithm does not fit", () => {
  const key = mlDsaPrivateKey({ parameterSet: "ML-DSA-44", seed: new Uint8Array(32) });
  const publicKey = parseSubjectPublicKeyInfo(crypto.importPrivateKey(key, ML_DSA_44).publicKey);
  assertThrows(() => crypto.importStreamVerifier(publicKey, RSA_PKCS1_SHA256), "ERR_CRYPTO_INVALID_KEY");
});

test.run();
