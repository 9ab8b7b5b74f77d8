/**
 * Which scheme, hash and digest a key of the TPM signs with.
 *
 * A key may be bound to one scheme and hash; otherwise the caller says. RSA signs the digest of the message's hash and
 * no other. ECDSA signs an integer, so that a digest of another length does as well: it is cut on the right as ECDSA
 * itself cuts it (FIPS 186-5 §6.4.1), or filled with zeros on the left, which leaves the integer as it is.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import { HASH_OCTETS } from "../../core/crypto/hash-octets.ts";
import { CURVE_OCTETS, type NamedCurve } from "../../core/crypto/public-key.ts";
import {
  ECDSA_SHA256,
  type EcdsaAlgorithm,
  type HashName,
  type Pkcs1Algorithm,
  RSA_PKCS1_SHA256,
  type SignatureAlgorithm,
} from "../../core/crypto/signature-algorithm.ts";
import { isSigningKey, type PublicArea } from "./public-area.ts";
import { ALGORITHM, hashAlgorithm, hashName } from "./tpm-constants.ts";
import { TpmError } from "./tpm-error.ts";

/** Scheme and hash, as the TPM is told. */
export interface SigningScheme {
  /** TPM_ALG of the scheme. */
  readonly algorithm: number;
  /** TPM_ALG of the hash. */
  readonly hash: number;
  /** The algorithm of the signatures. */
  readonly signature: Pkcs1Algorithm | EcdsaAlgorithm;
  /** The digest as the TPM takes it, of the digest of the message. */
  readonly fit: (digest: Bytes) => Bytes;
}

/**
 * Finds the scheme of a key.
 *
 * @param algorithm what the signatures shall be; default what CreateSession wants of such a key
 * @throws {TpmError} `ERR_TPM_KEY_UNSUPPORTED` when the key does not sign, `ERR_TPM_SCHEME` when it is bound to a scheme
 * or hash that does not do
 */
export function signingScheme(area: PublicArea, algorithm?: SignatureAlgorithm): SigningScheme {
  const { key, scheme } = area;
  if (!isSigningKey(area)) {
    refuse(
      "ERR_TPM_KEY_UNSUPPORTED",
      "it has the attribute restricted or lacks the attribute sign; make a signing key",
    );
  }
  if (key.type === "rsa") {
    const signature = algorithm ?? RSA_PKCS1_SHA256;
    if (signature.scheme !== "rsa-pkcs1") {
      refuse("ERR_TPM_SCHEME", `${signature.name} is not made with a TPM's RSA key here`);
    }
    const hash = tpmHash(signature.hash);
    if (scheme !== undefined && (scheme.algorithm !== ALGORITHM.rsaSsa || scheme.hash !== hash)) {
      refuse("ERR_TPM_SCHEME", `it is bound to ${schemeName(area)}, and ${signature.name} is wanted`);
    }
    return { algorithm: ALGORITHM.rsaSsa, hash, signature, fit: (digest) => digest };
  }
  const signature = algorithm ?? ECDSA_SHA256;
  if (signature.scheme !== "ecdsa") refuse("ERR_TPM_SCHEME", `${signature.name} does not fit a key on ${key.curve}`);
  if (scheme !== undefined && scheme.algorithm !== ALGORITHM.ecdsa) {
    refuse("ERR_TPM_SCHEME", `it is bound to ${schemeName(area)}, and ECDSA is wanted`);
  }
  const announced = scheme === undefined ? CURVE_HASHES[key.curve] : hashName(scheme.hash);
  const counted = Math.min(HASH_OCTETS[signature.hash], CURVE_OCTETS[key.curve]);
  if (announced === undefined || HASH_OCTETS[announced] < counted) {
    refuse("ERR_TPM_SCHEME", `it is bound to ${schemeName(area)}, and ${signature.name} is wanted`);
  }
  return {
    algorithm: ALGORITHM.ecdsa,
    hash: tpmHash(announced),
    signature,
    fit: (digest) => fitDigest(digest, HASH_OCTETS[announced], CURVE_OCTETS[key.curve]),
  };
}

/**
 * A digest of another length that stands for the same integer.
 *
 * @param wanted octets that the TPM takes; at least as many as count
 * @param curveOctets as many octets count at most
 */
export function fitDigest(digest: Bytes, wanted: number, curveOctets: number): Bytes {
  // The TPM takes this many octets from the left and makes an integer of them.
  const taken = Math.min(wanted, curveOctets);
  const counted = digest.subarray(0, Math.min(digest.length, curveOctets));
  const result = new Uint8Array(wanted);
  result.set(counted, taken - counted.length);
  return result;
}

/** The hash that is announced for a key without a scheme of its own, by its curve. */
const CURVE_HASHES: { readonly [curve in NamedCurve]: HashName } = {
  "P-256": "SHA-256",
  "P-384": "SHA-384",
  "P-521": "SHA-512",
};

function tpmHash(hash: HashName): number {
  return hashAlgorithm(hash) ?? refuse("ERR_TPM_SCHEME", `TPMs have no ${hash}`);
}

function schemeName({ scheme }: PublicArea): string {
  const name = SCHEME_NAMES[scheme?.algorithm ?? 0] ?? "another scheme";
  return `${name} with ${hashName(scheme?.hash ?? 0) ?? "another hash"}`;
}

/** By TPM_ALG. */
const SCHEME_NAMES: Readonly<Record<number, string>> = {
  0x14: "RSASSA",
  0x15: "RSAES",
  0x16: "RSA-PSS",
  0x17: "OAEP",
  0x18: "ECDSA",
  0x19: "ECDH",
  0x1a: "ECDAA",
  0x1b: "SM2",
  0x1c: "ECSchnorr",
};

function refuse(code: "ERR_TPM_KEY_UNSUPPORTED" | "ERR_TPM_SCHEME", state: string): never {
  throw new TpmError(code, "signing", `Cannot sign with TPM key: ${state}`);
}
