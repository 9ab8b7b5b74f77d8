/**
 * SHA-256 for Deno, whose `node:crypto` would double the start-up time.
 *
 * @module
 */

import type { Sha256 } from "../../core/crypto/sha256.ts";
import { unrolledSha256With } from "../../core/crypto/unrolled-sha256.ts";

/**
 * SHA-256 of this runtime.
 *
 * Best effort: no branch and no index depends on a secret; scratch memory is cleared.
 */
export const denoSha256: Sha256 = /* @__PURE__ */ createSha256();

function createSha256(): Sha256 {
  const encoder = new TextEncoder();
  return unrolledSha256With((text, octets) => encoder.encodeInto(text, octets));
}
