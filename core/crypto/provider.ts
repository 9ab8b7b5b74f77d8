/**
 * What core asks of a cryptographic library: WebCrypto, `node:crypto` or the portable one.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import type { PrivateKey } from "./private-key.ts";
import type { PublicKey } from "./public-key.ts";
import type { HashName, SignatureAlgorithm } from "./signature-algorithm.ts";
import type { Awaitable, Signer, StreamVerifier, Verifier } from "./signer.ts";

/** Password-based key derivation: PBKDF2 (RFC 8018 §5.2) or scrypt (RFC 7914 §6). */
export type KeyDerivation =
  | {
    readonly name: "PBKDF2";
    readonly hash: HashName;
    readonly salt: Bytes;
    readonly iterations: number;
    /** Octets wanted. */
    readonly length: number;
  }
  | {
    readonly name: "scrypt";
    readonly salt: Bytes;
    /** N, a power of two. */
    readonly cost: number;
    /** r. */
    readonly blockSize: number;
    /** p. */
    readonly parallelization: number;
    /** Octets wanted. */
    readonly length: number;
  };

/** Symmetric decryption: AES-CBC with PKCS#7 padding, or AES-GCM with the tag behind the ciphertext. */
export type Cipher =
  | { readonly name: "AES-CBC"; readonly iv: Bytes }
  | {
    readonly name: "AES-GCM";
    readonly iv: Bytes;
    readonly additionalData?: Bytes;
    /** Bits of the tag, as WebCrypto counts them; default 128. */
    readonly tagLength?: number;
  };

/** The part of a `CryptoKey` that says what it is: a private key that lives in the platform and may never leave it. */
export interface PlatformKey {
  /** Must be `private`. */
  readonly type: string;
  /** The algorithm and its parameters, by their WebCrypto names. */
  readonly algorithm: { readonly name: string };
  /** Must contain `sign`. */
  readonly usages: readonly string[];
  /** Whether its octets may leave the platform. */
  readonly extractable: boolean;
}

/** Key pairs that can be made. */
export type KeySpecification =
  | { readonly type: "rsa"; readonly bits: number }
  | { readonly type: "ec"; readonly curve: "P-256" | "P-384" | "P-521" }
  | { readonly type: "ml-dsa"; readonly parameterSet: "ML-DSA-44" | "ML-DSA-65" | "ML-DSA-87" };

/** The part of a cryptographic library that checks signatures: all that validating a path takes. */
export interface VerifyingProvider {
  /** For messages: `WebCrypto`, `node:crypto`, `portable`. */
  readonly name: string;
  /** Makes a verifier of a public key; a key that the algorithm does not fit is `ERR_CRYPTO_INVALID_KEY`. */
  importPublicKey(key: PublicKey, algorithm: SignatureAlgorithm): Awaitable<Verifier>;
  /**
   * Makes a verifier of one message that comes in pieces. Absent: this library wants its messages whole. Ed25519 reads
   * a message twice (RFC 8032 §5.1.7: behind the signature's R) and is unsupported everywhere.
   */
  importStreamVerifier?(key: PublicKey, algorithm: SignatureAlgorithm): Awaitable<StreamVerifier>;
}

/**
 * A cryptographic library. What it lacks is a `CryptoError` with the code `ERR_CRYPTO_UNSUPPORTED`, raised by the
 * call itself or through its promise; a capability is proven by doing it once, not by asking.
 */
export interface CryptoProvider extends VerifyingProvider {
  /** Hashes the data. */
  digest(hash: HashName, data: Bytes): Awaitable<Bytes>;
  /**
   * Makes a signer of a private key; checks that the components belong together as far as the platform does, and
   * proves the signer by one signature that verifies.
   *
   * Secret: the components are handed to the platform.
   */
  importPrivateKey(key: PrivateKey, algorithm: SignatureAlgorithm): Awaitable<Signer>;
  /**
   * Makes a signer of a private key that is already inside the platform, and proves by one signature that the public
   * key belongs to it. Absent: this library has no such keys.
   */
  importPlatformKey?(key: PlatformKey, publicKey: PublicKey, algorithm: SignatureAlgorithm): Awaitable<Signer>;
  /** Makes a new private key. Secret: the components pass through JavaScript memory. */
  generatePrivateKey(specification: KeySpecification): Awaitable<PrivateKey>;
  /** Derives key octets of a password. Secret: password and result. */
  deriveKey(derivation: KeyDerivation, password: Bytes): Awaitable<Bytes>;
  /** Decrypts; `ERR_CRYPTO_DECIPHER` for wrong padding or a wrong tag. Secret: key and result. */
  decipher(cipher: Cipher, key: Bytes, data: Bytes): Awaitable<Bytes>;
  /** Encrypts with AES-GCM, the 16-octet tag behind the ciphertext. Secret: key and plaintext. */
  seal(key: Bytes, iv: Bytes, plaintext: Bytes, additionalData?: Bytes): Awaitable<Bytes>;
  /** Draws octets from a cryptographically secure source. */
  random(length: number): Bytes;
}
