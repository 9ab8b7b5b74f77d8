/**
 * Keys from passwords and symmetric ciphers over `node:crypto`.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import { wipe } from "../../../core/bytes/wipe.ts";
import { CryptoError, unsupported } from "../../../core/crypto/crypto-error.ts";
import type { Cipher, CryptoProvider, KeyDerivation } from "../../../core/crypto/provider.ts";
import { failed } from "../../../core/crypto/webcrypto-signer.ts";
import { HASHES, NAME, type NodeCrypto, type NodeTransform, REMEDY } from "./node-crypto.ts";

/**
 * Makes the part of the provider that reads and seals what is encrypted. Ciphers are synchronous; `deriveKey` leaves the
 * thread.
 *
 * Secret: passwords, keys and plaintext; what is copied on the way is wiped.
 */
export function nodeCiphers(
  crypto: Pick<NodeCrypto, "createCipheriv" | "createDecipheriv" | "pbkdf2" | "scrypt">,
): Pick<CryptoProvider, "deriveKey" | "decipher" | "seal"> {
  function deriveKey(derivation: KeyDerivation, password: Bytes): Promise<Bytes> {
    return new Promise((resolve, reject) => {
      // Node says null when nothing is wrong, Bun undefined.
      const done = (error: Error | null | undefined, key: Uint8Array): void => {
        if (error) reject(failed(derivation.name, error));
        else resolve(new Uint8Array(key));
      };
      const { salt, length } = derivation;
      try {
        if (derivation.name === "PBKDF2") {
          crypto.pbkdf2(password, salt, derivation.iterations, length, HASHES[derivation.hash], done);
          return;
        }
        const { cost: N, blockSize: r, parallelization: p } = derivation;
        // RFC 7914 §6 takes 128 · r · (N + p) octets, libraries some more; the caller has limited N, r and p.
        crypto.scrypt(password, salt, length, { N, r, p, maxmem: 256 * r * (N + p + 2) }, done);
      } catch (cause) {
        reject(lacks(`${derivation.name} with these parameters`, cause));
      }
    });
  }

  function decipher(cipher: Cipher, key: Bytes, data: Bytes): Bytes {
    const tagLength = cipher.name === "AES-GCM" ? (cipher.tagLength ?? 128) / 8 : 0;
    const bits = aesBits(cipher.name, key);
    const malformed = cipher.name === "AES-GCM"
      ? data.length < tagLength
      : data.length === 0 || data.length % 16 !== 0 || cipher.iv.length !== 16;
    if (malformed) throw undecipherable(cipher.name);
    let transform: NodeTransform;
    try {
      transform = cipher.name === "AES-GCM"
        ? crypto.createDecipheriv(`aes-${bits}-gcm`, key, cipher.iv, { authTagLength: tagLength })
        : crypto.createDecipheriv(`aes-${bits}-cbc`, key, cipher.iv);
    } catch (cause) {
      throw lacks(`${cipher.name} with these parameters`, cause);
    }
    try {
      if (cipher.name === "AES-GCM") {
        if (cipher.additionalData !== undefined) transform.setAAD(cipher.additionalData);
        transform.setAuthTag(data.subarray(data.length - tagLength));
      }
      return joined(transform.update(data.subarray(0, data.length - tagLength)), transform.final());
    } catch (cause) {
      throw undecipherable(cipher.name, cause);
    }
  }

  function seal(key: Bytes, iv: Bytes, plaintext: Bytes, additionalData?: Bytes): Bytes {
    const transform = crypto.createCipheriv(`aes-${aesBits("AES-GCM", key)}-gcm`, key, iv, { authTagLength: 16 });
    if (additionalData !== undefined) transform.setAAD(additionalData);
    return joined(transform.update(plaintext), transform.final(), () => transform.getAuthTag());
  }

  return { deriveKey, decipher, seal };
}

function lacks(operation: string, cause: unknown): CryptoError {
  return unsupported(NAME, operation, REMEDY, cause);
}

function aesBits(cipher: string, key: Bytes): number {
  if (key.length === 16 || key.length === 24 || key.length === 32) return key.length * 8;
  throw new CryptoError(
    "ERR_CRYPTO_INVALID_KEY",
    cipher,
    `Cannot use key for ${cipher}: it has ${key.length} octets, AES has 16, 24 or 32`,
  );
}

/** Joins the pieces of a cipher's output and wipes them. */
function joined(first: Uint8Array, last: Uint8Array, tag?: () => Uint8Array): Bytes {
  const pieces = tag === undefined ? [first, last] : [first, last, tag()];
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  wipe(...pieces);
  return whole;
}

function undecipherable(operation: string, cause?: unknown): CryptoError {
  return new CryptoError(
    "ERR_CRYPTO_DECIPHER",
    operation,
    `Cannot decipher ${operation} data: the key is wrong or the data is damaged`,
    { cause },
  );
}
