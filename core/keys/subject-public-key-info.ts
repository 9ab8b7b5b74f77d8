/**
 * SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) of RSA, elliptic-curve, Ed25519 and ML-DSA keys.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import {
  CURVE_OCTETS,
  type EcPublicKey,
  type NamedCurve,
  type PssRestriction,
  type PublicKey,
  type RsaPublicKey,
} from "../crypto/public-key.ts";
import { ED25519, type HashName, RSA_PSS_OID } from "../crypto/signature-algorithm.ts";
import { ML_DSA_PUBLIC_KEY_OCTETS } from "../crypto/spki-encoding.ts";
import { DerReader, openSequence } from "../der/reader.ts";
import { contextConstructed, TAG } from "../der/tag.ts";
import { checkPoint } from "./ec-private-key.ts";
import { EC_PUBLIC_KEY, mlDsaParameterSet, nameOf, readNamedCurve, RSA_ENCRYPTION } from "./key-algorithm.ts";
import { KeyError, readingKey, unsupportedKey } from "./key-error.ts";
import { bitLength, MAX_RSA_BITS } from "./rsa-private-key.ts";

const READING = "public key";

/**
 * Reads a SubjectPublicKeyInfo. The members of the result are views into `der`. Lengths and forms are checked here,
 * that a point lies on its curve by the provider that uses it.
 *
 * Public: variable time.
 *
 * @throws {KeyError} `ERR_KEY_MALFORMED`, `ERR_KEY_INVALID`, `ERR_KEY_UNSUPPORTED` (another type or curve, explicit
 * curve parameters, a compressed point) or `ERR_KEY_LIMIT`
 */
export function parseSubjectPublicKeyInfo(der: Bytes): PublicKey {
  return readingKey(READING, () => {
    const outer = openSequence(der, "SubjectPublicKeyInfo", MAX_SPKI_OCTETS);
    // Nearly every key of a certificate is one of these two, whose whole AlgorithmIdentifier is known beforehand.
    const rsa = standsAt(RSA_IDENTIFIER, der, outer.position);
    if (rsa || standsAt(P256_IDENTIFIER, der, outer.position)) {
      outer.skip("SubjectPublicKeyInfo.algorithm");
      if (rsa) {
        outer.enterLastBitString("SubjectPublicKeyInfo.subjectPublicKey");
        return readRsaPublicKey(der, outer);
      }
      const key = outer.octetAlignedBitString("SubjectPublicKeyInfo.subjectPublicKey");
      outer.finish("SubjectPublicKeyInfo");
      return readEcPublicKey(der, "P-256", key);
    }
    const algorithm = outer.sequence("SubjectPublicKeyInfo.algorithm");
    const oid = algorithm.objectIdentifier("SubjectPublicKeyInfo.algorithm.algorithm");
    const key = outer.octetAlignedBitString("SubjectPublicKeyInfo.subjectPublicKey");
    outer.finish("SubjectPublicKeyInfo");
    const publicKey = readKey(der, oid, algorithm, key);
    algorithm.finish("SubjectPublicKeyInfo.algorithm.parameters");
    return publicKey;
  });
}

function readKey(spki: Bytes, oid: string, parameters: DerReader, key: Bytes): PublicKey {
  if (oid === RSA_ENCRYPTION) {
    parameters.null("SubjectPublicKeyInfo.algorithm.parameters");
    return readRsaPublicKey(spki, new DerReader(key));
  }
  if (oid === EC_PUBLIC_KEY) return readEcPublicKey(spki, readNamedCurve(parameters, READING), key);
  if (oid === RSA_PSS_OID) {
    return { ...readRsaPublicKey(spki, new DerReader(key)), pss: readPssRestriction(parameters) };
  }
  if (oid === ED25519.oid) return { type: "ed25519", spki, key: ofLength(key, 32, "Ed25519") };
  const parameterSet = mlDsaParameterSet(oid);
  if (parameterSet === undefined) throw unsupportedKey(READING, nameOf(oid));
  return {
    type: "ml-dsa",
    spki,
    parameterSet,
    key: ofLength(key, ML_DSA_PUBLIC_KEY_OCTETS[parameterSet], parameterSet),
  };
}

/** RSAPublicKey (RFC 8017 §A.1.1). */
function readRsaPublicKey(spki: Bytes, contents: DerReader): RsaPublicKey {
  const reader = contents.sequence("RSAPublicKey");
  const modulus = reader.unsignedInteger("RSAPublicKey.modulus");
  const exponent = reader.unsignedInteger("RSAPublicKey.publicExponent");
  reader.finish("RSAPublicKey");
  contents.finish("RSAPublicKey");
  const bits = bitLength(modulus);
  if (bits > MAX_RSA_BITS || exponent.length > modulus.length) {
    throw new KeyError("ERR_KEY_LIMIT", READING, `${bits}-bit RSA, at most ${MAX_RSA_BITS} bits are accepted`);
  }
  return { type: "rsa", spki, modulus, exponent };
}

function readEcPublicKey(spki: Bytes, curve: NamedCurve, point: Bytes): EcPublicKey {
  // RFC 5480 §2.2 lets writers compress points; to expand one takes arithmetic in the field, which is a provider's.
  if ((point[0] === 2 || point[0] === 3) && point.length === 1 + CURVE_OCTETS[curve]) {
    throw unsupportedKey(READING, `a compressed ${curve} point`);
  }
  checkPoint(curve, point, READING);
  return { type: "ec", spki, curve, point };
}

/** RSASSA-PSS-params that restrict a key (RFC 4055 §3.1); absent: no restriction. */
function readPssRestriction(parameters: DerReader): PssRestriction {
  if (parameters.done) return {};
  const reader = parameters.sequence("RSASSA-PSS-params");
  const hashField = reader.openOptional(contextConstructed(0), "RSASSA-PSS-params.hashAlgorithm");
  const hash = hashField === undefined ? "SHA-1" : readHash(hashField, "RSASSA-PSS-params.hashAlgorithm");
  let mgfHash: HashName = "SHA-1";
  const mgfField = reader.openOptional(contextConstructed(1), "RSASSA-PSS-params.maskGenAlgorithm");
  if (mgfField !== undefined) {
    const mgf = mgfField.sequence("RSASSA-PSS-params.maskGenAlgorithm");
    const oid = mgf.objectIdentifier("RSASSA-PSS-params.maskGenAlgorithm.algorithm");
    if (oid !== MGF1) throw unsupportedKey(READING, `the mask generation function ${oid}`);
    mgfHash = readHash(mgf, "RSASSA-PSS-params.maskGenAlgorithm.parameters");
    mgfField.finish("RSASSA-PSS-params.maskGenAlgorithm");
  }
  const saltField = reader.openOptional(contextConstructed(2), "RSASSA-PSS-params.saltLength");
  const saltLength = saltField?.smallInteger("RSASSA-PSS-params.saltLength", 0, MAX_RSA_BITS / 8) ?? 20;
  saltField?.finish("RSASSA-PSS-params.saltLength");
  const trailer = reader.openOptional(contextConstructed(3), "RSASSA-PSS-params.trailerField");
  trailer?.smallInteger("RSASSA-PSS-params.trailerField", 1, 1);
  trailer?.finish("RSASSA-PSS-params.trailerField");
  reader.finish("RSASSA-PSS-params");
  return { hash, mgfHash, saltLength };
}

/** The hash in an AlgorithmIdentifier whose parameters are NULL or absent (RFC 4055 §2.1); the field ends after it. */
function readHash(field: DerReader, reading: string): HashName {
  const algorithm = field.sequence(reading);
  const oid = algorithm.objectIdentifier(`${reading}.algorithm`);
  if (algorithm.peek() === TAG.null) algorithm.null(`${reading}.parameters`);
  algorithm.finish(reading);
  field.finish(reading);
  const hash = HASHES[oid];
  if (hash === undefined) throw unsupportedKey(READING, `the hash ${oid}`);
  return hash;
}

/** Whether the octets at this offset begin with these. */
function standsAt(these: Uint8Array, octets: Uint8Array, offset: number): boolean {
  for (let i = 0; i < these.length; i++) if (octets[offset + i] !== these[i]) return false;
  return true;
}

function ofLength(key: Bytes, length: number, type: string): Bytes {
  if (key.length === length) return key;
  throw new KeyError("ERR_KEY_INVALID", READING, `the ${type} key has ${key.length} octets, ${length} are needed`);
}

/** Room for the largest RSA modulus with an exponent as long, and for ML-DSA-87. */
const MAX_SPKI_OCTETS = 8192;

/** AlgorithmIdentifier { rsaEncryption, NULL } (RFC 3279 §2.3.1). */
const RSA_IDENTIFIER = /* @__PURE__ */ new Uint8Array(
  [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00],
);

/** AlgorithmIdentifier { id-ecPublicKey, secp256r1 } (RFC 5480 §2.1.1). */
const P256_IDENTIFIER = /* @__PURE__ */ new Uint8Array(
  [0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7],
);

const MGF1 = "1.2.840.113549.1.1.8";

const HASHES: Readonly<Record<string, HashName>> = {
  "1.3.14.3.2.26": "SHA-1",
  "2.16.840.1.101.3.4.2.4": "SHA-224",
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};
