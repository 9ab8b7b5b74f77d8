/**
 * The search for one certificate among the entries of a list, which looks at every entry: one that carries a critical
 * extension nobody processes makes the whole list unusable (RFC 5280 §5.3).
 *
 * @module
 */

import { CERTIFICATE_ISSUER } from "../extensions/certificate-issuer.ts";
import { INVALIDITY_DATE } from "../extensions/invalidity-date.ts";
import { REASON_CODE } from "../extensions/reason-code.ts";
import type { Name } from "../name.ts";
import { type EntryScanner, sameAt } from "./entry-scanner.ts";
import type { RevokedCertificate } from "./revoked-certificate.ts";

/** What a search found. */
export interface EntrySearchResult {
  /** The first entry with the serial number, for a list of certificates of its own issuer alone. */
  readonly entry: RevokedCertificate | undefined;
  /** The first entry with serial number and issuer, for an indirect list (RFC 5280 §5.3.3). */
  readonly indirectEntry: RevokedCertificate | undefined;
  /** Whether entries name the issuers of their certificates: only an indirect list may. */
  readonly namesIssuers: boolean;
  /** The first critical extension of an entry that is not processed, dotted; undefined: there is none. */
  readonly unprocessed: string | undefined;
}

/** A search for one certificate; hand it a scanner, or one and the same scanner again with more octets. */
export class EntrySearch implements EntrySearchResult {
  /** See {@link EntrySearchResult.entry}. */
  entry: RevokedCertificate | undefined;
  /** See {@link EntrySearchResult.indirectEntry}. */
  indirectEntry: RevokedCertificate | undefined;
  /** See {@link EntrySearchResult.namesIssuers}. */
  namesIssuers: boolean;
  /** See {@link EntrySearchResult.unprocessed}. */
  unprocessed: string | undefined;
  private readonly serialNumber: Uint8Array;
  private readonly issuer: Name;
  private issuerIsCurrent: boolean;

  /**
   * Begins a search.
   *
   * @param serialNumber contents of the serial number's INTEGER
   * @param issuer issuer of the certificate
   * @param listIssuer issuer of the list, and of the certificates of its first entries
   */
  constructor(serialNumber: Uint8Array, issuer: Name, listIssuer: Name) {
    this.entry = undefined;
    this.indirectEntry = undefined;
    this.namesIssuers = false;
    this.unprocessed = undefined;
    this.serialNumber = serialNumber;
    this.issuer = issuer;
    this.issuerIsCurrent = listIssuer.equals(issuer);
  }

  /**
   * Looks at every entry that the scanner has left, and answers how many there were.
   *
   * @throws {DerError} or {CertificateError} at an entry that is malformed; dates of ordinary entries other than the
   * one found are not looked at
   */
  run(scanner: EntryScanner): number {
    let count = scanner.skipOrdinary(this.serialNumber);
    while (scanner.next()) {
      this.look(scanner);
      count += 1 + scanner.skipOrdinary(this.serialNumber);
    }
    return count;
  }

  /** Reads the current entry. */
  private look(scanner: EntryScanner): void {
    const entry = scanner.entry();
    for (const { oid, critical } of entry.extensions) {
      if (critical && !PROCESSED.includes(oid)) this.unprocessed ??= oid;
    }
    const names = entry.decode(CERTIFICATE_ISSUER);
    if (names !== undefined) {
      this.namesIssuers = true;
      this.issuerIsCurrent = names.some((name) => name.form === "directoryName" && name.value.equals(this.issuer));
    }
    if (!sameAt(scanner.octets, scanner.serialAt, scanner.serialEnd, this.serialNumber)) return;
    this.entry ??= entry;
    if (this.issuerIsCurrent) this.indirectEntry ??= entry;
  }
}

/** Extensions of entries whose meaning is known; the invalidity date restricts nothing. */
const PROCESSED: readonly string[] = /* @__PURE__ */ [REASON_CODE, INVALIDITY_DATE, CERTIFICATE_ISSUER].map((type) =>
  type.oid
);
