/**
 * Issuers' keys, imported once and kept by the caller: to import a key costs as much as a part of a verification.
 *
 * @module
 */

import { decodeLatin1 } from "../bytes/text.ts";
import type { PublicKey } from "../crypto/public-key.ts";
import type { SignatureAlgorithm } from "../crypto/signature-algorithm.ts";
import type { Verifier } from "../crypto/signer.ts";

/** How many keys a cache keeps unless told otherwise. */
export const DEFAULT_MAX_CACHED_KEYS = 256;

/**
 * Imported keys of issuers on paths that were verified, the least recently used given up first. It belongs to one
 * provider. Keys are public and nothing but their octets finds them: a cached key proves nothing about a certificate.
 */
export class KeyCache {
  readonly #verifiers = new Map<string, Verifier>();
  /** Finds the verifier of a key that was seen before as the same object, without looking at its octets. */
  readonly #seen = new WeakMap<PublicKey, Verifier>();
  readonly #maxKeys: number;

  /** Makes an empty cache. @param maxKeys how many keys it keeps, at least 1, default {@link DEFAULT_MAX_CACHED_KEYS} */
  constructor(maxKeys: number = DEFAULT_MAX_CACHED_KEYS) {
    if (!Number.isInteger(maxKeys) || maxKeys < 1) throw new RangeError('"maxKeys" must be a positive integer');
    this.#maxKeys = maxKeys;
  }

  /** The verifier of a key; undefined: it is not here. */
  find(key: PublicKey, algorithm: SignatureAlgorithm): Verifier | undefined {
    const seen = this.#seen.get(key);
    if (seen?.algorithm === algorithm) return seen;
    const name = nameOf(key, algorithm);
    const verifier = this.#verifiers.get(name);
    if (verifier !== undefined) {
      this.#seen.set(key, verifier);
      this.#verifiers.delete(name);
      this.#verifiers.set(name, verifier);
    }
    return verifier;
  }

  /** Keeps the verifier of a key. */
  keep(key: PublicKey, algorithm: SignatureAlgorithm, verifier: Verifier): void {
    this.#seen.set(key, verifier);
    this.#verifiers.set(nameOf(key, algorithm), verifier);
    if (this.#verifiers.size > this.#maxKeys) this.#verifiers.delete(this.#verifiers.keys().next().value!);
  }
}

/** Everything that importing depends on: the key's octets and the algorithm with its parameters. */
function nameOf(key: PublicKey, algorithm: SignatureAlgorithm): string {
  const parameters = algorithm.scheme === "rsa-pss" ? `,${algorithm.mgfHash},${algorithm.saltLength}` : "";
  const hash = "hash" in algorithm ? algorithm.hash : "";
  return `${algorithm.scheme},${hash}${parameters};${decodeLatin1(key.spki)}`;
}
