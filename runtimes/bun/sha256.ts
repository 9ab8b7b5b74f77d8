/**
 * SHA-256 and HMAC by Bun itself: native, and faster than TypeScript at every length.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { Sha256 } from "../../core/crypto/sha256.ts";
import { hashAround } from "../shared/hash-around.ts";

/** The part of Bun's hash that is used. */
declare const Bun: {
  SHA256: { hash(data: Bytes | string, encoding: "hex"): string; hash(data: Bytes | string, into: Bytes): Bytes };
  CryptoHasher: new (algorithm: "sha256", key: Bytes | string) => {
    update(data: Bytes | string): { digest(): Uint8Array; digest(encoding: "hex"): string };
  };
};

/** SHA-256 and HMAC of this runtime. Secret: HMAC keys go to native code. */
export const bunSha256: Sha256 = {
  hex: (data) => Bun.SHA256.hash(data, "hex"),
  hexAround: /* @__PURE__ */ hashAround((octets) => Bun.SHA256.hash(octets, "hex")),
  digest: (data) => Bun.SHA256.hash(data, new Uint8Array(32)),
  encodeHex: (octets) => (octets as Uint8Array & { toHex(): string }).toHex(),
  hmac: (key) => ({
    hex: (data) => new Bun.CryptoHasher("sha256", key).update(data).digest("hex"),
    digest: (data) => new Uint8Array(new Bun.CryptoHasher("sha256", key).update(data).digest()),
  }),
};
