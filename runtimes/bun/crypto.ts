/**
 * Cryptography on Bun: its `node:crypto`, and the portable provider, loaded when it is needed, for what it lacks.
 *
 * @module
 */

import * as crypto from "node:crypto";
import type { Bytes } from "../../core/bytes/bytes.ts";
import { layeredProvider, lazyProvider } from "../../core/crypto/layered-provider.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import { nodeApiCrypto } from "../shared/node-api/crypto.ts";
import type { NodeCrypto } from "../shared/node-api/node-crypto.ts";

/** Makes Bun's provider: synchronous wherever its `node:crypto` can do it. */
export function bunCrypto(): CryptoProvider {
  return layeredProvider([
    nodeApiCrypto({ ...crypto, sign: signOctets, verify: verifyOctets } as unknown as NodeCrypto),
    lazyProvider("portable", async () => {
      const { portableProvider } = await import("../../core/crypto/portable/mod.ts");
      return portableProvider({ random: (length) => crypto.randomFillSync(new Uint8Array(length)) });
    }),
  ]);
}

/** A plain copy: the memory under a short array of Bun's moves when it is asked for, which takes longer. */
function signOctets(hash: string | null, message: Uint8Array, key: crypto.KeyObject): Bytes {
  return new Uint8Array(crypto.sign(hash, message, key));
}

/** Bun's `verify` copies the message, which for a long revocation list takes as long as its hash; `createVerify` does not. */
function verifyOctets(
  hash: string | null,
  message: Uint8Array,
  key: Parameters<crypto.Verify["verify"]>[0],
  signature: Uint8Array,
): boolean {
  return hash === null || message.length < LONG_MESSAGE
    ? crypto.verify(hash, message, key, signature)
    : crypto.createVerify(hash).update(message).verify(key, signature);
}

/** Octets. */
const LONG_MESSAGE = 1_048_576;
