/**
 * SHA-256 by Bun's `node:crypto`, which is native and faster than TypeScript at every length.
 *
 * @module
 */

import crypto from "node:crypto";

import type { Sha256 } from "../../core/crypto/sha256.ts";

/** SHA-256 and HMAC of this runtime. Secret: HMAC keys go to native code. */
export const bunSha256: Sha256 = {
  hex: (data) => crypto.hash("sha256", data, "hex"),
  digest: (data) => new Uint8Array(crypto.createHash("sha256").update(data).digest()),
  hmac: (key) => ({
    hex: (data) => crypto.createHmac("sha256", key).update(data).digest("hex"),
    digest: (data) => new Uint8Array(crypto.createHmac("sha256", key).update(data).digest()),
  }),
};
