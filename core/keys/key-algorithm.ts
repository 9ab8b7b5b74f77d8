/**
 * Object identifiers of key types and curves: those that are read, and names for those that are not.
 *
 * @see RFC 3279 §2.3, RFC 5480 §2.1.1, RFC 8410 §3, RFC 9881 §2
 * @module
 */

import type { NamedCurve } from "../crypto/public-key.ts";
import { ML_DSA_44, ML_DSA_65, ML_DSA_87, type MlDsaParameterSet } from "../crypto/signature-algorithm.ts";
import { CURVE_OIDS } from "../crypto/spki-encoding.ts";
import type { DerReader } from "../der/reader.ts";
import { TAG } from "../der/tag.ts";
import { unsupportedKey } from "./key-error.ts";

/** rsaEncryption (RFC 8017 §A.1). */
export const RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
/** id-ecPublicKey (RFC 5480 §2.1.1). */
export const EC_PUBLIC_KEY = "1.2.840.10045.2.1";

/** The parameter set that an object identifier stands for; undefined for every other one. */
export function mlDsaParameterSet(oid: string): MlDsaParameterSet | undefined {
  return [ML_DSA_44, ML_DSA_65, ML_DSA_87].find((algorithm) => algorithm.oid === oid)?.parameterSet;
}

/** A key type or curve by its name where it has a well-known one, for messages. */
export function nameOf(oid: string): string {
  return NAMES[oid] ?? `the algorithm ${oid}`;
}

/**
 * Reads ECParameters (RFC 5480 §2.1.1), of which only namedCurve is in use.
 *
 * @throws {KeyError} `ERR_KEY_UNSUPPORTED` for explicit parameters and for other curves
 */
export function readNamedCurve(reader: DerReader, reading: string): NamedCurve {
  if (reader.peek() === TAG.sequence) throw unsupportedKey(reading, "a curve given by explicit parameters");
  const oid = reader.objectIdentifier("ECParameters.namedCurve");
  for (const curve of ["P-256", "P-384", "P-521"] as const) if (CURVE_OIDS[curve] === oid) return curve;
  throw unsupportedKey(reading, NAMES[oid] ?? `the curve ${oid}`);
}

/** Written out: a bundler keeps a table whose keys are computed. */
const NAMES: Readonly<Record<string, string>> = {
  "1.3.101.112": "Ed25519",
  "1.2.840.113549.1.1.10": "RSASSA-PSS",
  "1.3.101.110": "X25519",
  "1.3.101.111": "X448",
  "1.3.101.113": "Ed448",
  "1.2.840.10040.4.1": "DSA",
  "1.2.840.113549.1.3.1": "Diffie-Hellman",
  "1.2.840.10046.2.1": "X9.42 Diffie-Hellman",
  "1.2.840.113549.1.1.7": "RSAES-OAEP",
  "1.3.132.0.33": "P-224",
  "1.3.132.0.10": "secp256k1",
  "1.2.840.10045.3.1.1": "P-192",
  "1.3.36.3.3.2.8.1.1.7": "brainpoolP256r1",
  "1.3.36.3.3.2.8.1.1.11": "brainpoolP384r1",
  "1.3.36.3.3.2.8.1.1.13": "brainpoolP512r1",
};
