/**
 * Why a keystore of the operating system cannot be used.
 *
 * @module
 */

import { BaseError } from "../../core/base-error.ts";
import type { KeystoreName } from "./operating-system-keystore.ts";

/**
 * - `ERR_KEYSTORE_NOT_IN_BUILD`: this version of anyrole does not reach it
 * - `ERR_KEYSTORE_PLATFORM`: it is a matter of another operating system
 */
export type KeystoreErrorCode = "ERR_KEYSTORE_NOT_IN_BUILD" | "ERR_KEYSTORE_PLATFORM";

/** A keystore that cannot be used. */
export class KeystoreError extends BaseError<KeystoreErrorCode> {
  /** Always `KeystoreError`. */
  override readonly name: string = "KeystoreError";
  /** Which one. */
  readonly keystore: KeystoreName;

  /** Makes the error "Cannot open `title`: `state`". */
  constructor(code: KeystoreErrorCode, keystore: KeystoreName, title: string, state: string) {
    super(code, `Cannot open ${title}: ${state}`);
    this.keystore = keystore;
  }
}
