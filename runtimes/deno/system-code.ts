/**
 * Deno's errors by the codes of the operating system.
 *
 * @module
 */

/** `ENOENT` and its like; undefined when the system gave none. */
export function systemCode(error: unknown): string | undefined {
  if (error instanceof Deno.errors.NotFound) return "ENOENT";
  if (error instanceof Deno.errors.PermissionDenied) return "EACCES";
  if (error instanceof Deno.errors.IsADirectory) return "EISDIR";
  if (error instanceof Deno.errors.NotCapable) return "no --allow-read or --allow-write for it";
  return (error as { code?: string }).code;
}
