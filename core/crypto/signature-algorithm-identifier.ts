/**
 * AlgorithmIdentifier of signatures (RFC 5280 §4.1.1.2): RFC 4055 (RSA), RFC 5758 (ECDSA), RFC 8410 (Ed25519),
 * RFC 9881 (ML-DSA).
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { type DerReader, openSequence } from "../der/reader.ts";
import { contextConstructed } from "../der/tag.ts";
import { derContextConstructed, derInteger, derNull, derObjectIdentifier, derSequence } from "../der/writer.ts";
import {
  ECDSA_SHA1,
  ECDSA_SHA224,
  ECDSA_SHA256,
  ECDSA_SHA384,
  ECDSA_SHA512,
  ED25519,
  type HashName,
  ML_DSA_44,
  ML_DSA_65,
  ML_DSA_87,
  RSA_PKCS1_SHA1,
  RSA_PKCS1_SHA224,
  RSA_PKCS1_SHA256,
  RSA_PKCS1_SHA384,
  RSA_PKCS1_SHA512,
  RSA_PSS_OID,
  rsaPss,
  type SignatureAlgorithm,
} from "./signature-algorithm.ts";

/** A signature algorithm that is not in the table: it can be named and compared, not used. */
export interface UnknownSignatureAlgorithm {
  /** Tells it from the algorithms of the table. */
  readonly scheme: "unknown";
  /** For people: the dotted identifier, and the hash where that is what is unknown. */
  readonly name: string;
  /** AlgorithmIdentifier.algorithm. */
  readonly oid: string;
}

const READING = "signatureAlgorithm";

/**
 * Reads the AlgorithmIdentifier of a signature. RSA PKCS#1 takes NULL or no parameters (RFC 4055 §5 demands that both
 * are understood), ECDSA, Ed25519 and ML-DSA take none. PSS defaults may be written out (RFC 4055 §3.1).
 *
 * @param der the whole element
 * @returns a record of the table, or one with the scheme `unknown`
 * @throws {DerError} when the parameters are not those of the algorithm
 */
export function parseSignatureAlgorithm(der: Bytes): SignatureAlgorithm | UnknownSignatureAlgorithm {
  const reader = openSequence(der, READING);
  const oid = reader.objectIdentifier(READING);
  if (oid === RSA_PSS_OID) return readPssParameters(reader);
  const algorithm = ALGORITHMS.find((candidate) => candidate.oid === oid);
  if (algorithm === undefined) return { scheme: "unknown", name: oid, oid };
  if (algorithm.scheme === "rsa-pkcs1" && !reader.done) reader.null(`${READING}.parameters`);
  reader.finish(`${READING}.parameters`);
  return algorithm;
}

/** Writes the AlgorithmIdentifier of a signature, as the algorithm's own standard wants it. */
export function encodeSignatureAlgorithm(algorithm: SignatureAlgorithm): Bytes {
  const oid = derObjectIdentifier(algorithm.oid);
  switch (algorithm.scheme) {
    case "rsa-pkcs1":
      return derSequence(oid, derNull());
    case "rsa-pss":
      return derSequence(oid, encodePssParameters(algorithm.hash, algorithm.mgfHash, algorithm.saltLength));
    default:
      return derSequence(oid);
  }
}

/** RSASSA-PSS-params (RFC 4055 §3.1). */
function readPssParameters(reader: DerReader): SignatureAlgorithm | UnknownSignatureAlgorithm {
  const reading = `${READING}.parameters`;
  const parameters = reader.sequence(reading);
  reader.finish(reading);
  const hash = readField(parameters, 0, "1.3.14.3.2.26", readHash);
  const mgfHash = readField(parameters, 1, "1.3.14.3.2.26", readMaskGeneration);
  const saltLength = readField(parameters, 2, 20, (field) => field.smallInteger(`${reading}.saltLength`, 0, 0xffff));
  readField(parameters, 3, 1, (field) => field.smallInteger(`${reading}.trailerField`, 1, 1));
  parameters.finish(reading);
  const hashName = HASHES[hash];
  const mgfHashName = HASHES[mgfHash];
  return hashName === undefined || mgfHashName === undefined
    ? {
      scheme: "unknown",
      name: `RSA-PSS with the hash ${hashName === undefined ? hash : mgfHash}`,
      oid: RSA_PSS_OID,
    }
    : rsaPss(hashName, mgfHashName, saltLength);
}

function readField<T>(reader: DerReader, tag: number, absent: T, read: (field: DerReader) => T): T {
  const field = reader.openOptional(contextConstructed(tag), `${READING}.parameters`);
  if (field === undefined) return absent;
  const value = read(field);
  field.finish(`${READING}.parameters`);
  return value;
}

/** HashAlgorithm: parameters NULL or absent (RFC 4055 §2.1). */
function readHash(reader: DerReader): string {
  const hash = reader.sequence(`${READING}.parameters.hashAlgorithm`);
  const oid = hash.objectIdentifier(`${READING}.parameters.hashAlgorithm`);
  // Hash functions outside the table may have parameters of their own.
  if (HASHES[oid] === undefined) return oid;
  if (!hash.done) hash.null(`${READING}.parameters.hashAlgorithm`);
  hash.finish(`${READING}.parameters.hashAlgorithm`);
  return oid;
}

/** MaskGenAlgorithm: MGF1 over a hash; the identifier of another function takes the hash's place. */
function readMaskGeneration(reader: DerReader): string {
  const mask = reader.sequence(`${READING}.parameters.maskGenAlgorithm`);
  const oid = mask.objectIdentifier(`${READING}.parameters.maskGenAlgorithm`);
  if (oid !== MGF1_OID) return oid;
  const hash = readHash(mask);
  mask.finish(`${READING}.parameters.maskGenAlgorithm`);
  return hash;
}

function encodePssParameters(hash: HashName, mgfHash: HashName, saltLength: number): Bytes {
  const fields: Bytes[] = [];
  if (hash !== "SHA-1") fields.push(derContextConstructed(0, encodeHash(hash)));
  if (mgfHash !== "SHA-1") {
    fields.push(derContextConstructed(1, derSequence(derObjectIdentifier(MGF1_OID), encodeHash(mgfHash))));
  }
  if (saltLength !== 20) fields.push(derContextConstructed(2, derInteger(saltLength)));
  return derSequence(...fields);
}

function encodeHash(hash: HashName): Bytes {
  const oid = Object.keys(HASHES).find((candidate) => HASHES[candidate] === hash)!;
  return derSequence(derObjectIdentifier(oid), derNull());
}

const MGF1_OID = "1.2.840.113549.1.1.8";

const HASHES: { readonly [oid: string]: HashName } = {
  "1.3.14.3.2.26": "SHA-1",
  "2.16.840.1.101.3.4.2.4": "SHA-224",
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};

/** Everything that an OID alone identifies. */
const ALGORITHMS: readonly SignatureAlgorithm[] = [
  RSA_PKCS1_SHA256,
  ECDSA_SHA256,
  ECDSA_SHA384,
  RSA_PKCS1_SHA384,
  RSA_PKCS1_SHA512,
  ECDSA_SHA512,
  ED25519,
  ML_DSA_44,
  ML_DSA_65,
  ML_DSA_87,
  RSA_PKCS1_SHA224,
  ECDSA_SHA224,
  RSA_PKCS1_SHA1,
  ECDSA_SHA1,
];
