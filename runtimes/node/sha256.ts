/**
 * SHA-256 and HMAC-SHA-256 by `node:crypto`.
 *
 * @module
 */

import { Buffer } from "node:buffer";
// Named one by one: a bundler copies a module taken whole, member by member, when the program starts.
import { createHash, createHmac } from "node:crypto";
import type { Bytes } from "../../core/bytes/bytes.ts";
import type { HmacSha256, Sha256 } from "../../core/crypto/sha256.ts";
import { hashAround } from "../shared/hash-around.ts";

/** SHA-256 of this runtime. */
export const nodeSha256: Sha256 = {
  hex: (data) => hash(data, "hex"),
  digest: octets,
  hmac,
  hexAround: /* @__PURE__ */ hashAround((octets) => hash(octets, "hex")),
  encodeHex: /* @__PURE__ */ hexEncoder(),
};

/** Signatures but those of ML-DSA are copied into memory that is there: a `Buffer` around each takes longer. */
function hexEncoder(): (octets: Bytes) => string {
  const room = Buffer.alloc(512);
  return (octets) => {
    if (octets.length > room.length) return Buffer.from(octets).toString("hex");
    room.set(octets);
    return room.toString("hex", 0, octets.length);
  };
}

function octets(data: Bytes | string): Bytes {
  return new Uint8Array(createHash("sha256").update(data).digest());
}

/** `binary` is what the types of `node:crypto` call Latin-1. */
type Hash = (data: Bytes | string, encoding: "hex" | "binary") => string;

const hash: Hash = /* @__PURE__ */ chooseHash();

/**
 * `crypto.hash` came with Node 20.12, so it cannot be imported by name; `getBuiltinModule` came with 20.16. For short
 * data it is several times as fast as `createHash`.
 */
function chooseHash(): Hash {
  const once = globalThis.process.getBuiltinModule?.("node:crypto").hash;
  if (once !== undefined) return (data, encoding) => once("sha256", data, encoding);
  return (data, encoding) => createHash("sha256").update(data).digest(encoding);
}

/**
 * Two calls of `crypto.hash` over prepared blocks: half the time of `createHmac` for the short texts of a signature.
 *
 * Secret: the padded key stays in the two blocks as long as the result is in use.
 */
function hmac(key: Bytes | string): HmacSha256 {
  const raw = typeof key === "string" ? Buffer.from(key) : key;
  const short = raw.length > 64 ? octets(raw) : raw;
  const inner = new Uint8Array(64 + SHORT_TEXT * 3).fill(0x36, 0, 64);
  const outer = new Uint8Array(96).fill(0x5c, 0, 64);
  for (let i = 0; i < short.length; i++) {
    inner[i]! ^= short[i]!;
    outer[i]! ^= short[i]!;
  }
  const innerText = Buffer.from(inner.buffer, 64);
  const outerText = Buffer.from(outer.buffer, 64);
  const authenticate = (data: Bytes | string, encoding: "hex" | "binary"): string => {
    if (data.length > SHORT_TEXT) return createHmac("sha256", short).update(data).digest(encoding);
    let length = data.length;
    if (typeof data === "string") length = innerText.write(data);
    else innerText.set(data);
    outerText.write(hash(inner.subarray(0, 64 + length), "binary"), "latin1");
    return hash(outer, encoding);
  };
  return {
    hex: (data) => authenticate(data, "hex"),
    digest: (data) => new Uint8Array(Buffer.from(authenticate(data, "binary"), "latin1")),
  };
}

/** Code units; the strings to sign of Signature Version 4 are shorter than 200. */
const SHORT_TEXT = 512;
