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
import type { PublicKey } from "../crypto/public-key.ts";
import type { SignatureAlgorithm } from "../crypto/signature-algorithm.ts";
import { parseSignatureAlgorithm, type UnknownSignatureAlgorithm } from "../crypto/signature-algorithm-identifier.ts";
import { DerReader } from "../der/reader.ts";
import { contextConstructed } from "../der/tag.ts";
import { parseSubjectPublicKeyInfo } from "../keys/subject-public-key-info.ts";
import { CertificateFields } from "./certificate-fields.ts";
import { AUTHORITY_KEY_IDENTIFIER, type AuthorityKeyIdentifier } from "./extensions/authority-key-identifier.ts";
import { BASIC_CONSTRAINTS, type BasicConstraints } from "./extensions/basic-constraints.ts";
import { EXTENDED_KEY_USAGE } from "./extensions/extended-key-usage.ts";
import { type Extension, type ExtensionType, findExtension, readExtensions } from "./extensions/extension.ts";
import { KEY_USAGE, type KeyUsage } from "./extensions/key-usage.ts";
import { SUBJECT_ALTERNATIVE_NAME } from "./extensions/subject-alternative-name.ts";
import { SUBJECT_KEY_IDENTIFIER } from "./extensions/subject-key-identifier.ts";
import type { GeneralName } from "./general-name.ts";
import { type Name, readName } from "./name.ts";

/**
 * A certificate whose outer structure is sound. Its octets must not change while it is in use.
 *
 * What parsing left for later raises its `DerError` when it is asked for; {@link checkCertificate} asks for everything.
 */
export class Certificate extends CertificateFields {
  private issuerName: Name | undefined;
  private subjectName: Name | undefined;
  private extensionList: readonly Extension[] | undefined;
  private key: PublicKey | undefined;
  private algorithm: SignatureAlgorithm | UnknownSignatureAlgorithm | undefined;
  private decoded: Map<string, unknown> | undefined;

  /** Who issued it. @throws {DerError} when it is malformed */
  get issuer(): Name {
    return this.issuerName ??= this.readNameAt(this.issuerAt, "tbsCertificate.issuer");
  }

  /** Whose key it certifies. @throws {DerError} when it is malformed */
  get subject(): Name {
    return this.subjectName ??= this.readNameAt(this.subjectAt, "tbsCertificate.subject");
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
    const value = this.extension(type.oid)?.decode(type);
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

  /** Reads one of the names. */
  private readNameAt(start: number, reading: string): Name {
    return readName(new DerReader(this.der, start, this.outer.body.end), reading);
  }

  /** Reads the list of extensions. */
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
 * `MAX_CERTIFICATE_LENGTH`
 * @throws {CertificateError} `ERR_CERTIFICATE_VERSION` or `ERR_CERTIFICATE_ALGORITHM_MISMATCH`
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function parseCertificate(der: Bytes): Certificate {
  return new Certificate(der);
}
