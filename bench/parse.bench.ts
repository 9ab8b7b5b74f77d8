/**
 * Topic `parse`: a leaf certificate and what a program wants to know of it.
 *
 * "fields" is what everybody can read: serial number, issuer, subject, validity and key, and of all but
 * `X509Certificate`, which has no such thing, the list of extensions. "extensions" is the same and the values of the
 * extensions: of all eight in TypeScript, of the four that `X509Certificate` has getters for there.
 *
 * @module
 */

import {
  AUTHORITY_INFORMATION_ACCESS,
  AUTHORITY_KEY_IDENTIFIER,
  BASIC_CONSTRAINTS,
  CRL_DISTRIBUTION_POINTS,
  EXTENDED_KEY_USAGE,
  type ExtensionType,
  KEY_USAGE,
  parseCertificate,
  SUBJECT_ALTERNATIVE_NAME,
  SUBJECT_KEY_IDENTIFIER,
} from "../core/x509/mod.ts";
import type { KeySpecification } from "../core/crypto/provider.ts";
import type { CertificatePeer, CertificateValues } from "./compare/peer.ts";
import { type Fixture, KEYS, makeFixture } from "./fixtures.ts";
import type { Group } from "./harness.ts";
import { nativeContenders, type NativeDriver } from "./native-contender.ts";
import type { Platform } from "./platform/platform.ts";

/** Groups of this topic. */
export async function parseGroups(
  platform: Platform,
  peers: readonly CertificatePeer[],
  drivers: readonly NativeDriver[] = [],
): Promise<Group[]> {
  const { X509Certificate } = platform;
  const all = X509Certificate === undefined ? peers : [nativePeer(X509Certificate), ...peers];
  const groups: Group[] = [];
  const fixtures = new Map<string, Fixture>();
  for (const name of Object.keys(KEYS)) {
    const fixture = await makeFixture(name);
    fixtures.set(name, fixture);
    const { der } = fixture.certificate;
    for (const values of [false, true]) {
      const expected = ours(der, values);
      const able = all.filter((peer) => agrees(peer, der, values, expected));
      const native = values ? [] : nativeContenders(platform, drivers, "parse", [der]);
      groups.push({
        name: `${name} leaf, ${values ? "extensions" : "fields"}`,
        unit: "ops/s",
        contenders: [
          { name: "anyrole", run: () => ours(der, values) },
          ...able.map((peer) => ({ name: peer.name, run: () => peer.read(der, values) })),
          ...native,
        ],
        comparisons: [
          ...able.map((peer) => ({
            name: "anyrole",
            against: peer.name,
            ...(peer.reach === undefined || values ? {} : { reach: peer.reach }),
          })),
          ...native.map(({ name }) => ({ name: "anyrole", against: name })),
        ],
      });
    }
  }
  return [...groups, await sizeGroup(fixtures)];
}

/** Certificates from the smallest to the largest, all of the same eight extensions: post-quantum ones are large. */
async function sizeGroup(made: ReadonlyMap<string, Fixture>): Promise<Group> {
  const fixtures = await Promise.all(
    Object.entries(BY_SIZE).map(([name, specification]) => made.get(name) ?? makeFixture(name, specification)),
  );
  const contenders = fixtures.map(({ name, certificate: { der } }) => ({ name, run: () => ours(der, false) }));
  const [least, ...more] = contenders;
  return {
    name: "leaf, fields, by size",
    unit: "ops/s",
    contenders,
    comparisons: more.map(({ name }) => ({ name, against: least!.name })),
    growth: {
      parameter: "octets",
      sizes: Object.fromEntries(fixtures.map(({ name, certificate }) => [name, certificate.der.length])),
    },
  };
}

/** From the smallest certificate to the largest. */
const BY_SIZE: { readonly [name: string]: KeySpecification } = {
  "P-256": { type: "ec", curve: "P-256" },
  "RSA-2048": { type: "rsa", bits: 2048 },
  "ML-DSA-44": { type: "ml-dsa", parameterSet: "ML-DSA-44" },
  "ML-DSA-65": { type: "ml-dsa", parameterSet: "ML-DSA-65" },
  "ML-DSA-87": { type: "ml-dsa", parameterSet: "ML-DSA-87" },
};

function ours(der: Uint8Array<ArrayBuffer>, values: boolean): CertificateValues {
  const certificate = parseCertificate(der);
  return {
    serialNumber: certificate.serialNumberHex,
    issuer: certificate.issuer,
    subject: certificate.subject,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    publicKey: certificate.publicKey,
    extensions: certificate.extensions,
    values: values ? DECODED.map((type) => certificate.decode<unknown>(type)) : [],
  };
}

const DECODED: readonly ExtensionType<unknown>[] = [
  BASIC_CONSTRAINTS,
  KEY_USAGE,
  EXTENDED_KEY_USAGE,
  SUBJECT_ALTERNATIVE_NAME,
  SUBJECT_KEY_IDENTIFIER,
  AUTHORITY_KEY_IDENTIFIER,
  CRL_DISTRIBUTION_POINTS,
  AUTHORITY_INFORMATION_ACCESS,
];

function nativePeer(X509Certificate: NonNullable<Platform["X509Certificate"]>): CertificatePeer {
  return {
    name: "X509Certificate",
    reach: { node20: 15, node: 15 },
    read(der, values) {
      const certificate = new X509Certificate(der);
      return {
        serialNumber: certificate.serialNumber.toLowerCase().replace(/^0+/, ""),
        issuer: certificate.issuer,
        subject: certificate.subject,
        notBefore: certificate.validFrom,
        notAfter: certificate.validTo,
        publicKey: certificate.publicKey,
        extensions: [],
        values: values
          ? [certificate.ca, certificate.keyUsage, certificate.subjectAltName, certificate.infoAccess]
          : [],
      };
    },
  };
}

/** Whether a peer reads the same values; one that cannot read this kind of key at all is left out. */
function agrees(peer: CertificatePeer, der: Uint8Array, withValues: boolean, expected: CertificateValues): boolean {
  let values: CertificateValues;
  try {
    values = peer.read(der, withValues);
  } catch {
    return false;
  }
  const same = values.serialNumber === expected.serialNumber &&
    new Date(values.notAfter).getTime() === expected.notAfter;
  if (!same) throw new Error(`${peer.name} reads other values: ${values.serialNumber}, ${values.notAfter}`);
  return true;
}
