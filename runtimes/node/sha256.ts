/**
 * SHA-256 by `node:crypto`, for what is long enough to be worth the call.
 *
 * @module
 */

import crypto from "node:crypto";
import type { Bytes } from "../../core/bytes/bytes.ts";
import { portableSha256, type Sha256 } from "../../core/crypto/sha256.ts";

/** SHA-256 of this runtime: native for long data, in TypeScript for short data and for HMAC, where that is faster. */
export const nodeSha256: Sha256 = {
  hex: (data) => data.length < NATIVE_FROM ? portableSha256.hex(data) : hash(data, "hex"),
  digest: (data) => data.length < NATIVE_FROM ? portableSha256.digest(data) : octets(data),
  hmac: portableSha256.hmac,
};

function octets(data: Bytes | string): Bytes {
  return new Uint8Array(crypto.createHash("sha256").update(data).digest());
}

/** `crypto.hash` came with Node 20.12 and is twice as fast. */
const hash: (data: Bytes | string, encoding: "hex") => string = typeof crypto.hash === "function"
  ? (data, encoding) => crypto.hash("sha256", data, encoding)
  : (data, encoding) => crypto.createHash("sha256").update(data).digest(encoding);

/** Code units or octets. */
const NATIVE_FROM = 256;
