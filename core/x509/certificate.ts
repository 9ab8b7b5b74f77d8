/**
 * X.509 certificates (RFC 5280 §4.1), read strictly and lazily: parsing finds the fields, and each field is decoded
 * when it is first asked for.
 *
 * Accepted although the profile forbids issuing them: serial numbers that are zero, negative or longer than 20 octets,
 * empty issuer names, relative names whose attributes are not in DER's order, times before 2050 as GeneralizedTime.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { encodeHex } from "../bytes/hex.ts";
import type { PublicKey } from "../crypto/public-key.ts";
import type { SignatureAlgorithm } from "../crypto/signature-algorithm.ts";
import { parseSignatureAlgorithm, type UnknownSignatureAlgorithm } from "../crypto/signature-algorithm-identifier.ts";
import { decimalInteger } from "../der/integer.ts";
import { DerReader } from "../der/reader.ts";
import { contextConstructed, contextPrimitive, TAG } from "../der/tag.ts";
import { parseSubjectPublicKeyInfo } from "../keys/subject-public-key-info.ts";
import { CertificateError } from "./certificate-error.ts";
import { AUTHORITY_KEY_IDENTIFIER, type AuthorityKeyIdentifier } from "./extensions/authority-key-identifier.ts";
import { BASIC_CONSTRAINTS, type BasicConstraints } from "./extensions/basic-constraints.ts";
import { EXTENDED_KEY_USAGE } from "./extensions/extended-key-usage.ts";
import {
  decodeExtension,
  type Extension,
  type ExtensionType,
  findExtension,
  readExtensions,
} from "./extensions/extension.ts";
import { KEY_USAGE, type KeyUsage } from "./extensions/key-usage.ts";
import { SUBJECT_ALTERNATIVE_NAME } from "./extensions/subject-alternative-name.ts";
import { SUBJECT_KEY_IDENTIFIER } from "./extensions/subject-key-identifier.ts";
import type { GeneralName } from "./general-name.ts";
import { type Name, readName } from "./name.ts";
import { readInnerAlgorithm, readSignedStructure, type SignedStructure } from "./signed-structure.ts";

/** Largest certificate accepted, in octets: 1 MiB. */
export const MAX_CERTIFICATE_LENGTH = 1_048_576;

/**
 * A certificate whose outer structure is sound. Its octets must not change while it is in use.
 *
 * What parsing left for later raises its `DerError` when it is asked for; {@link checkCertificate} asks for everything.
 */
export class Certificate {
  /** The certificate, DER; not a copy. */
  readonly der: Bytes;
  /** 1, 2 or 3. */
  readonly version: 1 | 2 | 3;
  /** Contents of the serial number's INTEGER: two's complement, big-endian; a view. */
  readonly serialNumber: Bytes;
  /** SubjectPublicKeyInfo, a whole element; a view. */
  readonly spki: Bytes;
  private readonly outer: SignedStructure;
  private readonly issuerAt: number;
  private readonly validityAt: number;
  private readonly subjectAt: number;
  private readonly extensionsAt: number;
  private validity: { readonly notBefore: number; readonly notAfter: number } | undefined;
  private issuerName: Name | undefined;
  private subjectName: Name | undefined;
  private extensionList: readonly Extension[] | undefined;
  private key: PublicKey | undefined;
  private algorithm: SignatureAlgorithm | UnknownSignatureAlgorithm | undefined;
  private decoded: Map<string, unknown> | undefined;

  /** Finds the fields; {@link parseCertificate} is the same. */
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
      body.skip("tbsCertificate.extensions");
    }
    body.finish("tbsCertificate");
    this.validity = undefined;
    this.issuerName = undefined;
    this.subjectName = undefined;
    this.extensionList = undefined;
    this.key = undefined;
    this.algorithm = undefined;
    this.decoded = undefined;
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
    const digits = encodeHex(this.serialNumber).replace(/^0+/, "");
    return digits === "" ? "0" : digits;
  }

  /** Who issued it. @throws {DerError} when it is malformed */
  get issuer(): Name {
    return this.issuerName ??= this.readNameAt(this.issuerAt, "tbsCertificate.issuer");
  }

  /** Whose key it certifies. @throws {DerError} when it is malformed */
  get subject(): Name {
    return this.subjectName ??= this.readNameAt(this.subjectAt, "tbsCertificate.subject");
  }

  /** First moment of validity, milliseconds since the epoch. @throws {DerError} when the validity is malformed */
  get notBefore(): number {
    return this.readValidity().notBefore;
  }

  /** Last second of validity, milliseconds since the epoch. @throws {DerError} when the validity is malformed */
  get notAfter(): number {
    return this.readValidity().notAfter;
  }

  /**
   * The key. {@link Certificate.spki} holds its octets whatever they are.
   *
   * @throws {KeyError} when it is malformed or of a kind that is not supported
   */
  get publicKey(): PublicKey {
    return this.key ??= parseSubjectPublicKeyInfo(this.spki);
  }

  /** How it is signed; the scheme is `unknown` for what is not in the table. @throws {DerError} for wrong parameters */
  get signatureAlgorithm(): SignatureAlgorithm | UnknownSignatureAlgorithm {
    return this.algorithm ??= parseSignatureAlgorithm(this.signatureAlgorithmDer);
  }

  /**
   * All extensions in order.
   *
   * @throws {DerError} when the list is malformed or empty
   * @throws {CertificateError} `ERR_CERTIFICATE_DUPLICATE_EXTENSION`
   */
  get extensions(): readonly Extension[] {
    return this.extensionList ??= this.readExtensionList();
  }

  /** The extension with this OID, not decoded; undefined: there is none. */
  extension(oid: string): Extension | undefined {
    return findExtension(this.extensions, oid);
  }

  /** The value of the extension of this type; undefined: there is none. @throws {DerError} when it is malformed */
  decode<T>(type: ExtensionType<T>): T | undefined {
    const decoded = this.decoded ??= new Map();
    if (decoded.has(type.oid)) return decoded.get(type.oid) as T | undefined;
    const value = decodeExtension(this.der, this.extensions, type);
    decoded.set(type.oid, value);
    return value;
  }

  /** Whether the subject is a CA; undefined: it does not say. */
  get basicConstraints(): BasicConstraints | undefined {
    return this.decode(BASIC_CONSTRAINTS);
  }

  /** What the key may do; undefined: it does not say. */
  get keyUsage(): readonly KeyUsage[] | undefined {
    return this.decode(KEY_USAGE);
  }

  /** Purposes of the key, dotted; undefined: it does not say. */
  get extendedKeyUsage(): readonly string[] | undefined {
    return this.decode(EXTENDED_KEY_USAGE);
  }

  /** Further names of the subject; undefined: there is no such extension. */
  get subjectAlternativeName(): readonly GeneralName[] | undefined {
    return this.decode(SUBJECT_ALTERNATIVE_NAME);
  }

  /** Octets that identify the subject's key; undefined: there is no such extension. */
  get subjectKeyIdentifier(): Bytes | undefined {
    return this.decode(SUBJECT_KEY_IDENTIFIER);
  }

  /** Which key of the issuer signed; undefined: there is no such extension. */
  get authorityKeyIdentifier(): AuthorityKeyIdentifier | undefined {
    return this.decode(AUTHORITY_KEY_IDENTIFIER);
  }

  private readNameAt(start: number, reading: string): Name {
    return readName(new DerReader(this.der, start, this.outer.body.end), reading);
  }

  private readValidity(): { readonly notBefore: number; readonly notAfter: number } {
    if (this.validity !== undefined) return this.validity;
    const times = new DerReader(this.der, this.validityAt, this.outer.body.end).sequence("tbsCertificate.validity");
    const notBefore = times.time("tbsCertificate.validity.notBefore");
    const notAfter = times.time("tbsCertificate.validity.notAfter");
    times.finish("tbsCertificate.validity");
    return this.validity = { notBefore, notAfter };
  }

  private readExtensionList(): readonly Extension[] {
    if (this.extensionsAt === this.outer.body.end) return [];
    const reader = new DerReader(this.der, this.extensionsAt, this.outer.body.end);
    const explicit = reader.open(contextConstructed(3), "tbsCertificate.extensions");
    const extensions = readExtensions(explicit, "tbsCertificate.extensions");
    explicit.finish("tbsCertificate.extensions");
    return extensions;
  }
}

/**
 * Parses a certificate.
 *
 * Public: variable time.
 *
 * @param der the certificate; it is not copied and must not change
 * @throws {DerError} when the outer structure is not DER or not that of a certificate, or it is above
 * {@link MAX_CERTIFICATE_LENGTH}
 * @throws {CertificateError} `ERR_CERTIFICATE_VERSION` or `ERR_CERTIFICATE_ALGORITHM_MISMATCH`
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function parseCertificate(der: Bytes): Certificate {
  return new Certificate(der);
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
