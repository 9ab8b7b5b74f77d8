/**
 * Certificate revocation lists (RFC 5280 §5), read without materialising their entries: a list of a million entries
 * costs no more memory than its octets.
 *
 * How strict when: parsing checks everything around the entries. {@link CertificateRevocationList.find} walks them and
 * checks of each that it is a SEQUENCE that begins with a minimal INTEGER, and all of the one it answers;
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
import { checkInteger } from "../../der/integer.ts";
import { DerReader } from "../../der/reader.ts";
import { contextConstructed, TAG } from "../../der/tag.ts";
import { CertificateError } from "../certificate-error.ts";
import { CERTIFICATE_ISSUER } from "../extensions/certificate-issuer.ts";
import { type Extension, type ExtensionType, findExtension, readExtensions } from "../extensions/extension.ts";
import { type Name, readName } from "../name.ts";
import { readInnerAlgorithm, readSignedStructure, type SignedStructure } from "../signed-structure.ts";
import { readRevokedCertificate, type RevokedCertificate } from "./revoked-certificate.ts";

/** Largest list accepted, in octets: 1 GiB. */
export const MAX_CRL_LENGTH = 1_073_741_824;

/** A list whose outer structure and header are sound. Its octets must not change while it is in use. */
export class CertificateRevocationList {
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
    this.version = readVersion(body);
    readInnerAlgorithm(outer, "tbsCertList.signature");
    this.issuer = readName(body, "tbsCertList.issuer");
    this.thisUpdate = body.time("tbsCertList.thisUpdate");
    const isTime = body.peek() === TAG.utcTime || body.peek() === TAG.generalizedTime;
    this.nextUpdate = isTime ? body.time("tbsCertList.nextUpdate") : undefined;
    this.entriesAt = body.position;
    this.entriesEnd = body.position;
    if (body.peek() === TAG.sequence) {
      const offset = body.position;
      this.entriesAt = body.next(TAG.sequence, "tbsCertList.revokedCertificates");
      this.entriesEnd = body.position;
      // RFC 5280 §5.1.2.6: without revoked certificates the list must be absent.
      if (this.entriesAt === this.entriesEnd) {
        body.fail("ERR_DER_VALUE", "tbsCertList.revokedCertificates", offset, "there is no entry");
      }
    }
    const extensionsAt = body.position;
    const explicit = body.openOptional(contextConstructed(0), "tbsCertList.crlExtensions");
    this.extensions = explicit === undefined ? [] : readExtensions(explicit, "tbsCertList.crlExtensions");
    explicit?.finish("tbsCertList.crlExtensions");
    body.finish("tbsCertList");
    if (this.version === 1 && explicit !== undefined) {
      throw new CertificateError("ERR_CERTIFICATE_VERSION", "Cannot read CRL: version 1 has no extensions", {
        offset: extensionsAt,
      });
    }
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
    const reader = new DerReader(this.der, this.entriesAt, this.entriesEnd);
    while (!reader.done) yield readRevokedCertificate(reader, this.version);
  }

  /**
   * The first entry with this serial number, whoever issued the certificate; undefined: there is none. In an indirect
   * list the entry may stand for a certificate of another issuer: use
   * {@link CertificateRevocationList.findIndirect} there.
   *
   * @param serialNumber contents of the serial number's INTEGER, as `Certificate.serialNumber` holds them
   * @throws {DerError} when an entry up to the one found is malformed
   */
  find(serialNumber: Uint8Array): RevokedCertificate | undefined {
    const octets = this.der;
    const end = this.entriesEnd;
    const length = serialNumber.length;
    const last = serialNumber[length - 1];
    const reader = new DerReader(octets, this.entriesAt, end);
    while (reader.position < end) {
      const start = reader.position;
      let serialAt = start + 4;
      let next = serialAt - 2 + octets[start + 1]!;
      let serialLength = octets[start + 3]!;
      // Both lengths short, both tags right, the serial number minimal and inside its entry, the entry inside the list.
      if (
        octets[start] !== TAG.sequence || octets[start + 2] !== TAG.integer || octets[start + 1]! >= 0x80 ||
        serialAt + serialLength > next || serialLength < 2 || next > end || octets[serialAt] === 0xff ||
        (octets[serialAt] === 0 && octets[serialAt + 1]! < 0x80)
      ) {
        // Anything else takes the ordinary way, which also tells what is wrong.
        const integerAt = reader.next(TAG.sequence, "revokedCertificates");
        next = reader.position;
        reader.position = integerAt;
        serialAt = reader.next(TAG.integer, "userCertificate");
        serialLength = reader.position - serialAt;
        if (reader.position > next) {
          reader.fail("ERR_DER_TRUNCATED", "userCertificate", integerAt, "it runs past the end of its entry");
        }
        checkInteger(octets.subarray(serialAt, reader.position), "userCertificate", integerAt);
      }
      // The last octet differs most often.
      if (serialLength === length && octets[serialAt + length - 1] === last && sameAt(octets, serialAt, serialNumber)) {
        reader.position = start;
        return readRevokedCertificate(reader, this.version);
      }
      reader.position = next;
    }
    return undefined;
  }

  /**
   * The first entry with this serial number and this issuer of the certificate, in a list that may be indirect: an
   * entry's certificate issuer holds for those behind it too (RFC 5280 §5.3.3). Decodes every entry on the way.
   *
   * @param serialNumber contents of the serial number's INTEGER
   * @param issuer issuer of the certificate
   * @throws {DerError} when an entry up to the one found is malformed
   */
  findIndirect(serialNumber: Uint8Array, issuer: Name): RevokedCertificate | undefined {
    let current = this.issuer.equals(issuer);
    for (const entry of this.entries()) {
      const names = entry.decode(CERTIFICATE_ISSUER);
      if (names !== undefined) {
        current = names.some((name) => name.form === "directoryName" && name.value.equals(issuer));
      }
      const { length } = entry.serialNumber;
      if (current && length === serialNumber.length && sameAt(entry.serialNumber, 0, serialNumber)) return entry;
    }
    return undefined;
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

function sameAt(octets: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let i = 0; i < wanted.length; i++) if (octets[at + i] !== wanted[i]) return false;
  return true;
}

/** Version, absent for v1; v2 is the INTEGER 1. */
function readVersion(body: DerReader): 1 | 2 {
  if (body.peek() !== TAG.integer) return 1;
  const offset = body.position;
  const number = body.integer("tbsCertList.version");
  if (number.length === 1 && number[0] === 1) return 2;
  throw new CertificateError("ERR_CERTIFICATE_VERSION", "Cannot read CRL: the version is not 2, or 1 is written out", {
    offset,
  });
}
