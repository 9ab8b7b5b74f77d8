/**
 * What one decision may leave to the next: certificates and keys of CAs, and what was found out about revocation lists.
 * It makes decisions faster and changes none.
 *
 * @module
 */

import { encodeBase64 } from "../bytes/base64.ts";
import { KeyCache } from "../path/key-cache.ts";
import type { Certificate } from "../x509/certificate.ts";
import { type AnchorLists, makeAnchorLists } from "./anchor-lists.ts";
import type { DecisionPreset } from "./decision-options.ts";
import type { RevocationListState } from "./session-state.ts";

/** Most certificates of chains that are kept. */
const MAX_CHAIN_CERTIFICATES = 64;

/** Belongs to one provider. It holds the lists of a state for as long as the state's array of them lives. */
export class DecisionMemory {
  /** Keys of CAs on paths that were verified. */
  readonly keys: KeyCache = new KeyCache();
  readonly #lists: WeakMap<readonly RevocationListState[], Map<string, AnchorLists>> = new WeakMap();

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

  /** The lists of a trust anchor. For `decideSession`. */
  lists(crls: readonly RevocationListState[], arn: string, expired: DecisionPreset["expiredCrl"]): AnchorLists {
    let known = this.#lists.get(crls);
    if (known === undefined) this.#lists.set(crls, known = new Map());
    const name = `${expired} ${arn}`;
    let lists = known.get(name);
    if (lists === undefined) known.set(name, lists = makeAnchorLists(crls, arn, expired));
    return lists;
  }
}
