/**
 * Opening what a password encrypts in one PKCS#12 file, within a budget of work.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { decryptWithPassword } from "../crypto/password/decrypt.ts";
import type { EncryptionScheme } from "../crypto/password/encryption-scheme.ts";
import type { CryptoProvider } from "../crypto/provider.ts";
import { MAX_PBKDF2_ITERATIONS, MAX_SCRYPT_WORK } from "./encryption-algorithm.ts";
import { pkcs12Error } from "./pkcs12-reading.ts";

/** A file may ask for this much iterating of the derivation of PKCS#12 altogether, for whatever it encrypts. */
export const MAX_PKCS12_WORK = 5_000_000;

/** Decrypts the parts of one file, and counts what that costs. */
export class Pkcs12Opening {
  private readonly crypto: CryptoProvider;
  /** The part of the budget that is spent, from 0 to 1. */
  private spent: number;

  /** Begins with the whole budget. */
  constructor(crypto: CryptoProvider) {
    this.crypto = crypto;
    this.spent = 0;
  }

  /**
   * Decrypts one part.
   *
   * Secret: password and result.
   *
   * @returns undefined when the password does not fit, or the data is damaged
   * @throws {KeyError} `ERR_KEY_LIMIT` when the file asks for more work than is accepted
   * @throws {CryptoError} what the provider cannot do
   */
  async decrypt(
    { scheme, data }: { readonly scheme: EncryptionScheme; readonly data: Bytes },
    password: string | Bytes | undefined,
  ): Promise<Bytes | undefined> {
    this.spend(scheme);
    try {
      return await decryptWithPassword(scheme, password, data, this.crypto);
    } catch (error) {
      // The code tells, not the class: the provider may come from another copy of this package.
      if ((error as { readonly code?: unknown }).code === "ERR_CRYPTO_DECIPHER") return undefined;
      throw error;
    }
  }

  private spend({ derivation }: EncryptionScheme): void {
    switch (derivation.name) {
      case "PKCS#12":
        this.spent += derivation.iterations / MAX_PKCS12_WORK;
        break;
      case "PBKDF2":
        this.spent += derivation.iterations / MAX_PBKDF2_ITERATIONS;
        break;
      case "scrypt":
        this.spent += derivation.cost * derivation.blockSize * derivation.parallelization / MAX_SCRYPT_WORK;
    }
    // Each part is within its own limit: the first one always passes.
    if (this.spent > 1) {
      throw pkcs12Error("ERR_KEY_LIMIT", "its parts together ask for more iterations than are accepted");
    }
  }
}
