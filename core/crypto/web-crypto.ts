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
  digest(hash: string, data: Bytes): Promise<ArrayBuffer>;
  importKey(
    format: "raw" | "spki" | "pkcs8",
    octets: Bytes,
    parameters: ImportParameters | string,
    extractable: boolean,
    usages: KeyUse[],
  ): Promise<PlatformKey>;
  generateKey(
    parameters: ImportParameters & { readonly name: string },
    extractable: boolean,
    usages: KeyUse[],
  ): Promise<unknown>;
  exportKey(format: "jwk", key: PlatformKey): Promise<object>;
  sign(parameters: OperationParameters, key: PlatformKey, message: Bytes): Promise<ArrayBuffer>;
  verify(parameters: OperationParameters, key: PlatformKey, signature: Bytes, message: Bytes): Promise<boolean>;
  deriveBits(
    parameters: { readonly name: string; readonly hash: string; readonly salt: Bytes; readonly iterations: number },
    key: PlatformKey,
    bits: number,
  ): Promise<ArrayBuffer>;
  encrypt(parameters: CipherParameters, key: PlatformKey, plaintext: Bytes): Promise<ArrayBuffer>;
  decrypt(parameters: CipherParameters, key: PlatformKey, data: Bytes): Promise<ArrayBuffer>;
}

/** What a key may be used for. */
export type KeyUse = "sign" | "verify" | "deriveBits" | "encrypt" | "decrypt";

/** Parameters of `importKey` and `generateKey`. */
export interface ImportParameters {
  readonly name: string;
  readonly hash?: string;
  readonly namedCurve?: string;
  readonly modulusLength?: number;
  readonly publicExponent?: Bytes;
}

/** Parameters of `sign` and `verify`. */
export interface OperationParameters {
  readonly name: string;
  readonly hash?: string;
  readonly saltLength?: number;
}

/** Parameters of `encrypt` and `decrypt`. */
export interface CipherParameters {
  readonly name: string;
  readonly iv: Bytes;
  readonly additionalData?: Bytes;
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
