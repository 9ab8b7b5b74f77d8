/**
 * SHA-256 for Deno: in TypeScript until loading the `node:crypto` of Deno, which would double the start-up time, pays.
 *
 * @module
 */

import type { Bytes } from "../../core/bytes/bytes.ts";
import type { Sha256 } from "../../core/crypto/sha256.ts";
import { unrolledSha256With } from "../../core/crypto/unrolled-sha256.ts";

/** The function of `node:crypto` that hashes at once. */
type Hash = (algorithm: "sha256", data: Bytes | string, encoding: "hex" | "buffer") => string | Uint8Array;

declare const process: { readonly getBuiltinModule?: (name: "node:crypto") => { readonly hash?: Hash } } | undefined;

/**
 * SHA-256 of this runtime. HMAC is TypeScript always, which is faster for what a signature takes.
 *
 * Best effort: no branch and no index depends on a secret; scratch memory is cleared.
 */
export const denoSha256: Sha256 = /* @__PURE__ */ createSha256();

/**
 * Makes one that has hashed nothing yet. To load `node:crypto` takes 30 ms, once, and this many octets take about as
 * long in TypeScript: whoever hashes more never waits for more than twice the time that was needed.
 */
export function createSha256(octetsInTypeScript: number = 1 << 21): Sha256 {
  const encoder = new TextEncoder();
  const written = unrolledSha256With((text, octets) => encoder.encodeInto(text, octets));
  let left = octetsInTypeScript;
  let native: Hash | undefined;
  /** The native hash, once so much was hashed that it pays; undefined: it does not, or there is none. */
  const nativeFor = ({ length }: Bytes | string): Hash | undefined => {
    if (left >= 0 && (left -= length) < 0 && typeof process !== "undefined") {
      native = process.getBuiltinModule?.("node:crypto").hash;
    }
    return native;
  };
  return {
    ...written,
    hex: (data) => nativeFor(data)?.("sha256", data, "hex") as string | undefined ?? written.hex(data),
    digest(data) {
      const octets = nativeFor(data)?.("sha256", data, "buffer") as Uint8Array | undefined;
      return octets === undefined ? written.digest(data) : new Uint8Array(octets);
    },
  };
}
