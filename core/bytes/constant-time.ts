/**
 * Comparison of secrets.
 *
 * @module
 */

/**
 * Whether both hold the same octets, in time that depends on the lengths alone.
 *
 * Best effort: no branch and no index depends on the contents, but JIT and garbage collection give no guarantee.
 */
export function constantTimeEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}
