/**
 * The part of the Web Cryptography API (W3C, Level 2) that is used, as types of our own: the global `crypto` of every
 * runtime fits, and no library of DOM types is needed to say so.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import type { PlatformKey } from "./provider.ts";
import type { SignatureAlgorithm } from "./signature-algorithm.ts";

/** The part of the global `crypto` that is used. */
export interface WebCrypto {
  /** Absent where the context is not secure. */
  readonly subtle: SubtleWebCrypto;
  /** Fills at most 65,536 octets. */
  getRandomValues(octets: Bytes): unknown;
}

/** The part of `crypto.subtle` that is used. */
export interface SubtleWebCrypto {
  /** Hashes. */
  digest(hash: string, data: Bytes): Promise<ArrayBuffer>;
  /** Brings a key into the platform. */
  importKey(
    format: "raw" | "spki" | "pkcs8",
    octets: Bytes,
    parameters: ImportParameters | string,
    extractable: boolean,
    usages: KeyUse[],
  ): Promise<PlatformKey>;
  /** Makes a key pair. */
  generateKey(parameters: ImportParameters, extractable: boolean, usages: KeyUse[]): Promise<unknown>;
  /** Writes a key as JSON Web Key. */
  exportKey(format: "jwk", key: PlatformKey): Promise<object>;
  /** Signs. */
  sign(parameters: OperationParameters, key: PlatformKey, message: Bytes): Promise<ArrayBuffer>;
  /** Verifies. */
  verify(parameters: OperationParameters, key: PlatformKey, signature: Bytes, message: Bytes): Promise<boolean>;
  /** Derives octets of a password by PBKDF2. */
  deriveBits(parameters: DerivationParameters, key: PlatformKey, bits: number): Promise<ArrayBuffer>;
  /** Encrypts. */
  encrypt(parameters: CipherParameters, key: PlatformKey, plaintext: Bytes): Promise<ArrayBuffer>;
  /** Decrypts. */
  decrypt(parameters: CipherParameters, key: PlatformKey, data: Bytes): Promise<ArrayBuffer>;
}

/** The runtime's own WebCrypto; undefined where there is none. */
export function globalCrypto(): WebCrypto | undefined {
  return (globalThis as { crypto?: WebCrypto }).crypto;
}

/** What a key may be used for. */
export type KeyUse = "sign" | "verify" | "deriveBits" | "encrypt" | "decrypt";

/** Parameters of `importKey` and `generateKey`. */
export interface ImportParameters {
  /** WebCrypto's name of the algorithm. */
  readonly name: string;
  /** The hash that an RSA key is bound to. */
  readonly hash?: string;
  /** The curve of an elliptic-curve key. */
  readonly namedCurve?: string;
  /** Bits of a new RSA key. */
  readonly modulusLength?: number;
  /** The exponent of a new RSA key, big-endian. */
  readonly publicExponent?: Bytes;
}

/** Parameters of `sign` and `verify`. */
export interface OperationParameters {
  /** WebCrypto's name of the algorithm. */
  readonly name: string;
  /** The hash of an ECDSA signature. */
  readonly hash?: string;
  /** Octets of salt of an RSASSA-PSS signature. */
  readonly saltLength?: number;
}

/** Parameters of `deriveBits`. */
export interface DerivationParameters {
  /** `PBKDF2`. */
  readonly name: string;
  /** The hash of its HMAC. */
  readonly hash: string;
  /** The salt. */
  readonly salt: Bytes;
  /** How often the hash runs. */
  readonly iterations: number;
}

/** Parameters of `encrypt` and `decrypt`. */
export interface CipherParameters {
  /** `AES-CBC` or `AES-GCM`. */
  readonly name: string;
  /** Initialisation vector or nonce. */
  readonly iv: Bytes;
  /** What AES-GCM authenticates besides. */
  readonly additionalData?: Bytes;
  /** Bits of AES-GCM's tag. */
  readonly tagLength?: number;
}

/** What `importKey` wants to hear about a key and the algorithm that it is for. */
export function importParameters(
  key: { readonly type: string; readonly curve?: string },
  algorithm: SignatureAlgorithm,
): ImportParameters {
  const name = NAMES[algorithm.scheme] ?? algorithm.name;
  if (algorithm.scheme === "ecdsa") return { name, namedCurve: key.curve ?? "" };
  return algorithm.scheme === "rsa-pkcs1" || algorithm.scheme === "rsa-pss" ? { name, hash: algorithm.hash } : { name };
}

/** What `sign` and `verify` want to hear. */
export function operationParameters(algorithm: SignatureAlgorithm): OperationParameters {
  const name = NAMES[algorithm.scheme] ?? algorithm.name;
  if (algorithm.scheme === "ecdsa") return { name, hash: algorithm.hash };
  return algorithm.scheme === "rsa-pss" ? { name, saltLength: algorithm.saltLength } : { name };
}

/** WebCrypto's names; ML-DSA's and Ed25519's are the algorithms' own. */
const NAMES: { readonly [scheme: string]: string } = {
  "rsa-pkcs1": "RSASSA-PKCS1-v1_5",
  "rsa-pss": "RSA-PSS",
  ecdsa: "ECDSA",
};
