/**
 * Why a credential store did not do what it was asked.
 *
 * @module
 */

import { BaseError } from "../base-error.ts";

/**
 * - `ERR_STORE_TIMEOUT`: it did not answer in time
 * - `ERR_STORE_ANSWER`: it answered with an error, or with what is no answer
 * - `ERR_STORE_KEY`: there is no key to seal with
 * - `ERR_STORE_DIRECTORY`: others may write where it keeps its files
 */
export type CredentialStoreErrorCode =
  | "ERR_STORE_TIMEOUT"
  | "ERR_STORE_ANSWER"
  | "ERR_STORE_KEY"
  | "ERR_STORE_DIRECTORY";

/** A store that failed; its user goes on without it. */
export class CredentialStoreError extends BaseError<CredentialStoreErrorCode> {
  /** Always `CredentialStoreError`. */
  override readonly name: string = "CredentialStoreError";

  /**
   * Makes the error.
   *
   * @param state what is wrong with it, and what to do
   */
  constructor(code: CredentialStoreErrorCode, state: string) {
    super(code, `Cannot use the credential store: ${state}`);
  }
}
