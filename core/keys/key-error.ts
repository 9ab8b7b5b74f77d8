/**
 * Why a key could not be read.
 *
 * @module
 */

import { BaseError, type ErrorContext } from "../base-error.ts";
import { DerError } from "../der/der-error.ts";

/**
 * - `ERR_KEY_MISSING`: the input holds no private key; `found` lists the PEM labels that it does hold
 * - `ERR_KEY_MALFORMED`: the encoding is broken; `cause` has the offset and what was being read
 * - `ERR_KEY_INVALID`: the components are out of range or do not belong together
 * - `ERR_KEY_UNSUPPORTED`: a type, curve, form or encryption that is not read here; `found` names it
 * - `ERR_KEY_ENCRYPTED`: the key is encrypted, and the function does not decrypt
 * - `ERR_KEY_NOT_ENCRYPTED`: a password is given, and no key in the input is encrypted
 * - `ERR_KEY_PASSWORD_MISSING`: the key is encrypted, and no password is given
 * - `ERR_KEY_PASSWORD_WRONG`: the password does not decrypt the key
 * - `ERR_KEY_INTEGRITY`: the password is right, and the file is not what its MAC was made over
 * - `ERR_KEY_LIMIT`: size, iterations or memory beyond what is accepted
 */
export type KeyErrorCode =
  | "ERR_KEY_MISSING"
  | "ERR_KEY_MALFORMED"
  | "ERR_KEY_INVALID"
  | "ERR_KEY_UNSUPPORTED"
  | "ERR_KEY_ENCRYPTED"
  | "ERR_KEY_NOT_ENCRYPTED"
  | "ERR_KEY_PASSWORD_MISSING"
  | "ERR_KEY_PASSWORD_WRONG"
  | "ERR_KEY_INTEGRITY"
  | "ERR_KEY_LIMIT";

/** What a {@link KeyError} carries besides code and message. */
export interface KeyErrorContext extends ErrorContext {
  /** What was found in place of a usable key, in the standard's words: `Ed25519`, `1024-bit RSA`. */
  readonly found?: string;
}

/** A key that could not be read. Never carries key material or a password. */
export class KeyError extends BaseError<KeyErrorCode> {
  /** Always `KeyError`. */
  override readonly name: string = "KeyError";
  /** What was found in place of a usable key, in the standard's words; undefined where that says nothing. */
  readonly found: string | undefined;

  /**
   * Makes the error "Cannot read private key: state".
   *
   * @param reading `private key`, `public key` or `PKCS#12 file`
   */
  constructor(code: KeyErrorCode, reading: string, state: string, context?: KeyErrorContext) {
    super(code, `Cannot read ${reading}: ${state}`, context);
    this.found = context?.found;
  }
}

/** The error for a key of a kind that is not read here. */
export function unsupportedKey(reading: string, found: string): KeyError {
  return new KeyError("ERR_KEY_UNSUPPORTED", reading, `${found} is not supported`, { found });
}

/** Runs a parser and turns its {@link DerError} into a {@link KeyError} that keeps it as the cause. */
export function readingKey<T>(reading: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    const state = error.message.replace(/^Cannot read /, "");
    throw new KeyError("ERR_KEY_MALFORMED", reading, state, { cause: error });
  }
}
