/**
 * Which flags name inputs that are in no file.
 *
 * @module
 */

import type { FlagValues } from "./flags.ts";

/** Flags whose values may be `-`, `fd:N` or `env:NAME` in place of a path. */
export const INPUT_FLAGS: readonly string[] = [
  "certificate",
  "private-key",
  "key",
  "intermediates",
  "session-policy",
  "password-file",
  "pkcs11-pin-file",
  "tpm-key-password-file",
  "tpm-parent-password-file",
  "bridge-token-file",
  "cache-secret-file",
];

/** Secrets that flags give without showing them: the flag's name goes on with `-file`, `-fd` or `-env`. */
export type HiddenSecret = "password" | "pkcs11-pin" | "tpm-key-password" | "tpm-parent-password" | "bridge-token";

/** The flags that give such a secret. */
export function hiddenFlags(secret: HiddenSecret): readonly string[] {
  return [`${secret}-file`, `${secret}-fd`, `${secret}-env`];
}

/** Flags that stand for another, or for a secret. */
export const STAND_INS: readonly string[] = [
  "password-file",
  "password-fd",
  "password-env",
  "pkcs11-pin-file",
  "pkcs11-pin-fd",
  "pkcs11-pin-env",
  "tpm-key-password-file",
  "tpm-key-password-fd",
  "tpm-key-password-env",
  "tpm-parent-password-file",
  "tpm-parent-password-fd",
  "tpm-parent-password-env",
  "bridge-token-file",
  "bridge-token-fd",
  "bridge-token-env",
  "tpm-key-handle",
];

/** Whether any flag names such an input, or stands for another. */
export function namesInputs(values: FlagValues): boolean {
  return STAND_INS.some((name) => values.mentioned.has(name)) ||
    INPUT_FLAGS.some((name) => values.allTexts(name).some(isInput) || isInput(values.text(name) ?? ""));
}

/** Whether a flag's value names no file. */
export function isInput(text: string): boolean {
  return text === STANDARD_INPUT || text.startsWith("fd:") || text.startsWith(ENVIRONMENT);
}

/** What a value begins with that names an environment variable. */
export const ENVIRONMENT = "env:";

/** The value that means standard input. */
export const STANDARD_INPUT = "-";
