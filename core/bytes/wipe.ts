/**
 * Overwriting secrets that are no longer needed.
 *
 * @module
 */

/**
 * Fills the arrays with zeros.
 *
 * Best effort: engines may have copied the memory; strings and bigints cannot be wiped at all.
 */
export function wipe(...secrets: readonly (Uint8Array | undefined)[]): void {
  for (const secret of secrets) secret?.fill(0);
}
