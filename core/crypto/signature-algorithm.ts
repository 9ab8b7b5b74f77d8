/**
 * Signature algorithms: one record each, which everything above receives instead of a name.
 *
 * The AlgorithmIdentifier forms are those of RFC 4055 (RSA), RFC 5758 (ECDSA), RFC 8410 (Ed25519) and RFC 9881
 * (ML-DSA); the tokens are those of the IAM Roles Anywhere signing process.
 *
 * @module
 */

/** Hash functions by their WebCrypto names; SHA-1 and SHA-224 serve key derivation and old certificates only. */
export type HashName = "SHA-1" | "SHA-224" | "SHA-256" | "SHA-384" | "SHA-512";

/** ML-DSA parameter sets (FIPS 204 §4). */
export type MlDsaParameterSet = "ML-DSA-44" | "ML-DSA-65" | "ML-DSA-87";

/** What the service calls the algorithm in the string to sign. */
export type SigV4X509Token = "AWS4-X509-RSA-SHA256" | "AWS4-X509-ECDSA-SHA256" | "AWS4-X509-MLDSA";

/** Everything the rest of core needs to know about one signature algorithm. */
export type SignatureAlgorithm = Pkcs1Algorithm | PssAlgorithm | EcdsaAlgorithm | Ed25519Algorithm | MlDsaAlgorithm;

/** What every signature algorithm has. */
export interface AlgorithmBase {
  /** For people: `ECDSA with SHA-256`. */
  readonly name: string;
  /** AlgorithmIdentifier.algorithm. */
  readonly oid: string;
  /** The service's token; absent: CreateSession does not accept it. */
  readonly sigv4?: SigV4X509Token;
}

/** RSASSA-PKCS1-v1_5 (RFC 8017 §8.2). */
export interface Pkcs1Algorithm extends AlgorithmBase {
  /** Tells the algorithms apart. */
  readonly scheme: "rsa-pkcs1";
  /** Hash of the message. */
  readonly hash: HashName;
}

/** RSASSA-PSS (RFC 8017 §8.1); the parameters travel in the AlgorithmIdentifier. */
export interface PssAlgorithm extends AlgorithmBase {
  /** Tells the algorithms apart. */
  readonly scheme: "rsa-pss";
  /** Hash of the message. */
  readonly hash: HashName;
  /** Hash of the mask generation function MGF1. */
  readonly mgfHash: HashName;
  /** Octets of salt. */
  readonly saltLength: number;
}

/** ECDSA (FIPS 186-5 §6); signatures are DER `SEQUENCE { r, s }` (RFC 3279 §2.2.3). The key brings the curve. */
export interface EcdsaAlgorithm extends AlgorithmBase {
  /** Tells the algorithms apart. */
  readonly scheme: "ecdsa";
  /** Hash of the message. */
  readonly hash: HashName;
}

/** Ed25519 (RFC 8032 §5.1, pure). */
export interface Ed25519Algorithm extends AlgorithmBase {
  /** Tells the algorithms apart. */
  readonly scheme: "ed25519";
}

/** ML-DSA (FIPS 204 §5.2: pure, empty context). */
export interface MlDsaAlgorithm extends AlgorithmBase {
  /** Tells the algorithms apart. */
  readonly scheme: "ml-dsa";
  /** The parameter set (FIPS 204 §4). */
  readonly parameterSet: MlDsaParameterSet;
}

/** RSASSA-PKCS1-v1_5 with SHA-1: to recognise old certificates, never to trust them. */
export const RSA_PKCS1_SHA1: Pkcs1Algorithm = {
  name: "RSA with SHA-1",
  scheme: "rsa-pkcs1",
  hash: "SHA-1",
  oid: "1.2.840.113549.1.1.5",
};
/** RSASSA-PKCS1-v1_5 with SHA-224. */
export const RSA_PKCS1_SHA224: Pkcs1Algorithm = {
  name: "RSA with SHA-224",
  scheme: "rsa-pkcs1",
  hash: "SHA-224",
  oid: "1.2.840.113549.1.1.14",
};
/** RSASSA-PKCS1-v1_5 with SHA-256, the service's RSA algorithm. */
export const RSA_PKCS1_SHA256: Pkcs1Algorithm = {
  name: "RSA with SHA-256",
  scheme: "rsa-pkcs1",
  hash: "SHA-256",
  oid: "1.2.840.113549.1.1.11",
  sigv4: "AWS4-X509-RSA-SHA256",
};
/** RSASSA-PKCS1-v1_5 with SHA-384. */
export const RSA_PKCS1_SHA384: Pkcs1Algorithm = {
  name: "RSA with SHA-384",
  scheme: "rsa-pkcs1",
  hash: "SHA-384",
  oid: "1.2.840.113549.1.1.12",
};
/** RSASSA-PKCS1-v1_5 with SHA-512. */
export const RSA_PKCS1_SHA512: Pkcs1Algorithm = {
  name: "RSA with SHA-512",
  scheme: "rsa-pkcs1",
  hash: "SHA-512",
  oid: "1.2.840.113549.1.1.13",
};

/** OID of RSASSA-PSS, whose hash, MGF and salt length are parameters. */
export const RSA_PSS_OID = "1.2.840.113549.1.1.10";

/** RSASSA-PSS with these parameters. */
export function rsaPss(hash: HashName, mgfHash: HashName, saltLength: number): PssAlgorithm {
  return { name: `RSA-PSS with ${hash}`, scheme: "rsa-pss", hash, mgfHash, saltLength, oid: RSA_PSS_OID };
}

/** ECDSA with SHA-1: to recognise old certificates, never to trust them. */
export const ECDSA_SHA1: EcdsaAlgorithm = {
  name: "ECDSA with SHA-1",
  scheme: "ecdsa",
  hash: "SHA-1",
  oid: "1.2.840.10045.4.1",
};
/** ECDSA with SHA-224. */
export const ECDSA_SHA224: EcdsaAlgorithm = {
  name: "ECDSA with SHA-224",
  scheme: "ecdsa",
  hash: "SHA-224",
  oid: "1.2.840.10045.4.3.1",
};
/** ECDSA with SHA-256, the service's ECDSA algorithm with every curve. */
export const ECDSA_SHA256: EcdsaAlgorithm = {
  name: "ECDSA with SHA-256",
  scheme: "ecdsa",
  hash: "SHA-256",
  oid: "1.2.840.10045.4.3.2",
  sigv4: "AWS4-X509-ECDSA-SHA256",
};
/** ECDSA with SHA-384. */
export const ECDSA_SHA384: EcdsaAlgorithm = {
  name: "ECDSA with SHA-384",
  scheme: "ecdsa",
  hash: "SHA-384",
  oid: "1.2.840.10045.4.3.3",
};
/** ECDSA with SHA-512. */
export const ECDSA_SHA512: EcdsaAlgorithm = {
  name: "ECDSA with SHA-512",
  scheme: "ecdsa",
  hash: "SHA-512",
  oid: "1.2.840.10045.4.3.4",
};
/** Ed25519. */
export const ED25519: Ed25519Algorithm = { name: "Ed25519", scheme: "ed25519", oid: "1.3.101.112" };
/** ML-DSA-44. */
export const ML_DSA_44: MlDsaAlgorithm = {
  name: "ML-DSA-44",
  scheme: "ml-dsa",
  parameterSet: "ML-DSA-44",
  oid: "2.16.840.1.101.3.4.3.17",
  sigv4: "AWS4-X509-MLDSA",
};
/** ML-DSA-65. */
export const ML_DSA_65: MlDsaAlgorithm = {
  name: "ML-DSA-65",
  scheme: "ml-dsa",
  parameterSet: "ML-DSA-65",
  oid: "2.16.840.1.101.3.4.3.18",
  sigv4: "AWS4-X509-MLDSA",
};
/** ML-DSA-87. */
export const ML_DSA_87: MlDsaAlgorithm = {
  name: "ML-DSA-87",
  scheme: "ml-dsa",
  parameterSet: "ML-DSA-87",
  oid: "2.16.840.1.101.3.4.3.19",
  sigv4: "AWS4-X509-MLDSA",
};

/** The record of an ML-DSA parameter set. */
export function mlDsaAlgorithm(parameterSet: MlDsaParameterSet): MlDsaAlgorithm {
  return parameterSet === "ML-DSA-44" ? ML_DSA_44 : parameterSet === "ML-DSA-65" ? ML_DSA_65 : ML_DSA_87;
}

/** The algorithm that CreateSession wants of a key of this type. */
export function sessionAlgorithm(
  key: { readonly type: "rsa" } | { readonly type: "ec" } | {
    readonly type: "ml-dsa";
    readonly parameterSet: MlDsaParameterSet;
  },
): SignatureAlgorithm {
  return key.type === "rsa" ? RSA_PKCS1_SHA256 : key.type === "ec" ? ECDSA_SHA256 : mlDsaAlgorithm(key.parameterSet);
}
