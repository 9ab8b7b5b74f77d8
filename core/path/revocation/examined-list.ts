/**
 * A revocation list as the checker sees it, whether it is in memory or has just passed by.
 *
 * @module
 */

import { isCoded } from "../../base-error.ts";
import { type Bytes, equalBytes } from "../../bytes/bytes.ts";
import type { VerifyingProvider } from "../../crypto/provider.ts";
import type { PublicKey } from "../../crypto/public-key.ts";
import type { SignatureAlgorithm } from "../../crypto/signature-algorithm.ts";
import type { CertificateRevocationList } from "../../x509/crl/certificate-revocation-list.ts";
import type { EntrySearchResult } from "../../x509/crl/entry-search.ts";
import type { RevocationListIndex } from "../../x509/crl/revocation-list-index.ts";
import type { Name } from "../../x509/name.ts";
import { type ListFacts, readListFacts } from "./list-facts.ts";
import type { SignatureVerdict } from "./list-signer.ts";
import type { RevocationContext, UnknownStatus } from "./revocation-checker.ts";
import { unreadable } from "./unknown-status.ts";

/** A list whose extensions have been read. */
export interface ExaminedList {
  /** What they say. */
  readonly facts: ListFacts;
  /** The entry of a certificate, or why the entries cannot be read. */
  search(serialNumber: Uint8Array, issuer: Name): EntrySearchResult | UnknownStatus;
  /** Whether the key made its signature. */
  signedBy(key: PublicKey, context: RevocationContext): Promise<SignatureVerdict>;
}

/** A list in memory. Holds what has been found out about it, so that nothing is done twice. */
export class HeldList {
  /** Its extensions, or why it cannot be used. */
  readonly facts: ListFacts | UnknownStatus;
  readonly #list: CertificateRevocationList;
  readonly #index: RevocationListIndex | undefined;
  readonly #signatures: {
    readonly crypto: VerifyingProvider;
    readonly spki: Bytes;
    readonly verdict: SignatureVerdict;
  }[] = [];
  #general: EntrySearchResult | UnknownStatus | undefined;

  /** The list, or an index of it. */
  constructor(list: CertificateRevocationList | RevocationListIndex) {
    this.#index = "list" in list ? list : undefined;
    this.#list = "list" in list ? list.list : list;
    this.facts = readListFacts(this.#list);
  }

  /** Who issued it. */
  get issuer(): Name {
    return this.#list.issuer;
  }

  /** See {@link ExaminedList.search}. */
  search(serialNumber: Uint8Array, issuer: Name): EntrySearchResult | UnknownStatus {
    try {
      if (this.#index === undefined) return this.#list.search(serialNumber, issuer);
      this.#general ??= this.#list.search(serialNumber, issuer);
      // Entries that name issuers have to be read in order.
      if ("status" in this.#general || this.#general.namesIssuers) return this.#list.search(serialNumber, issuer);
      const entry = this.#index.find(serialNumber);
      const own = this.#list.issuer.equals(issuer);
      return { ...this.#general, entry, indirectEntry: own ? entry : undefined };
    } catch (error) {
      const status = unreadable("the list", error);
      if (status === undefined) throw error;
      return status;
    }
  }

  /** See {@link ExaminedList.signedBy}. */
  async signedBy(key: PublicKey, context: RevocationContext): Promise<SignatureVerdict> {
    const { crypto } = context;
    const known = this.#signatures.find((one) => one.crypto === crypto && equalBytes(one.spki, key.spki));
    if (known !== undefined) return known.verdict;
    context.spend("signature", key);
    const verdict = await this.#verify(key, crypto);
    if (this.#signatures.length < MAX_KNOWN_SIGNATURES) this.#signatures.push({ crypto, spki: key.spki, verdict });
    return verdict;
  }

  async #verify(key: PublicKey, crypto: VerifyingProvider): Promise<SignatureVerdict> {
    let algorithm: SignatureAlgorithm;
    try {
      const found = this.#list.signatureAlgorithm;
      if (found.scheme === "unknown") return "unsupported";
      algorithm = found;
    } catch (error) {
      if (unreadable("", error) === undefined) throw error;
      return "wrong";
    }
    const verifier = await imported(() => crypto.importPublicKey(key, algorithm));
    if (typeof verifier === "string") return verifier;
    return await verifier.verify(this.#list.tbsCertList, this.#list.signature) ? "right" : "wrong";
  }
}

/** A verifier, or why there is none: the key does not fit the algorithm, or the provider cannot use the two. */
export async function imported<T extends object>(importVerifier: () => T | Promise<T>): Promise<T | SignatureVerdict> {
  try {
    return await importVerifier();
  } catch (error) {
    if (!isCoded(error) || !error.code.startsWith("ERR_CRYPTO_")) throw error;
    return error.code === "ERR_CRYPTO_INVALID_KEY" ? "wrong" : "unsupported";
  }
}

const MAX_KNOWN_SIGNATURES = 16;
