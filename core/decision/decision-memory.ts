/**
 * What one decision may leave to the next: certificates and keys of CAs, and what was found out about revocation lists.
 * It makes decisions faster and changes none.
 *
 * @module
 */

import { encodeBase64 } from "../bytes/base64.ts";
import { KeyCache } from "../path/key-cache.ts";
import type { Certificate } from "../x509/certificate.ts";

/** Most certificates of chains that are kept. */
const MAX_CHAIN_CERTIFICATES = 64;

/** Belongs to one provider. It holds the lists of a state for as long as the state's array of them lives. */
export class DecisionMemory {
  /** Keys of CAs on paths that were verified. */
  readonly keys: KeyCache = new KeyCache();
  readonly #made: WeakMap<object, Map<string, unknown>> = new WeakMap();

  /** Certificates of chains, the least recently used first, by their base64. */
  readonly #chains: Map<string, Certificate> = new Map();
  readonly #kept: WeakSet<Certificate> = new WeakSet();

  /** A certificate that was in a chain before; undefined: it was not. For `decideSession`. */
  chainCertificate(base64: string): Certificate | undefined {
    const known = this.#chains.get(base64);
    if (known !== undefined) {
      this.#chains.delete(base64);
      this.#chains.set(base64, known);
    }
    return known;
  }

  /**
   * Keeps a certificate of a chain that came with a certificate that was trusted: what strangers send is not worth the
   * room. For `decideSession`.
   */
  keepChainCertificate(certificate: Certificate): void {
    if (this.#kept.has(certificate)) return;
    this.#chains.set(encodeBase64(certificate.der), certificate);
    this.#kept.add(certificate);
    if (this.#chains.size <= MAX_CHAIN_CERTIFICATES) return;
    const [oldest] = this.#chains;
    this.#chains.delete(oldest![0]);
    this.#kept.delete(oldest![1]);
  }

  /** What was made of something before, or is made now; it lives as long as the thing. For `decideSession`. */
  madeOf<T>(thing: object, name: string, make: () => T): T {
    let known = this.#made.get(thing);
    if (known === undefined) this.#made.set(thing, known = new Map());
    if (!known.has(name)) known.set(name, make());
    return known.get(name) as T;
  }
}
