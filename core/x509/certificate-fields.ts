/**
 * The fields of an X.509 certificate (RFC 5280 §4.1), found and, serial number and validity aside, not decoded: all
 * that a session needs, without the readers of names and extensions.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { encodeHex } from "../bytes/hex.ts";
import { decimalInteger } from "../der/integer.ts";
import { DerReader } from "../der/reader.ts";
import { contextConstructed, contextPrimitive, TAG } from "../der/tag.ts";
import { CertificateError } from "./certificate-error.ts";
import { readInnerAlgorithm, readSignedStructure, type SignedStructure } from "./signed-structure.ts";

/** Largest certificate accepted, in octets: 1 MiB. */
export const MAX_CERTIFICATE_LENGTH = 1_048_576;

/** A certificate whose outer structure is sound. Its octets must not change while it is in use. */
export class CertificateFields {
  /** The certificate, DER; not a copy. */
  readonly der: Bytes;
  /** 1, 2 or 3. */
  readonly version: 1 | 2 | 3;
  /** Contents of the serial number's INTEGER: two's complement, big-endian; a view. */
  readonly serialNumber: Bytes;
  /** SubjectPublicKeyInfo, a whole element; a view. */
  readonly spki: Bytes;
  /** Where the three parts are. */
  protected readonly outer: SignedStructure;
  /** Offset of the issuer. */
  protected readonly issuerAt: number;
  /** Offset of the validity. */
  protected readonly validityAt: number;
  /** Offset of the subject. */
  protected readonly subjectAt: number;
  /** Offset of the extensions, or the end of the fields. */
  protected readonly extensionsAt: number;
  private validity: { readonly notBefore: number; readonly notAfter: number } | undefined;

  /** Finds the fields; {@link readCertificateFields} is the same. */
  constructor(der: Bytes) {
    const outer = readSignedStructure(der, "Certificate", "tbsCertificate", MAX_CERTIFICATE_LENGTH);
    const body = outer.body;
    this.der = der;
    this.outer = outer;
    this.version = readVersion(body);
    this.serialNumber = body.integer("tbsCertificate.serialNumber");
    readInnerAlgorithm(outer, "tbsCertificate.signature");
    this.issuerAt = skip(body, TAG.sequence, "tbsCertificate.issuer");
    this.validityAt = skip(body, TAG.sequence, "tbsCertificate.validity");
    this.subjectAt = skip(body, TAG.sequence, "tbsCertificate.subject");
    this.spki = body.raw(TAG.sequence, "tbsCertificate.subjectPublicKeyInfo");
    const optionalAt = body.position;
    skipUniqueIdentifier(body, 1, "tbsCertificate.issuerUniqueID");
    skipUniqueIdentifier(body, 2, "tbsCertificate.subjectUniqueID");
    if (this.version === 1 && body.position !== optionalAt) throw versionMismatch("unique identifiers", optionalAt);
    this.extensionsAt = body.position;
    if (body.peek() === contextConstructed(3)) {
      if (this.version !== 3) throw versionMismatch("extensions", body.position);
      const at = body.next(contextConstructed(3), "tbsCertificate.extensions");
      if (at === body.position || body.octets[at] !== TAG.sequence) {
        body.fail("ERR_DER_UNEXPECTED_TAG", "tbsCertificate.extensions", at, "Extensions are a SEQUENCE");
      }
    }
    body.finish("tbsCertificate");
  }

  /** First moment of validity, milliseconds since the epoch. @throws {DerError} when the validity is malformed */
  get notBefore(): number {
    return this.readValidity().notBefore;
  }

  /** Last second of validity, milliseconds since the epoch. @throws {DerError} when the validity is malformed */
  get notAfter(): number {
    return this.readValidity().notAfter;
  }

  /** What is signed: the tbsCertificate element, a view. */
  get tbsCertificate(): Bytes {
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

  /** The serial number in decimal: the form of SigV4 credentials. */
  get serialNumberDecimal(): string {
    return decimalInteger(this.serialNumber);
  }

  /** The serial number in lower-case hexadecimal without leading zeros; a negative one after a minus sign. */
  get serialNumberHex(): string {
    if (this.serialNumber[0]! & 0x80) return BigInt(this.serialNumberDecimal).toString(16);
    const digits = encodeHex(this.serialNumber);
    if (digits[0] !== "0") return digits;
    return digits.replace(/^0+/, "") || "0";
  }

  /** Reads both times once. */
  private readValidity(): { readonly notBefore: number; readonly notAfter: number } {
    if (this.validity !== undefined) return this.validity;
    const times = new DerReader(this.der, this.validityAt, this.outer.body.end).sequence("tbsCertificate.validity");
    const notBefore = times.time("tbsCertificate.validity.notBefore");
    const notAfter = times.time("tbsCertificate.validity.notAfter");
    times.finish("tbsCertificate.validity");
    return this.validity = { notBefore, notAfter };
  }
}

/**
 * Finds the fields of a certificate.
 *
 * Public: variable time.
 *
 * @param der the certificate; it is not copied and must not change
 * @throws {DerError} when the outer structure is not DER or not that of a certificate, or it is above
 * {@link MAX_CERTIFICATE_LENGTH}
 * @throws {CertificateError} `ERR_CERTIFICATE_VERSION` or `ERR_CERTIFICATE_ALGORITHM_MISMATCH`
 */
export function readCertificateFields(der: Bytes): CertificateFields {
  return new CertificateFields(der);
}

/** Version ::= INTEGER { v1(0), v2(1), v3(2) } under [0], v1 by default and then absent. */
function readVersion(body: DerReader): 1 | 2 | 3 {
  const offset = body.position;
  const explicit = body.openOptional(contextConstructed(0), "tbsCertificate.version");
  if (explicit === undefined) return 1;
  const number = explicit.integer("tbsCertificate.version");
  explicit.finish("tbsCertificate.version");
  if (number.length === 1 && number[0] === 2) return 3;
  if (number.length === 1 && number[0] === 1) return 2;
  const state = decimalInteger(number.subarray(0, 20)) === "0"
    ? "version 1 must not be written out"
    : "the version is unknown";
  throw new CertificateError("ERR_CERTIFICATE_VERSION", `Cannot read certificate: ${state}`, { offset });
}

function versionMismatch(what: string, offset: number): CertificateError {
  return new CertificateError(
    "ERR_CERTIFICATE_VERSION",
    `Cannot read certificate: its version has no ${what}`,
    { offset },
  );
}

/** Moves over an element and answers where it began. */
function skip(reader: DerReader, tag: number, reading: string): number {
  const start = reader.position;
  reader.next(tag, reading);
  return start;
}

function skipUniqueIdentifier(reader: DerReader, tag: number, reading: string): void {
  if (reader.peek() === contextPrimitive(tag)) reader.bitString(reading, contextPrimitive(tag));
}
