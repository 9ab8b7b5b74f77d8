/**
 * Topic `parse`: a leaf certificate and what a program wants to know of it.
 *
 * Everybody reads the serial number, issuer, subject, validity and key, and the values of the extensions: ours and the
 * peers in TypeScript those of all eight, `X509Certificate` the four that it has getters for.
 *
 * @module
 */

import {
  AUTHORITY_INFORMATION_ACCESS,
  AUTHORITY_KEY_IDENTIFIER,
  BASIC_CONSTRAINTS,
  CRL_DISTRIBUTION_POINTS,
  EXTENDED_KEY_USAGE,
  KEY_USAGE,
  nameText,
  parseCertificate,
  SUBJECT_ALTERNATIVE_NAME,
  SUBJECT_KEY_IDENTIFIER,
} from "../core/x509/mod.ts";
import type { CertificatePeer, CertificateValues } from "./compare/peer.ts";
import { KEYS, makeFixture } from "./fixtures.ts";
import type { Group } from "./harness.ts";
import type { Platform } from "./platform/platform.ts";

/** Groups of this topic. */
export async function parseGroups(platform: Platform, peers: readonly CertificatePeer[]): Promise<Group[]> {
  const { X509Certificate } = platform;
  const all = X509Certificate === undefined ? peers : [nativePeer(X509Certificate), ...peers];
  const groups: Group[] = [];
  for (const name of Object.keys(KEYS)) {
    const { der } = (await makeFixture(name)).certificate;
    const expected = ours(der);
    const able = all.filter((peer) => agrees(peer, der, expected));
    groups.push({
      name: `${name} leaf`,
      unit: "ops/s",
      contenders: [
        { name: "anyrole", run: () => ours(der) },
        ...able.map((peer) => ({ name: peer.name, run: () => peer.read(der) })),
      ],
      comparisons: able.map((peer) => ({
        name: "anyrole",
        against: peer.name,
        ...(peer.reach === undefined ? {} : { reach: peer.reach }),
      })),
    });
  }
  return groups;
}

function ours(der: Uint8Array<ArrayBuffer>): CertificateValues {
  const certificate = parseCertificate(der);
  return {
    serialNumber: certificate.serialNumberHex,
    issuer: nameText(certificate.issuer),
    subject: nameText(certificate.subject),
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    publicKey: certificate.publicKey,
    extensions: [
      certificate.extensions,
      certificate.decode(BASIC_CONSTRAINTS),
      certificate.decode(KEY_USAGE),
      certificate.decode(EXTENDED_KEY_USAGE),
      certificate.decode(SUBJECT_ALTERNATIVE_NAME),
      certificate.decode(SUBJECT_KEY_IDENTIFIER),
      certificate.decode(AUTHORITY_KEY_IDENTIFIER),
      certificate.decode(CRL_DISTRIBUTION_POINTS),
      certificate.decode(AUTHORITY_INFORMATION_ACCESS),
    ],
  };
}

function nativePeer(X509Certificate: NonNullable<Platform["X509Certificate"]>): CertificatePeer {
  return {
    name: "X509Certificate",
    reach: { node20: 15, node: 15 },
    read(der) {
      const certificate = new X509Certificate(der);
      return {
        serialNumber: certificate.serialNumber.toLowerCase().replace(/^0+/, ""),
        issuer: certificate.issuer,
        subject: certificate.subject,
        notBefore: certificate.validFrom,
        notAfter: certificate.validTo,
        publicKey: certificate.publicKey,
        extensions: [certificate.ca, certificate.keyUsage, certificate.subjectAltName, certificate.infoAccess],
      };
    },
  };
}

/** Whether a peer reads the same values; one that cannot read this kind of key at all is left out. */
function agrees(peer: CertificatePeer, der: Uint8Array, expected: CertificateValues): boolean {
  let values: CertificateValues;
  try {
    values = peer.read(der);
  } catch {
    return false;
  }
  const same = values.serialNumber === expected.serialNumber &&
    new Date(values.notAfter).getTime() === expected.notAfter;
  if (!same) throw new Error(`${peer.name} reads other values: ${values.serialNumber}, ${values.notAfter}`);
  return true;
}
