/**
 * Key derivation of PKCS#12 (RFC 7292 appendix B).
 *
 * Superseded by PBKDF2; kept to read old files.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../bytes/bytes.ts";
import { decodeLatin1, decodeUtf8 } from "../../bytes/text.ts";
import { wipe } from "../../bytes/wipe.ts";
import { HASH_BLOCK_OCTETS, HASH_OCTETS } from "../hash-octets.ts";
import type { CryptoProvider } from "../provider.ts";
import type { HashName } from "../signature-algorithm.ts";
import { repeatHash } from "./repeated-hash.ts";

/** What the derivation takes besides the password. */
export interface Pkcs12Derivation {
  /** Default SHA-1. */
  readonly hash?: HashName;
  readonly salt: Bytes;
  readonly iterations: number;
}

/**
 * Derives octets as §B.2 says, step by step.
 *
 * Secret: password and result. Best effort: what was hashed is overwritten.
 *
 * @param id what the octets are for: 1 key, 2 initialisation vector, 3 MAC key
 * @param password as {@link pkcs12Password} makes it; no octets at all where a file has no password
 */
export async function deriveWithPkcs12(
  id: number,
  password: Bytes,
  parameters: Pkcs12Derivation,
  length: number,
  crypto: CryptoProvider,
): Promise<Bytes> {
  const { hash: name = "SHA-1", salt, iterations } = parameters;
  const block = HASH_BLOCK_OCTETS[name];
  const octets = HASH_OCTETS[name];
  const diversifier = new Uint8Array(block).fill(id);
  const filled = concatBytes([repeated(salt, block), repeated(password, block)]);
  const derived = new Uint8Array(length);
  for (let at = 0; at < length; at += octets) {
    const input = concatBytes([diversifier, filled]);
    const hash = await repeatHash(name, await crypto.digest(name, input), iterations - 1, crypto);
    wipe(input);
    derived.set(hash.subarray(0, Math.min(octets, length - at)), at);
    for (let start = 0; start < filled.length; start += block) addHash(filled.subarray(start, start + block), hash);
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
function repeated(octets: Bytes, block: number): Bytes {
  const filled = new Uint8Array(Math.ceil(octets.length / block) * block);
  for (let i = 0; i < filled.length; i++) filled[i] = octets[i % octets.length]!;
  return filled;
}

/** Adds the hash, repeated to a block, and one to a block, modulo 2^(8·v) (steps 6B and 6C). */
function addHash(block: Bytes, hash: Bytes): void {
  let carry = 1;
  for (let i = block.length - 1; i >= 0; i--) {
    carry += block[i]! + hash[i % hash.length]!;
    block[i] = carry & 0xff;
    carry >>= 8;
  }
}
