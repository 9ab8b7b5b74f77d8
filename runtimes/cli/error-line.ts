/**
 * An error as one line says it.
 *
 * @module
 */

/** The message, what flags to pass where it does not say, and its code behind it; errors hold no secrets. */
export function errorLine(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  const message = error instanceof Error ? error.message : String(error);
  if (typeof code !== "string" || !code.startsWith("ERR_")) return message;
  return code === "ERR_KEY_PASSWORD_MISSING"
    ? `${message}; pass --password-file, --password-fd or --password-env [${code}]`
    : `${message} [${code}]`;
}
