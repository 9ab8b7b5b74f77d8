/**
 * Entries of certificate revocation lists (RFC 5280 §5.1.2.6, §5.3).
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";
import type { DerReader } from "../../der/reader.ts";
import { TAG } from "../../der/tag.ts";
import { CertificateError } from "../certificate-error.ts";
import { type Extension, type ExtensionType, findExtension, readExtensions } from "../extensions/extension.ts";

/** One revoked certificate. */
export class RevokedCertificate {
  /** Contents of the serial number's INTEGER, a view. */
  readonly serialNumber: Bytes;
  /** When it was revoked, milliseconds since the epoch. */
  readonly revocationDate: number;
  /** Extensions of the entry in order. */
  readonly extensions: readonly Extension[];

  /** Makes an entry. @param serialNumber contents of the INTEGER; @param revocationDate milliseconds; @param extensions of the entry */
  constructor(serialNumber: Bytes, revocationDate: number, extensions: readonly Extension[]) {
    this.serialNumber = serialNumber;
    this.revocationDate = revocationDate;
    this.extensions = extensions;
  }

  /** The value of the extension of this type; undefined: there is none. @throws {DerError} when it is malformed */
  decode<T>(type: ExtensionType<T>): T | undefined {
    return findExtension(this.extensions, type.oid)?.decode(type);
  }
}

/**
 * Reads one entry.
 *
 * @param version of the list; version 1 has no extensions
 * @throws {DerError} when it is malformed
 * @throws {CertificateError} `ERR_CERTIFICATE_VERSION` or `ERR_CERTIFICATE_DUPLICATE_EXTENSION`
 */
export function readRevokedCertificate(reader: DerReader, version: 1 | 2): RevokedCertificate {
  const entry = reader.sequence("revokedCertificates");
  const serialNumber = entry.integer("userCertificate");
  const revocationDate = entry.time("revocationDate");
  const offset = entry.position;
  const extensions = entry.peek() === TAG.sequence
    ? readExtensions(entry, "crlEntryExtensions", MAX_ENTRY_EXTENSIONS)
    : [];
  entry.finish("revokedCertificates");
  if (version === 1 && extensions.length > 0) {
    throw new CertificateError(
      "ERR_CERTIFICATE_VERSION",
      "Cannot read CRL: version 1 has no extensions of entries",
      { offset },
    );
  }
  return new RevokedCertificate(serialNumber, revocationDate, extensions);
}

/** RFC 5280 §5.3 knows three; a list has many entries, and the extensions of each are compared with one another. */
const MAX_ENTRY_EXTENSIONS = 32;
