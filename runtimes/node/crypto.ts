/**
 * Cryptography on Node: `node:crypto`, and the portable provider, loaded when it is needed, for what this version
 * lacks.
 *
 * @module
 */

import { Buffer } from "node:buffer";
// Named one by one: a bundler copies a namespace member by member when the program starts.
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  createVerify,
  generateKeyPairSync,
  KeyObject,
  pbkdf2,
  randomFillSync,
  scrypt,
  sign,
  verify,
} from "node:crypto";
import type { Bytes } from "../../core/bytes/bytes.ts";
import { layeredProvider, lazyProvider } from "../../core/crypto/layered-provider.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import { nodeApiCrypto } from "../shared/node-api/crypto.ts";
import type { NodeCrypto } from "../shared/node-api/node-crypto.ts";

/**
 * Makes Node's provider: synchronous wherever `node:crypto` can do it, which is everything but ML-DSA before
 * Node 24.
 */
export function nodeCrypto(): CryptoProvider {
  return layeredProvider([
    nodeApiCrypto(NODE_CRYPTO),
    lazyProvider("portable", async () => {
      const { portableProvider } = await import("../../core/crypto/portable/mod.ts");
      return portableProvider({ random: (length) => randomFillSync(new Uint8Array(length)) });
    }),
  ]);
}

const NODE_CRYPTO: NodeCrypto = {
  constants,
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey: importPublicKey,
  createVerify,
  generateKeyPairSync,
  KeyObject,
  pbkdf2,
  randomFillSync,
  scrypt,
  sign: signOctets,
  verify,
} as unknown as NodeCrypto;

/** A plain array over the same memory, which nothing else uses: memory outside the heap costs more than the octets. */
function signOctets(hash: string | null, message: Uint8Array, key: Parameters<NodeCrypto["sign"]>[2]): Bytes {
  const { buffer, byteOffset, length } = sign(hash, message, key as unknown as KeyObject);
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, length);
}

/** As PEM, in one line: what DER needs, an options object, costs Node 24 more than the decoding does. */
function importPublicKey(input: Parameters<NodeCrypto["createPublicKey"]>[0]): KeyObject {
  if (input instanceof KeyObject) return createPublicKey(input);
  const { buffer, byteOffset, length } = (input as { readonly key: Bytes }).key;
  const base64 = Buffer.from(buffer, byteOffset, length).toString("base64");
  return createPublicKey(`-----BEGIN PUBLIC KEY-----\n${base64}\n-----END PUBLIC KEY-----\n`);
}
