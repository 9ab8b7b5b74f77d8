/**
 * The digest of a digest of a digest, as PKCS#12 stretches passwords: hundreds of thousands one behind the other, where
 * a platform takes longer to be asked than to answer.
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";
import { type BlockKernel, sha1Kernel, sha256Kernel } from "../checksum/block-hash.ts";
import type { CryptoProvider } from "../provider.ts";
import type { HashName } from "../signature-algorithm.ts";

/**
 * Hashes the digest, and what comes of it, so many times: SHA-1 and SHA-256, which nearly every file uses, in plain
 * TypeScript, others with the provider.
 *
 * Secret: the digest, which is overwritten or answered, and the result. Best effort: no branch and no index depends on
 * it.
 */
export async function repeatHash(hash: HashName, digest: Bytes, times: number, crypto: CryptoProvider): Promise<Bytes> {
  if (hash === "SHA-1" || hash === "SHA-256") {
    repeatInPlace(hash === "SHA-1" ? sha1Kernel() : sha256Kernel(), digest, times);
    return digest;
  }
  for (let i = 0; i < times; i++) {
    const next = crypto.digest(hash, digest);
    digest = next instanceof Promise ? await next : next;
  }
  return digest;
}

/** A digest and its padding (FIPS 180-4 §5.1.1) are one block. */
function repeatInPlace({ initial, absorb }: BlockKernel, digest: Bytes, times: number): void {
  const { length } = digest;
  const state = new Int32Array(initial.length);
  const block = new Uint8Array(64);
  block.set(digest);
  block[length] = 0x80;
  new DataView(block.buffer).setUint16(62, 8 * length);
  for (let i = 0; i < times; i++) {
    state.set(initial);
    absorb(state, block);
    for (let at = 0; at < length; at++) block[at] = state[at >> 2]! >> (~at & 3) * 8;
  }
  digest.set(block.subarray(0, length));
  block.fill(0);
  state.fill(0);
}
