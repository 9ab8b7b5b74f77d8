/**
 * An error as one line says it.
 *
 * @module
 */

/** The message, and its code behind it; errors hold no secrets. */
export function errorLine(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  const message = error instanceof Error ? error.message : String(error);
  return typeof code === "string" && code.startsWith("ERR_") ? `${message} [${code}]` : message;
}
