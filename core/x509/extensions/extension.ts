/**
 * Extensions of certificates, CRLs and CRL entries (RFC 5280 §4.2, §5.2, §5.3).
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";
import { DerReader } from "../../der/reader.ts";
import { TAG } from "../../der/tag.ts";
import { CertificateError } from "../certificate-error.ts";
import { readObjectIdentifier } from "../known-object-identifier.ts";

/** One extension, its value not looked into. */
export class Extension {
  /** extnID, dotted. */
  readonly oid: string;
  /** Whether who does not know the extension must refuse what carries it. */
  readonly critical: boolean;
  /** Offset of {@link Extension.value} in what carries the extension, in octets. */
  readonly offset: number;
  /** Offset after it. */
  readonly end: number;
  private readonly carrier: Bytes;

  /** Makes an extension. @param carrier what carries the extension, a certificate for one; @param offset of the value; @param end of it */
  constructor(oid: string, critical: boolean, carrier: Bytes, offset: number, end: number) {
    this.oid = oid;
    this.critical = critical;
    this.carrier = carrier;
    this.offset = offset;
    this.end = end;
  }

  /** Contents of extnValue: the DER of the extension's own type; a view. */
  get value(): Bytes {
    return this.carrier.subarray(this.offset, this.end);
  }

  /**
   * Decodes the value; offsets in errors count from the start of the carrier.
   *
   * @throws {DerError} when it is malformed or something follows it
   */
  decode<T>(type: ExtensionType<T>): T {
    const reader = new DerReader(this.carrier, this.offset, this.end);
    const value = type.read(reader);
    reader.finish(type.name);
    return value;
  }
}

/** A type of extension and how its value is read. */
export interface ExtensionType<T> {
  /** extnID, dotted. */
  readonly oid: string;
  /** Its name in the standard. */
  readonly name: string;
  /** Reads the value; what is left behind it is refused by {@link Extension.decode}. */
  readonly read: (reader: DerReader) => T;
}

/**
 * Reads Extensions: at least one, at most `most`, no two of one type. `critical` written out as FALSE, which DER forbids, is accepted:
 * deployed issuers do it.
 *
 * @throws {DerError} when it is malformed or empty
 * @throws {CertificateError} `ERR_CERTIFICATE_DUPLICATE_EXTENSION`
 */
export function readExtensions(reader: DerReader, reading: string, most: number = MAX_EXTENSIONS): Extension[] {
  const start = reader.position;
  const sequence = reader.sequence(reading);
  if (sequence.done) sequence.fail("ERR_DER_VALUE", reading, start, "there is no extension");
  const extensions: Extension[] = [];
  while (!sequence.done) {
    const at = sequence.position;
    const content = sequence.next(TAG.sequence, reading);
    const end = sequence.position;
    sequence.position = content;
    const oid = readObjectIdentifier(sequence, reading);
    const critical = sequence.peek() === TAG.boolean && sequence.boolean(reading);
    const offset = sequence.next(TAG.octetString, reading);
    if (sequence.position !== end) {
      sequence.fail("ERR_DER_LENGTH", reading, at, "the extension does not end with its value");
    }
    if (extensions.length === most) {
      sequence.fail("ERR_DER_SIZE", reading, at, `more than ${most} extensions`);
    }
    if (findExtension(extensions, oid) !== undefined) {
      throw new CertificateError(
        "ERR_CERTIFICATE_DUPLICATE_EXTENSION",
        `Cannot read ${reading} at offset ${at}: extension ${oid} is there twice`,
        { offset: at },
      );
    }
    extensions.push(new Extension(oid, critical, sequence.octets, offset, end));
  }
  return extensions;
}

/** More extensions are refused: no certificate has them, and each is compared with those before it. */
const MAX_EXTENSIONS = 100;

/** The extension with this OID; undefined: there is none. */
export function findExtension(extensions: readonly Extension[], oid: string): Extension | undefined {
  for (let i = 0; i < extensions.length; i++) if (extensions[i]!.oid === oid) return extensions[i];
  return undefined;
}
