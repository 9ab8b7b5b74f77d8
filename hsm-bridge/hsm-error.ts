/**
 * Why a device that holds keys did not do what it was asked to.
 *
 * @module
 */

import { BaseError, type ErrorContext } from "../core/base-error.ts";

/**
 * - `ERR_HSM_FFI_UNAVAILABLE`: this runtime cannot call C libraries as it is; the message says what to install or allow
 * - `ERR_HSM_MODULE_NOT_FOUND`: the loader does not find the library
 * - `ERR_HSM_MODULE_NOT_LOADABLE`: the file is no library of this system, or one that it needs is missing
 * - `ERR_HSM_NOT_A_MODULE`: a library, but not a PKCS#11 module that can be used
 * - `ERR_HSM_RETURN_VALUE`: a PKCS#11 function failed; `returnValue` and `returnValueName` say how
 * - `ERR_HSM_MALFORMED_ANSWER`: a PKCS#11 function succeeded, and what it answered makes no sense
 * - `ERR_HSM_IN_USE`: the module is open in this process with another text for it (`reserved`)
 * - `ERR_HSM_CLOSED`: the module was closed before
 */
export type HsmErrorCode =
  | "ERR_HSM_FFI_UNAVAILABLE"
  | "ERR_HSM_MODULE_NOT_FOUND"
  | "ERR_HSM_MODULE_NOT_LOADABLE"
  | "ERR_HSM_NOT_A_MODULE"
  | "ERR_HSM_RETURN_VALUE"
  | "ERR_HSM_MALFORMED_ANSWER"
  | "ERR_HSM_IN_USE"
  | "ERR_HSM_CLOSED";

/** What an {@linkcode HsmError} knows besides its message. */
export interface HsmErrorDetail extends ErrorContext {
  /** The module: its path or bare name. */
  readonly module?: string;
  /** The PKCS#11 function that failed: `C_Login`. */
  readonly operation?: string;
  /** What it returned: a `CK_RV`. */
  readonly returnValue?: number;
  /** The standard's name of that value: `CKR_PIN_INCORRECT`; of one without a name its hexadecimal digits. */
  readonly returnValueName?: string;
}

/** A device, or the way to it, that did not do what it was asked to. Never carries a PIN. */
export class HsmError extends BaseError<HsmErrorCode> {
  /** Always `HsmError`. */
  override readonly name: string = "HsmError";
  /** The module, where one is concerned. */
  readonly module: string | undefined;
  /** The function that failed: `C_Login`. */
  readonly operation: string | undefined;
  /** What the function returned: a `CK_RV`; with `ERR_HSM_RETURN_VALUE` alone. */
  readonly returnValue: number | undefined;
  /** The standard's name of it. */
  readonly returnValueName: string | undefined;

  /**
   * Makes the error.
   *
   * @param message the whole message, action first
   */
  constructor(code: HsmErrorCode, message: string, detail: HsmErrorDetail = {}) {
    super(code, message, detail);
    this.module = detail.module;
    this.operation = detail.operation;
    this.returnValue = detail.returnValue;
    this.returnValueName = detail.returnValueName;
  }
}
