/**
 * Authorities, certificates and revocation lists by their names, made with the issuing of this project, and validated as
 * the suites of paths are: hard fail, every list offered, certificates in any order.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import { derContextConstructed, derContextPrimitive, derInteger, derSequence } from "../../../core/der/writer.ts";
import { encodeGeneralName } from "../../../core/issue/general-name-encoding.ts";
import {
  authorityKeyIdentifierExtension,
  basicConstraintsExtension,
  crlNumberExtension,
  type ExtensionTemplate,
  issueCertificate,
  issueRevocationList,
  keyIdentifier,
  keyUsageExtension,
  type NameTemplate,
  type RevokedCertificateTemplate,
  subjectKeyIdentifierExtension,
} from "../../../core/issue/mod.ts";
import { crlChecker, validatePath, type ValidatePathOptions } from "../../../core/path/mod.ts";
import {
  type Certificate,
  type CertificateRevocationList,
  type KeyUsage,
  parseCertificate,
  parseCertificateRevocationList,
} from "../../../core/x509/mod.ts";
import { DAY, NOW, testKey } from "../../support/test-authority.ts";
import { crypto } from "./hierarchy.ts";

/** What differs from an ordinary certificate. */
export interface Said {
  /** Default: its issuer's, unless told otherwise. */
  readonly key?: string;
  readonly issuerKey?: string;
  readonly serial?: number | Bytes;
  /** Of a CA; default keyCertSign and cRLSign. */
  readonly usages?: readonly KeyUsage[];
  readonly pathLength?: number;
  readonly more?: readonly ExtensionTemplate[];
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly subjectName?: NameTemplate;
  readonly issuerName?: NameTemplate;
  readonly extensions?: readonly ExtensionTemplate[];
}

/** A common name. */
export function named(text: string): NameTemplate {
  return [{ type: "CN", value: text }];
}

let serials = 100;

/** A certificate. @param role of a CA or of an end entity; a signer of lists alone has `usages` */
export async function certificate(
  role: "CA" | "end entity",
  subject: string,
  issuer: string,
  said: Said = {},
): Promise<Certificate> {
  const own = await testKey(said.key ?? subject);
  const signer = await testKey(said.issuerKey ?? issuer);
  const isCa = role === "CA";
  const ordinary = [
    ...(isCa
      ? [
        basicConstraintsExtension({
          ca: true,
          ...(said.pathLength === undefined ? {} : { pathLength: said.pathLength }),
        }),
      ]
      : []),
    keyUsageExtension(said.usages ?? (isCa ? ["keyCertSign", "cRLSign"] : ["digitalSignature"])),
    subjectKeyIdentifierExtension(await identifier(own.publicKey)),
    authorityKeyIdentifierExtension(await identifier(signer.publicKey)),
    ...said.more ?? [],
  ];
  return parseCertificate(
    await issueCertificate({
      serialNumber: said.serial ?? serials++,
      issuer: said.issuerName ?? named(issuer),
      subject: said.subjectName ?? named(subject),
      notBefore: said.notBefore ?? NOW - DAY,
      notAfter: said.notAfter ?? NOW + DAY,
      publicKey: own.publicKey,
      extensions: said.extensions ?? ordinary,
    }, signer),
  );
}

/** What differs from an ordinary list, which names nobody. */
export interface Listed {
  readonly key?: string;
  readonly revoked?: readonly (Certificate | RevokedCertificateTemplate)[];
  readonly number?: number;
  readonly more?: readonly ExtensionTemplate[];
  readonly thisUpdate?: number;
  readonly nextUpdate?: number;
  readonly issuerName?: NameTemplate;
}

/** A list. */
export async function list(issuer: string, listed: Listed = {}): Promise<CertificateRevocationList> {
  const signer = await testKey(listed.key ?? issuer);
  return parseCertificateRevocationList(
    await issueRevocationList({
      issuer: listed.issuerName ?? named(issuer),
      thisUpdate: listed.thisUpdate ?? NOW - 1000,
      nextUpdate: listed.nextUpdate ?? NOW + DAY,
      revokedCertificates: (listed.revoked ?? []).map((one) => "der" in one ? entry(one) : one),
      extensions: [
        authorityKeyIdentifierExtension(await identifier(signer.publicKey)),
        crlNumberExtension(listed.number ?? 1),
        ...listed.more ?? [],
      ],
    }, signer),
  );
}

/** An entry of a list. */
export function entry(revoked: Certificate, ...extensions: ExtensionTemplate[]): RevokedCertificateTemplate {
  return { serialNumber: revoked.serialNumber, revocationDate: NOW - 2000, extensions };
}

/** `valid`, or the code of the refusal. */
export async function outcome(
  target: Certificate,
  anchor: Certificate,
  others: readonly Certificate[],
  crls: readonly CertificateRevocationList[] | undefined,
  more: Partial<ValidatePathOptions> = {},
): Promise<string> {
  return await validatePath(target, {
    anchors: [anchor],
    intermediates: others,
    time: NOW,
    crypto,
    revocation: crls === undefined
      ? "skip"
      : { checker: crlChecker({ crls, expired: "enforce" }), unknown: "deny", depth: "chain" },
    ...more,
  }).then(() => "valid", (error: { readonly code?: string }) => error.code ?? String(error));
}

/** A directoryName. */
export function directory(...attributes: readonly string[]): Bytes {
  return encodeGeneralName({ form: "directoryName", value: attributes.map((value) => ({ type: "CN", value })) });
}

/** A distribution point's name: full, or a common name that is added to that of the list's issuer. */
export function fullName(...names: readonly Bytes[]): Bytes {
  return derContextConstructed(0, derContextConstructed(0, ...names));
}

/** One distribution point of a certificate. */
export function point(...fields: readonly Bytes[]): Bytes {
  return derSequence(...fields);
}

/** cRLDistributionPoints. */
export function points(...all: readonly Bytes[]): ExtensionTemplate {
  return { oid: "2.5.29.31", critical: false, value: derSequence(...all) };
}

/** cRLIssuer of a distribution point. */
export function cRLIssuer(...names: readonly string[]): Bytes {
  return derContextConstructed(2, ...names.map((name) => directory(name)));
}

/** issuingDistributionPoint. */
export function issuingPoint(...fields: readonly Bytes[]): ExtensionTemplate {
  return { oid: "2.5.29.28", critical: true, value: derSequence(...fields) };
}

/** A flag of an issuing distribution point: 1 user certificates, 2 CA certificates, 4 indirect, 5 attributes. */
export function flag(tag: 1 | 2 | 4 | 5): Bytes {
  return derContextPrimitive(tag, Uint8Array.of(0xff));
}

/** deltaCRLIndicator. */
export function deltaOf(number: number): ExtensionTemplate {
  return { oid: "2.5.29.27", critical: true, value: derInteger(number) };
}

/** certificateIssuer of an entry. */
export function certificateIssuer(name: string): ExtensionTemplate {
  return { oid: "2.5.29.29", critical: true, value: derSequence(directory(name)) };
}

async function identifier(publicKey: Bytes): Promise<Bytes> {
  return await keyIdentifier(publicKey, crypto);
}
