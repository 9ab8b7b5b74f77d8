/**
 * HMAC (RFC 2104) of any hash that a provider has.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../bytes/bytes.ts";
import { wipe } from "../../bytes/wipe.ts";
import { HASH_BLOCK_OCTETS } from "../hash-octets.ts";
import type { CryptoProvider } from "../provider.ts";
import type { HashName } from "../signature-algorithm.ts";

/**
 * Authenticates the data.
 *
 * Secret: key. Best effort: what the key is mixed into is overwritten.
 */
export async function hmac(hash: HashName, key: Bytes, data: Bytes, crypto: CryptoProvider): Promise<Bytes> {
  const block = new Uint8Array(HASH_BLOCK_OCTETS[hash]);
  const short = key.length > block.length ? await crypto.digest(hash, key) : key;
  block.set(short);
  const inner = concatBytes([block.map((octet) => octet ^ 0x36), data]);
  const outer = concatBytes([block.map((octet) => octet ^ 0x5c), await crypto.digest(hash, inner)]);
  const mac = await crypto.digest(hash, outer);
  wipe(block, inner, outer);
  return mac;
}
