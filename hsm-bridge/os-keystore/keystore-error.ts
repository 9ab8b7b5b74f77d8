/**
 * Why a keystore of the operating system cannot be used.
 *
 * @module
 */

import { BaseError } from "../../core/base-error.ts";

/** The keystores. */
export type KeystoreName = "windows-cng" | "macos-keychain" | "linux-keyring";

/**
 * - `ERR_KEYSTORE_NOT_IN_BUILD`: this version of anyrole does not reach it
 * - `ERR_KEYSTORE_PLATFORM`: it is a matter of another operating system, or of another processor
 * - `ERR_KEYSTORE_UNSUPPORTED`: this kernel, or this key, does not have the operation
 * - `ERR_KEYSTORE_KEY_MISSING`: there is no such key
 * - `ERR_KEYSTORE_ACCESS`: this process may not use the key, or no key at all
 * - `ERR_KEYSTORE_KEY_REVOKED`, `ERR_KEYSTORE_KEY_EXPIRED`: the key is there, and over
 * - `ERR_KEYSTORE_KEY`: the key cannot be used so: it is a public one, or not that of the certificate
 * - `ERR_KEYSTORE_FAILED`: the kernel failed in another way; `errorNumber` says how
 */
export type KeystoreErrorCode =
  | "ERR_KEYSTORE_NOT_IN_BUILD"
  | "ERR_KEYSTORE_PLATFORM"
  | "ERR_KEYSTORE_UNSUPPORTED"
  | "ERR_KEYSTORE_KEY_MISSING"
  | "ERR_KEYSTORE_ACCESS"
  | "ERR_KEYSTORE_KEY_REVOKED"
  | "ERR_KEYSTORE_KEY_EXPIRED"
  | "ERR_KEYSTORE_KEY"
  | "ERR_KEYSTORE_FAILED";

/** A keystore that cannot be used. */
export class KeystoreError extends BaseError<KeystoreErrorCode> {
  /** Always `KeystoreError`. */
  override readonly name: string = "KeystoreError";
  /** Which one. */
  readonly keystore: KeystoreName;
  /** The system's number of the error (`errno`), where a call of it failed. */
  readonly errorNumber: number | undefined;

  /**
   * Makes the error.
   *
   * @param message the whole message, action first
   */
  constructor(code: KeystoreErrorCode, keystore: KeystoreName, message: string, errorNumber?: number) {
    super(code, message);
    this.keystore = keystore;
    this.errorNumber = errorNumber;
  }
}
