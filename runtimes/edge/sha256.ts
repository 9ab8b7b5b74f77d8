/**
 * SHA-256 for edge workers, which have none that answers at once.
 *
 * @module
 */

import type { Sha256 } from "../../core/crypto/sha256.ts";
import { unrolledSha256With } from "../../core/crypto/unrolled-sha256.ts";

/**
 * The unrolled SHA-256 over the platform's UTF-8 encoder: hand it to signers of `anyrole/sigv4` as `sha256`.
 *
 * Best effort: no branch and no index depends on a secret; scratch memory is cleared.
 */
export const edgeSha256: Sha256 = /* @__PURE__ */ createSha256();

function createSha256(): Sha256 {
  const encoder = new TextEncoder();
  return unrolledSha256With((text, octets) => encoder.encodeInto(text, octets));
}
