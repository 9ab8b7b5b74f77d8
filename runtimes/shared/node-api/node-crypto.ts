/**
 * The part of `node:crypto` that is used, which Node and Bun each hand in.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import type { HashName } from "../../../core/crypto/signature-algorithm.ts";

/** A key inside the platform; opaque, its exports aside. */
export interface NodeKey {
  export(options: { readonly format: "der"; readonly type: "pkcs8" | "spki" }): Uint8Array;
  export(options: { readonly format: "jwk" }): Readonly<Record<string, unknown>>;
}

/** A key with the RSASSA-PSS parameters of its use. */
export interface PssUse {
  readonly key: NodeKey;
  readonly padding: number;
  readonly saltLength: number;
}

/** A running hash or cipher. */
export interface NodeTransform {
  update(data: Uint8Array): Uint8Array;
  final(): Uint8Array;
  setAAD(data: Uint8Array): unknown;
  setAuthTag(tag: Uint8Array): unknown;
  getAuthTag(): Uint8Array;
}

/** The part of `node:crypto` that is used. */
export interface NodeCrypto {
  createHash(name: string): { update(data: Uint8Array): { digest(): Uint8Array } };
  createPrivateKey(input: { readonly key: Uint8Array; readonly format: "der"; readonly type: "pkcs8" }): NodeKey;
  createPublicKey(
    input: { readonly key: Bytes; readonly format: "der"; readonly type: "spki" } | NodeKey,
  ): NodeKey;
  /** Answers a plain array, no `Buffer`. */
  sign(hash: string | null, message: Uint8Array, key: NodeKey | PssUse): Bytes;
  createVerify(hash: string): {
    update(data: Uint8Array): unknown;
    verify(key: NodeKey | PssUse, signature: Uint8Array): boolean;
  };
  verify(hash: string | null, message: Uint8Array, key: NodeKey | PssUse, signature: Uint8Array): boolean;
  generateKeyPairSync(type: string, options: object): { readonly privateKey: NodeKey };
  pbkdf2(
    password: Uint8Array,
    salt: Uint8Array,
    iterations: number,
    length: number,
    hash: string,
    done: (error: Error | null | undefined, key: Uint8Array) => void,
  ): void;
  scrypt(
    password: Uint8Array,
    salt: Uint8Array,
    length: number,
    options: { readonly N: number; readonly r: number; readonly p: number; readonly maxmem: number },
    done: (error: Error | null | undefined, key: Uint8Array) => void,
  ): void;
  createCipheriv(name: string, key: Uint8Array, iv: Uint8Array, options?: object): NodeTransform;
  createDecipheriv(name: string, key: Uint8Array, iv: Uint8Array, options?: object): NodeTransform;
  randomFillSync(octets: Bytes): unknown;
  readonly KeyObject: { from(key: unknown): NodeKey };
  readonly constants: { readonly RSA_PKCS1_PSS_PADDING: number };
}

/** What the provider is called. */
export const NAME = "node:crypto";

/** What to do about something that it lacks. */
export const REMEDY = "put the provider of anyrole/portable behind it";

/** OpenSSL's names of the hash functions. */
export const HASHES: { readonly [hash in HashName]: string } = {
  "SHA-1": "sha1",
  "SHA-224": "sha224",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};
