/**
 * Key derivation of PKCS#12 (RFC 7292 appendix B) with SHA-1.
 *
 * Superseded by PBKDF2; kept to read old files.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../bytes/bytes.ts";
import { decodeLatin1, decodeUtf8 } from "../../bytes/text.ts";
import { wipe } from "../../bytes/wipe.ts";
import type { CryptoProvider } from "../provider.ts";

/** v: octets of a block of SHA-1. */
const BLOCK = 64;

/** u: octets of a SHA-1 hash. */
const HASH = 20;

/**
 * Derives octets as §B.2 says, step by step.
 *
 * Secret: password and result. Best effort: what was hashed is overwritten.
 *
 * @param id what the octets are for: 1 key, 2 initialisation vector, 3 MAC key
 * @param password as {@link pkcs12Password} makes it
 */
export async function deriveWithPkcs12(
  id: number,
  password: Bytes,
  parameters: { readonly salt: Bytes; readonly iterations: number },
  length: number,
  crypto: CryptoProvider,
): Promise<Bytes> {
  const diversifier = new Uint8Array(BLOCK).fill(id);
  const filled = concatBytes([repeated(parameters.salt), repeated(password)]);
  const derived = new Uint8Array(length);
  for (let at = 0; at < length; at += HASH) {
    const input = concatBytes([diversifier, filled]);
    let hash = await crypto.digest("SHA-1", input);
    wipe(input);
    for (let i = 1; i < parameters.iterations; i++) {
      const next = crypto.digest("SHA-1", hash);
      hash = next instanceof Promise ? await next : next;
    }
    derived.set(hash.subarray(0, Math.min(HASH, length - at)), at);
    for (let block = 0; block < filled.length; block += BLOCK) addHash(filled, block, hash);
    wipe(hash);
  }
  wipe(filled);
  return derived;
}

/**
 * The password as a BMPString with its two zero octets (§B.1). Octets are UTF-8, or else one character each, as
 * OpenSSL takes them.
 *
 * Secret: argument and result.
 */
export function pkcs12Password(password: string | Bytes): Bytes {
  const text = typeof password === "string" ? password : decodeUtf8(password) ?? decodeLatin1(password);
  const octets = new Uint8Array(2 * text.length + 2);
  for (let i = 0; i < text.length; i++) {
    octets[2 * i] = text.charCodeAt(i) >> 8;
    octets[2 * i + 1] = text.charCodeAt(i) & 0xff;
  }
  return octets;
}

/** Copies one after the other up to a whole number of blocks (steps 2 and 3). */
function repeated(octets: Bytes): Bytes {
  const filled = new Uint8Array(Math.ceil(octets.length / BLOCK) * BLOCK);
  for (let i = 0; i < filled.length; i++) filled[i] = octets[i % octets.length]!;
  return filled;
}

/** Adds the hash, repeated to a block, and one to a block, modulo 2^512 (steps 6B and 6C). */
function addHash(filled: Bytes, block: number, hash: Bytes): void {
  let carry = 1;
  for (let i = BLOCK - 1; i >= 0; i--) {
    carry += filled[block + i]! + hash[i % HASH]!;
    filled[block + i] = carry & 0xff;
    carry >>= 8;
  }
}
