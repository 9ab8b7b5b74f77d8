import { decodeHex, encodeHex } from "../../../core/bytes/hex.ts";
import {
  ECDSA_SHA256,
  ECDSA_SHA512,
  ED25519,
  ML_DSA_65,
  RSA_PKCS1_SHA1,
  RSA_PKCS1_SHA256,
  RSA_PSS_OID,
  rsaPss,
} from "../../../core/crypto/signature-algorithm.ts";
import {
  encodeSignatureAlgorithm,
  parseSignatureAlgorithm,
} from "../../../core/crypto/signature-algorithm-identifier.ts";
import {
  derContextConstructed,
  derInteger,
  derNull,
  derObjectIdentifier,
  derSequence,
} from "../../../core/der/writer.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("core/crypto/signature-algorithm-identifier");

const SHA256 = derSequence(derObjectIdentifier("2.16.840.1.101.3.4.2.1"), derNull());
const MGF1_SHA256 = derSequence(derObjectIdentifier("1.2.840.113549.1.1.8"), SHA256);
const pss = (...parameters: Uint8Array[]) =>
  parseSignatureAlgorithm(derSequence(derObjectIdentifier(RSA_PSS_OID), derSequence(...parameters)));

test("parseSignatureAlgorithm() reads what encodeSignatureAlgorithm() writes", () => {
  const algorithms = [RSA_PKCS1_SHA256, RSA_PKCS1_SHA1, ECDSA_SHA256, ECDSA_SHA512, ED25519, ML_DSA_65];
  const parameters = [rsaPss("SHA-256", "SHA-256", 32), rsaPss("SHA-1", "SHA-1", 20), rsaPss("SHA-512", "SHA-384", 0)];
  for (const algorithm of [...algorithms, ...parameters]) {
    assert.equal(parseSignatureAlgorithm(encodeSignatureAlgorithm(algorithm)), algorithm);
  }
});

test("encodeSignatureAlgorithm() writes NULL for RSA and no parameters for ECDSA", () => {
  assert.is(encodeHex(encodeSignatureAlgorithm(RSA_PKCS1_SHA256)), "300d06092a864886f70d01010b0500");
  assert.is(encodeHex(encodeSignatureAlgorithm(ECDSA_SHA256)), "300a06082a8648ce3d040302");
});

test("parseSignatureAlgorithm() takes absent parameters for NULL with RSA", () => {
  assert.is(parseSignatureAlgorithm(decodeHex("300b06092a864886f70d01010b")!), RSA_PKCS1_SHA256);
});

test("parseSignatureAlgorithm() refuses parameters that the algorithm does not have", () => {
  for (const { oid } of [ECDSA_SHA256, ED25519, ML_DSA_65]) {
    assertThrows(
      () => parseSignatureAlgorithm(derSequence(derObjectIdentifier(oid), derNull())),
      "ERR_DER_TRAILING_DATA",
    );
  }
  const rsa = derSequence(derObjectIdentifier(RSA_PKCS1_SHA256.oid), derInteger(1));
  assertThrows(() => parseSignatureAlgorithm(rsa), "ERR_DER_UNEXPECTED_TAG");
});

test("parseSignatureAlgorithm() reads PSS defaults, written out or not", () => {
  assert.equal(pss(), rsaPss("SHA-1", "SHA-1", 20));
  const sha1 = derSequence(derObjectIdentifier("1.3.14.3.2.26"));
  const written = [
    derContextConstructed(0, sha1),
    derContextConstructed(1, derSequence(derObjectIdentifier("1.2.840.113549.1.1.8"), sha1)),
    derContextConstructed(2, derInteger(20)),
    derContextConstructed(3, derInteger(1)),
  ];
  assert.equal(pss(...written), rsaPss("SHA-1", "SHA-1", 20));
});

test("parseSignatureAlgorithm() refuses PSS parameters that are missing or wrong", () => {
  assertThrows(() => parseSignatureAlgorithm(derSequence(derObjectIdentifier(RSA_PSS_OID))), "ERR_DER_TRUNCATED");
  assertThrows(() => pss(derContextConstructed(3, derInteger(2))), "ERR_DER_VALUE");
  assertThrows(() => pss(derContextConstructed(2, derInteger(-1))), "ERR_DER_VALUE");
  assertThrows(
    () => pss(derContextConstructed(2, derInteger(1)), derContextConstructed(0, SHA256)),
    "ERR_DER_TRAILING_DATA",
  );
});

test("parseSignatureAlgorithm() names algorithms that it does not know", () => {
  assert.equal(parseSignatureAlgorithm(derSequence(derObjectIdentifier("1.2.3"), derInteger(7))), {
    scheme: "unknown",
    name: "1.2.3",
    oid: "1.2.3",
  });
  const shake = derContextConstructed(0, derSequence(derObjectIdentifier("2.16.840.1.101.3.4.2.12")));
  const unknown = pss(shake, derContextConstructed(1, MGF1_SHA256));
  assert.is(unknown.scheme, "unknown");
  assert.match(unknown.name, "2.16.840.1.101.3.4.2.12");
  const mask = derContextConstructed(1, derSequence(derObjectIdentifier("1.2.3")));
  assert.is(pss(derContextConstructed(0, SHA256), mask).scheme, "unknown");
});

test.run();
