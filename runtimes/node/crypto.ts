/**
 * Cryptography on Node: `node:crypto`, and the portable provider, loaded when it is needed, for what this version
 * lacks.
 *
 * @module
 */

import * as crypto from "node:crypto";
import { layeredProvider, lazyProvider } from "../../core/crypto/layered-provider.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import { nodeApiCrypto, type NodeCrypto } from "../shared/node-api/crypto.ts";

/**
 * Makes Node's provider: synchronous wherever `node:crypto` can do it, which is everything but ML-DSA before
 * Node 24.
 */
export function nodeCrypto(): CryptoProvider {
  return layeredProvider([
    nodeApiCrypto(crypto as unknown as NodeCrypto),
    lazyProvider("portable", async () => {
      const { portableProvider } = await import("../../core/crypto/portable/mod.ts");
      return portableProvider({ random: (length) => crypto.randomFillSync(new Uint8Array(length)) });
    }),
  ]);
}
