/**
 * How a password encrypts a key: derivation and cipher as records, whatever file format they were read from.
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";
import type { HashName } from "../signature-algorithm.ts";

/** One scheme. */
export interface EncryptionScheme {
  /** Makes the cipher's key of the password. */
  readonly derivation: PasswordDerivation;
  /** Decrypts. */
  readonly cipher: PasswordCipher;
}

/** How the password becomes a key; the cipher says how long it is. */
export type PasswordDerivation =
  | { readonly name: "PBKDF2"; readonly hash: HashName; readonly salt: Bytes; readonly iterations: number }
  | {
    readonly name: "scrypt";
    readonly salt: Bytes;
    /** N. */
    readonly cost: number;
    /** r. */
    readonly blockSize: number;
    /** p. */
    readonly parallelization: number;
  }
  /** RFC 7292 appendix B with SHA-1, of which appendix C knows no other; derives the initialisation vector too. */
  | { readonly name: "PKCS#12"; readonly salt: Bytes; readonly iterations: number }
  /** OpenSSL's EVP_BytesToKey with MD5 and one iteration, for encrypted PEM. */
  | { readonly name: "EVP_BytesToKey"; readonly salt: Bytes };

/** The cipher, its key length in octets, and its initialisation vector unless that is derived. */
export type PasswordCipher =
  | { readonly name: "AES-CBC"; readonly keyLength: 16 | 24 | 32; readonly iv: Bytes }
  | { readonly name: "AES-GCM"; readonly keyLength: 16 | 24 | 32; readonly iv: Bytes; readonly tagLength: number }
  /** A key of 16 octets is the one with two keys: the first is the third as well. */
  | { readonly name: "DES-EDE3-CBC"; readonly keyLength: 16 | 24; readonly iv?: Bytes }
  /** All bits of the key are effective. */
  | { readonly name: "RC2-CBC"; readonly keyLength: 5 | 16; readonly iv?: Bytes };

/** Octets that a cipher works on at a time; encrypted data is a whole number of them. */
export function blockOctets({ name }: PasswordCipher): number {
  return name === "AES-CBC" ? 16 : name === "AES-GCM" ? 1 : 8;
}
