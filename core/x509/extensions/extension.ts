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
export interface Extension {
  /** extnID, dotted. */
  readonly oid: string;
  /** Whether who does not know the extension must refuse what carries it. */
  readonly critical: boolean;
  /** Contents of extnValue: the DER of the extension's own type; a view. */
  readonly value: Bytes;
  /** Offset of {@link Extension.value} in what carries the extension, in octets. */
  readonly offset: number;
}

/** A type of extension and how its value is read. */
export interface ExtensionType<T> {
  /** extnID, dotted. */
  readonly oid: string;
  /** Its name in the standard. */
  readonly name: string;
  /** Reads the value; what is left behind it is refused by {@link decodeExtension}. */
  readonly read: (reader: DerReader) => T;
}

/**
 * Reads Extensions: at least one, no two of one type. `critical` written out as FALSE, which DER forbids, is accepted:
 * deployed issuers do it.
 *
 * @throws {DerError} when it is malformed or empty
 * @throws {CertificateError} `ERR_CERTIFICATE_DUPLICATE_EXTENSION`
 */
export function readExtensions(reader: DerReader, reading: string): Extension[] {
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
    if (extensions.length === MAX_EXTENSIONS) {
      sequence.fail("ERR_DER_SIZE", reading, at, `more than ${MAX_EXTENSIONS} extensions`);
    }
    if (findExtension(extensions, oid) !== undefined) {
      throw new CertificateError(
        "ERR_CERTIFICATE_DUPLICATE_EXTENSION",
        `Cannot read ${reading} at offset ${at}: extension ${oid} is there twice`,
        { offset: at },
      );
    }
    extensions.push({ oid, critical, value: sequence.octets.subarray(offset, end), offset });
  }
  return extensions;
}

/** More extensions are refused: no certificate has them, and each is compared with those before it. */
const MAX_EXTENSIONS = 1000;

/** The extension with this OID; undefined: there is none. */
export function findExtension(extensions: readonly Extension[], oid: string): Extension | undefined {
  for (const extension of extensions) if (extension.oid === oid) return extension;
  return undefined;
}

/**
 * Decodes the extension of this type; undefined: there is none.
 *
 * @param der what carries the extensions, so that offsets in errors count from its start
 * @throws {DerError} when the value is malformed or something follows it
 */
export function decodeExtension<T>(
  der: Bytes,
  extensions: readonly Extension[],
  type: ExtensionType<T>,
): T | undefined {
  const extension = findExtension(extensions, type.oid);
  if (extension === undefined) return undefined;
  const reader = new DerReader(der, extension.offset, extension.offset + extension.value.length);
  const value = type.read(reader);
  reader.finish(type.name);
  return value;
}
