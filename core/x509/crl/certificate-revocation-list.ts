/**
 * Certificate revocation lists (RFC 5280 §5), read without materialising their entries: a list of a million entries
 * costs no more memory than its octets.
 *
 * How strict when: parsing checks everything around the entries. {@link CertificateRevocationList.find} walks them and
 * checks of each that it is a SEQUENCE that begins with a minimal INTEGER, and all of the one it answers;
 * {@link CertificateRevocationList.search} checks everything that decides whether the list may be used;
 * {@link CertificateRevocationList.entries} checks all of each entry as it comes to it. An answer "not found" therefore
 * means that every entry has been looked at.
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";
import type { SignatureAlgorithm } from "../../crypto/signature-algorithm.ts";
import {
  parseSignatureAlgorithm,
  type UnknownSignatureAlgorithm,
} from "../../crypto/signature-algorithm-identifier.ts";
import { TAG } from "../../der/tag.ts";
import { type Extension, type ExtensionType, findExtension } from "../extensions/extension.ts";
import type { Name } from "../name.ts";
import { readInnerAlgorithm, readSignedStructure, type SignedStructure } from "../signed-structure.ts";
import { EntryScanner, sameAt } from "./entry-scanner.ts";
import { EntrySearch } from "./entry-search.ts";
import {
  noEntry,
  readListExtensions,
  readListHeader,
  readListVersion,
  type RevocationListFields,
} from "./revocation-list-fields.ts";
import type { RevokedCertificate } from "./revoked-certificate.ts";

/** Largest list accepted, in octets: 1 GiB. */
export const MAX_CRL_LENGTH = 1_073_741_824;

/** A list whose outer structure and header are sound. Its octets must not change while it is in use. */
export class CertificateRevocationList implements RevocationListFields {
  /** The list, DER; not a copy. */
  readonly der: Bytes;
  /** 1 or 2. */
  readonly version: 1 | 2;
  /** Who issued it. */
  readonly issuer: Name;
  /** When it was issued, milliseconds since the epoch. */
  readonly thisUpdate: number;
  /** When the next one will be there at the latest, milliseconds since the epoch; undefined: it does not say. */
  readonly nextUpdate: number | undefined;
  /** Extensions of the list in order. */
  readonly extensions: readonly Extension[];
  private readonly outer: SignedStructure;
  private readonly entriesAt: number;
  private readonly entriesEnd: number;
  private algorithm: SignatureAlgorithm | UnknownSignatureAlgorithm | undefined;

  /** Reads the header; {@link parseCertificateRevocationList} is the same. */
  constructor(der: Bytes) {
    const outer = readSignedStructure(der, "CertificateList", "tbsCertList", MAX_CRL_LENGTH);
    const body = outer.body;
    this.der = der;
    this.outer = outer;
    this.version = readListVersion(body);
    readInnerAlgorithm(outer, "tbsCertList.signature");
    const { issuer, thisUpdate, nextUpdate } = readListHeader(body, this.version);
    this.issuer = issuer;
    this.thisUpdate = thisUpdate;
    this.nextUpdate = nextUpdate;
    this.entriesAt = body.position;
    this.entriesEnd = body.position;
    if (body.peek() === TAG.sequence) {
      const offset = body.position;
      this.entriesAt = body.next(TAG.sequence, "tbsCertList.revokedCertificates");
      this.entriesEnd = body.position;
      if (this.entriesAt === this.entriesEnd) noEntry(body, offset);
    }
    this.extensions = readListExtensions(body, this.version);
    this.algorithm = undefined;
  }

  /** What is signed: the tbsCertList element, a view. */
  get tbsCertList(): Bytes {
    return this.der.subarray(this.outer.bodyAt, this.outer.algorithmAt);
  }

  /** AlgorithmIdentifier of the signature, a whole element; a view. */
  get signatureAlgorithmDer(): Bytes {
    return this.der.subarray(this.outer.algorithmAt, this.outer.algorithmEnd);
  }

  /** The signature's octets, a view. */
  get signature(): Bytes {
    return this.der.subarray(this.outer.signatureAt);
  }

  /** How it is signed; the scheme is `unknown` for what is not in the table. @throws {DerError} for wrong parameters */
  get signatureAlgorithm(): SignatureAlgorithm | UnknownSignatureAlgorithm {
    return this.algorithm ??= parseSignatureAlgorithm(this.signatureAlgorithmDer);
  }

  /** Contents of revokedCertificates: the entries one behind the other, a view; empty when there is none. */
  get revokedCertificates(): Bytes {
    return this.der.subarray(this.entriesAt, this.entriesEnd);
  }

  /** The extension with this OID, not decoded; undefined: there is none. */
  extension(oid: string): Extension | undefined {
    return findExtension(this.extensions, oid);
  }

  /** The value of the extension of this type; undefined: there is none. @throws {DerError} when it is malformed */
  decode<T>(type: ExtensionType<T>): T | undefined {
    return this.extension(type.oid)?.decode(type);
  }

  /**
   * The entries in order, each made when it is asked for.
   *
   * @throws {DerError} at the first malformed entry
   */
  *entries(): Generator<RevokedCertificate, void, undefined> {
    for (const scanner = this.scan(); scanner.next();) yield scanner.entry();
  }

  /** A cursor before the first entry. */
  scan(): EntryScanner {
    return new EntryScanner(this.der, this.entriesAt, this.entriesEnd, this.version);
  }

  /** The entry that starts at this offset. @throws {DerError} or {CertificateError} when it is malformed */
  entryAt(offset: number): RevokedCertificate {
    const scanner = new EntryScanner(this.der, offset, this.entriesEnd, this.version);
    scanner.next();
    return scanner.entry();
  }

  /**
   * The first entry with this serial number, whoever issued the certificate; undefined: there is none. In an indirect
   * list the entry may stand for a certificate of another issuer: use
   * {@link CertificateRevocationList.search} there.
   *
   * @param serialNumber contents of the serial number's INTEGER, as `Certificate.serialNumber` holds them
   * @throws {DerError} when an entry up to the one found is malformed
   */
  find(serialNumber: Uint8Array): RevokedCertificate | undefined {
    const scanner = this.scan();
    for (scanner.skipOrdinary(serialNumber); scanner.next(); scanner.skipOrdinary(serialNumber)) {
      if (sameAt(this.der, scanner.serialAt, scanner.serialEnd, serialNumber)) return scanner.entry();
    }
    return undefined;
  }

  /**
   * Searches for a certificate and looks at every entry on the way.
   *
   * @param serialNumber contents of the serial number's INTEGER
   * @param issuer issuer of the certificate
   * @throws {DerError} or {CertificateError} when an entry is malformed
   */
  search(serialNumber: Uint8Array, issuer: Name): EntrySearch {
    const search = new EntrySearch(serialNumber, issuer, this.issuer);
    search.run(this.scan());
    return search;
  }

  /**
   * The first entry with this serial number and this issuer of the certificate, in a list that may be indirect: an
   * entry's certificate issuer holds for those behind it too (RFC 5280 §5.3.3).
   *
   * @param serialNumber contents of the serial number's INTEGER
   * @param issuer issuer of the certificate
   * @throws {DerError} when an entry is malformed
   */
  findIndirect(serialNumber: Uint8Array, issuer: Name): RevokedCertificate | undefined {
    return this.search(serialNumber, issuer).indirectEntry;
  }
}

/**
 * Parses a certificate revocation list.
 *
 * Public: variable time.
 *
 * @param der the list; it is not copied and must not change
 * @throws {DerError} when the list, its entries aside, is not DER or not that of a list
 * @throws {CertificateError} `ERR_CERTIFICATE_VERSION`, `ERR_CERTIFICATE_ALGORITHM_MISMATCH` or
 * `ERR_CERTIFICATE_DUPLICATE_EXTENSION`
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-5.1
 */
export function parseCertificateRevocationList(der: Bytes): CertificateRevocationList {
  return new CertificateRevocationList(der);
}
