/**
 * Certificates for tests about names and keys: well-formed, with an empty signature.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import { rsaPublicKey } from "../../../core/crypto/spki-encoding.ts";
import {
  derBitString,
  derContextConstructed,
  derContextPrimitive,
  derInteger,
  derNull,
  derObjectIdentifier,
  derOctetString,
  derSequence,
  derSetOf,
  derTime,
  derUtf8String,
} from "../../../core/der/writer.ts";
import { type Certificate, parseCertificate } from "../../../core/x509/certificate.ts";

/** What a made certificate says. */
export interface MadeCertificate {
  readonly subject: string;
  readonly issuer: string;
  readonly spki?: Bytes;
  readonly serial?: number;
  readonly subjectKeyIdentifier?: number;
  readonly authorityKeyIdentifier?: number;
}

/** Makes a certificate. */
export function madeCertificate(made: MadeCertificate): Certificate {
  const algorithm = derSequence(derObjectIdentifier("1.2.840.113549.1.1.11"), derNull());
  const extensions: Bytes[] = [];
  if (made.subjectKeyIdentifier !== undefined) {
    const identifier = derOctetString(Uint8Array.of(made.subjectKeyIdentifier));
    extensions.push(derSequence(derObjectIdentifier("2.5.29.14"), derOctetString(identifier)));
  }
  if (made.authorityKeyIdentifier !== undefined) {
    const identifier = derSequence(derContextPrimitive(0, Uint8Array.of(made.authorityKeyIdentifier)));
    extensions.push(derSequence(derObjectIdentifier("2.5.29.35"), derOctetString(identifier)));
  }
  const spki = made.spki ??
    rsaPublicKey({ modulus: new Uint8Array(256).fill(0xff), exponent: Uint8Array.of(1, 0, 1) }).spki;
  const tbsCertificate = derSequence(
    derContextConstructed(0, derInteger(2)),
    derInteger(made.serial ?? 1),
    algorithm,
    name(made.issuer),
    derSequence(derTime(Date.UTC(2026, 0, 1)), derTime(Date.UTC(2036, 0, 1))),
    name(made.subject),
    spki,
    ...(extensions.length === 0 ? [] : [derContextConstructed(3, derSequence(...extensions))]),
  );
  return parseCertificate(derSequence(tbsCertificate, algorithm, derBitString(new Uint8Array(256))));
}

function name(common: string): Bytes {
  return derSequence(derSetOf(derSequence(derObjectIdentifier("2.5.4.3"), derUtf8String(common))));
}
