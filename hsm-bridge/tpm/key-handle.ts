/**
 * The `handle:` form of the credential helper: the key at a handle of the TPM, persistent or transient.
 *
 * @module
 */

import { visibleText } from "../../core/bytes/visible-text.ts";
import { TpmError } from "./tpm-error.ts";

/** Whether the text is meant to be a `handle:` form; it may still be a wrong one. */
export function isTpmHandleForm(text: string): boolean {
  return text.startsWith("handle:");
}

/**
 * Reads `handle:` with up to eight hexadecimal digits, which `0x` may stand before.
 *
 * @returns the handle
 * @throws {TpmError} `ERR_TPM_HANDLE_FORM`
 */
export function parseTpmHandle(text: string): number {
  const digits = /^handle:(?:0x)?([0-9a-fA-F]{1,8})$/.exec(text)?.[1];
  if (digits === undefined) {
    throw new TpmError(
      "ERR_TPM_HANDLE_FORM",
      "a handle",
      `Cannot read TPM handle "${visibleText(text, 64)}": it is "handle:" and up to 8 hexadecimal digits, as in ` +
        "handle:0x81010001",
    );
  }
  return Number.parseInt(digits, 16);
}

/** The handle in the form of {@link parseTpmHandle}. */
export function formatTpmHandle(handle: number): string {
  return `handle:0x${handle.toString(16).padStart(8, "0")}`;
}
