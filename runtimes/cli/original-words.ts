/**
 * The words of `aws_signing_helper` that scripts may look for, in errors of tokens and TPMs.
 *
 * @module
 */

import { isCoded } from "../../core/base-error.ts";

/** The same error, with the original's words behind its first colon where they are missing. */
export function originalWords(error: unknown): unknown {
  if (!isCoded(error)) return error;
  const words = wordsOf(error.code, error);
  if (words === undefined || error.message.includes(words)) return error;
  const colon = error.message.indexOf(": ");
  error.message = colon < 0
    ? `${error.message}: ${words}`
    : `${error.message.slice(0, colon)}: ${words}${error.message.slice(colon)}`;
  return error;
}

function wordsOf(code: string, error: Error): string | undefined {
  switch (code) {
    case "ERR_HSM_MODULE_NOT_FOUND":
    case "ERR_HSM_MODULE_NOT_LOADABLE":
    case "ERR_HSM_NOT_A_MODULE":
      return `Failed to load provider library ${(error as { readonly module?: string }).module ?? ""}`.trim();
    case "ERR_TOKEN_SEVERAL_SLOTS":
      return error.message.startsWith("Cannot find private key")
        ? "Could not identify unique slot for PKCS#11 key"
        : undefined;
    case "ERR_TPM_HANDLE_FORM":
      return /^[^"]*"handle:(?:0x)?[^:"]*"/.test(error.message)
        ? "invalid hex TPM handle value"
        : "invalid TPM handle format";
    case "ERR_TPM_PASSWORD_WRONG":
      return ABOVE.includes((error as { readonly operation?: string }).operation ?? "")
        ? "incorrect password of the TPM key's parent"
        : "incorrect TPM key password";
    case "ERR_TPM_PASSWORD_MISSING":
      return "unable to read your TPM key password";
    default:
      return undefined;
  }
}

/** Commands that the password of a parent or hierarchy authorizes. */
const ABOVE: readonly string[] = ["TPM2_CreatePrimary", "TPM2_Create", "TPM2_Load", "TPM2_Import", "TPM2_EvictControl"];
