/**
 * DER, certificates and revocation lists, read to the last field.
 *
 * @module
 */

import { BaseError } from "../../../core/base-error.ts";
import { DerReader } from "../../../core/der/reader.ts";
import { decodeString } from "../../../core/der/strings.ts";
import {
  type Certificate,
  checkCertificate,
  checkCertificateRevocationList,
  helperNameText,
  nameText,
  parseCertificateRevocationList,
  parseName,
} from "../../../core/x509/mod.ts";
import type { Octets } from "../mutate.ts";

/** Every element by the method that its tag calls for. */
export function walk(input: Octets): void {
  readElements(new DerReader(input));
}

function readElements(reader: DerReader): void {
  while (!reader.done) {
    const tag = reader.peek();
    switch (tag) {
      case 0x01:
        reader.boolean("BOOLEAN");
        break;
      case 0x02:
        reader.integer("INTEGER");
        break;
      case 0x03:
        reader.bitString("BIT STRING");
        break;
      case 0x05:
        reader.null("NULL");
        break;
      case 0x06:
        reader.objectIdentifier("OBJECT IDENTIFIER");
        break;
      case 0x17:
      case 0x18:
        reader.time("Time");
        break;
      default:
        if ((tag & 0x20) !== 0) {
          const inner = reader.open(tag, "element");
          readElements(inner);
          inner.finish("element");
        } else decodeString(tag, reader.content(tag, "element"));
    }
  }
}

/** What a certificate has to say; what one getter refuses does not keep the others from their turn. */
export function readEverything(certificate: Certificate): void {
  let refused: BaseError | undefined;
  const getters: readonly (() => unknown)[] = [
    () => certificate.publicKey,
    () => certificate.signatureAlgorithm,
    () => nameText(certificate.subject),
    () => helperNameText(certificate.subject),
    () => certificate.subject.equals(certificate.issuer),
    () => parseName(certificate.issuer.der.slice()),
    () => certificate.serialNumberDecimal + certificate.serialNumberHex,
    () => certificate.notBefore + certificate.notAfter,
    () => certificate.subjectAlternativeName,
    () => checkCertificate(certificate),
  ];
  for (const read of getters) {
    try {
      read();
    } catch (error) {
      if (!(error instanceof BaseError)) throw error;
      refused = error;
    }
  }
  if (refused !== undefined) throw refused;
}

/** A list, its entries, and the search in it. */
export function readList(input: Octets): void {
  const list = parseCertificateRevocationList(input);
  nameText(list.issuer);
  for (const serial of [Uint8Array.of(1), Uint8Array.of(0, 0xff), new Uint8Array(20).fill(7)]) {
    list.find(serial);
    list.findIndirect(serial, list.issuer);
  }
  checkCertificateRevocationList(list);
}
