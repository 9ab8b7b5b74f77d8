/**
 * What authorization sessions compute (TPM 2.0 Library, Part 1 §11.4 and annexes B and C): key derivation, AES in CFB
 * mode, and the two ways to send a salt to a key of the TPM.
 *
 * Secret: keys, salts and authorization values. All of it is done by `node:crypto`, which Node, Deno and Bun have;
 * intermediate values are overwritten, which is best effort.
 *
 * @module
 */

import {
  constants,
  createCipheriv,
  createECDH,
  createHash,
  createPublicKey,
  publicEncrypt,
  randomFillSync,
} from "node:crypto";
import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import { encodeLatin1 } from "../../core/bytes/text.ts";
import { wipe } from "../../core/bytes/wipe.ts";
import { HASH_BLOCK_OCTETS, HASH_OCTETS } from "../../core/crypto/hash-octets.ts";
import type { NamedCurve } from "../../core/crypto/public-key.ts";
import type { HashName } from "../../core/crypto/signature-algorithm.ts";
import { sized, uint32 } from "./marshal.ts";

/** Draws octets from the platform's cryptographically secure source. */
export function randomOctets(length: number): Bytes {
  return randomFillSync(new Uint8Array(length));
}

/** Hashes the parts, one behind the other. */
export function digestOf(hash: HashName, ...parts: readonly Uint8Array[]): Bytes {
  const state = createHash(NODE_NAMES[hash]);
  for (const part of parts) state.update(part);
  return new Uint8Array(state.digest());
}

/**
 * HMAC (RFC 2104) over the parts, one behind the other. Of two hashes: `createHmac` takes several times as long in Node
 * 24, and a signature needs four.
 */
export function hmacOf(hash: HashName, key: Bytes, ...parts: readonly Uint8Array[]): Bytes {
  const block = HASH_BLOCK_OCTETS[hash];
  const short = key.length > block ? digestOf(hash, key) : key;
  const inner = new Uint8Array(block).fill(0x36);
  const outer = new Uint8Array(block).fill(0x5c);
  for (let i = 0; i < short.length; i++) {
    inner[i]! ^= short[i]!;
    outer[i]! ^= short[i]!;
  }
  const code = digestOf(hash, outer, digestOf(hash, inner, ...parts));
  wipe(inner, outer);
  return code;
}

/**
 * KDFa (Part 1 §11.4.10.2): HMAC in counter mode (SP 800-108).
 *
 * @param octets how many are wanted
 */
export function deriveByHmac(
  hash: HashName,
  key: Bytes,
  label: string,
  contextU: Bytes,
  contextV: Bytes,
  octets: number,
): Bytes {
  return expand(hash, octets, (counter) => {
    return hmacOf(hash, key, counter, labelOctets(label), contextU, contextV, uint32(8 * octets));
  });
}

/**
 * KDFe (Part 1 §11.4.10.3): the concatenation KDF of SP 800-56A.
 *
 * @param z x of the shared point
 * @param octets how many are wanted
 */
export function deriveByHash(
  hash: HashName,
  z: Bytes,
  label: string,
  partyU: Bytes,
  partyV: Bytes,
  octets: number,
): Bytes {
  return expand(hash, octets, (counter) => digestOf(hash, counter, z, labelOctets(label), partyU, partyV));
}

/**
 * Encrypts with AES-128 in CFB mode. Deno's `node:crypto` has no CFB, so it is made of the block cipher.
 *
 * @param key 16 octets
 * @param iv 16 octets
 */
export function encryptCfb(key: Bytes, iv: Bytes, plaintext: Bytes): Bytes {
  return cfb(key, iv, plaintext, (output) => output);
}

/** Decrypts what {@link encryptCfb} made. */
export function decryptCfb(key: Bytes, iv: Bytes, ciphertext: Bytes): Bytes {
  return cfb(key, iv, ciphertext, (_, input) => input);
}

/** A secret, and the form in which it travels to the key of the TPM that can read it. */
export interface SharedSecret {
  /** Answers the secret, a copy for the caller to overwrite; it may take a moment, in which the other form can travel. */
  readonly secret: () => Bytes;
  /** Whether the secret is there already, and takes no moment; default false. */
  readonly isReady?: boolean;
  /** Contents of TPM2B_ENCRYPTED_SECRET. */
  readonly encrypted: Bytes;
}

/**
 * Agrees on a secret with an elliptic-curve key of the TPM (Part 1 §C.6.1): one-pass Diffie-Hellman.
 *
 * @param point the key, 04 ‖ x ‖ y
 * @param hash hash of the key's name
 * @param label what the secret is for: `SECRET`, `DUPLICATE`
 * @throws {Error} by `secret` when the point is not on the curve
 */
export function shareByEcdh(curve: NamedCurve, point: Bytes, hash: HashName, label: string): SharedSecret {
  const half = (point.length - 1) / 2;
  const ephemeral = createECDH(NODE_CURVES[curve]);
  const own = new Uint8Array(ephemeral.generateKeys());
  const ownX = own.subarray(1, 1 + half);
  const secret = (): Bytes => {
    const z = new Uint8Array(ephemeral.computeSecret(point));
    try {
      return deriveByHash(hash, z, label, ownX, point.subarray(1, 1 + half), HASH_OCTETS[hash]);
    } finally {
      wipe(z);
    }
  };
  return { secret, encrypted: concatBytes([sized(ownX), sized(own.subarray(1 + half))]) };
}

/**
 * Sends a fresh secret to an RSA key of the TPM (Part 1 §B.10.2): OAEP with the label and its zero octet.
 *
 * @param spki the key
 * @param hash hash of the key's name
 */
export function shareByOaep(spki: Bytes, hash: HashName, label: string): SharedSecret {
  const secret = randomOctets(HASH_OCTETS[hash]);
  const encrypted = publicEncrypt({
    key: createPublicKey({ key: spki as Buffer, format: "der", type: "spki" }),
    padding: constants.RSA_PKCS1_OAEP_PADDING,
    oaepHash: NODE_NAMES[hash],
    oaepLabel: labelOctets(label),
  }, secret);
  return { secret: () => secret, encrypted: new Uint8Array(encrypted) };
}

function expand(hash: HashName, octets: number, block: (counter: Bytes) => Bytes): Bytes {
  const key = new Uint8Array(octets);
  for (let at = 0, counter = 1; at < octets; at += HASH_OCTETS[hash], counter++) {
    const next = block(uint32(counter));
    key.set(next.subarray(0, octets - at), at);
    wipe(next);
  }
  return key;
}

/** Labels end with a zero octet, which is part of what is hashed. */
function labelOctets(label: string): Bytes {
  return encodeLatin1(`${label}\0`)!;
}

/** CFB with a feedback of whole blocks: what was encrypted last, or came in, is the next input of the cipher. */
function cfb(key: Bytes, iv: Bytes, data: Bytes, feedback: (output: Bytes, input: Bytes) => Bytes): Bytes {
  const cipher = createCipheriv("aes-128-ecb", key, null).setAutoPadding(false);
  const result = new Uint8Array(data.length);
  let previous = iv;
  for (let at = 0; at < data.length; at += 16) {
    const stream = cipher.update(previous);
    const input = data.subarray(at, at + 16);
    for (let i = 0; i < input.length; i++) result[at + i] = input[i]! ^ stream[i]!;
    stream.fill(0);
    previous = feedback(result.subarray(at, at + 16), input);
  }
  cipher.final();
  return result;
}

const NODE_NAMES: { readonly [hash in HashName]: string } = {
  "SHA-1": "sha1",
  "SHA-224": "sha224",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

const NODE_CURVES: { readonly [curve in NamedCurve]: string } = {
  "P-256": "prime256v1",
  "P-384": "secp384r1",
  "P-521": "secp521r1",
};
