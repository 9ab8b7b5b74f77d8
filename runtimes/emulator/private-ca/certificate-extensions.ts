/**
 * The extensions of a certificate to be issued: what the template sets, then what the API call and the certification
 * request may add. What a template sets always wins.
 *
 * @see AWS Private CA user guide, "Understanding certificate templates"
 * @module
 */

import { decodeBase64 } from "../../../core/bytes/base64.ts";
import type { Bytes } from "../../../core/bytes/bytes.ts";
import { derIa5String, derObjectIdentifier, derSequence, derUtf8String } from "../../../core/der/writer.ts";
import {
  authorityKeyIdentifierExtension,
  basicConstraintsExtension,
  crlDistributionPointsExtension,
  extendedKeyUsageExtension,
  type ExtensionTemplate,
  keyUsageExtension,
  subjectAlternativeNameExtension,
  subjectKeyIdentifierExtension,
} from "../../../core/issue/extension-encoding.ts";
import type { GeneralNameTemplate } from "../../../core/issue/general-name-encoding.ts";
import { parseIpRange } from "../../../core/policy/ip-range.ts";
import { CERTIFICATE_POLICIES } from "../../../core/x509/extensions/certificate-policies.ts";
import { KEY_USAGES } from "../../../core/x509/extensions/key-usage.ts";
import { SUBJECT_ALTERNATIVE_NAME } from "../../../core/x509/extensions/subject-alternative-name.ts";
import type { CertificateRequest } from "../../../core/x509/certificate-request.ts";
import { refuse } from "../protocols/service-refusal.ts";
import {
  type ApiExtensions,
  type ApiGeneralName,
  type ApiKeyUsage,
  EXTENDED_KEY_USAGE_TYPES,
} from "./input-members.ts";
import { subjectName } from "./subject-name.ts";
import type { CertificateTemplateRules } from "./templates.ts";

/** What the authority adds by itself. */
export interface AuthorityFacts {
  /** Identifier of the certified key. */
  readonly subjectKeyIdentifier: Bytes;
  /** Identifier of the authority's key. */
  readonly authorityKeyIdentifier: Bytes;
  /** Where the authority's revocation list is; absent: it has none, or its certificates do not say. */
  readonly distributionPoint?: string;
}

/**
 * Puts the extensions together, each type once.
 *
 * @param api `ApiPassthrough.Extensions`; counts only if the template lets it
 * @throws {ServiceRefusal} `InvalidArgsException` for values that no extension can hold
 */
export function certificateExtensions(
  rules: CertificateTemplateRules,
  request: CertificateRequest,
  api: ApiExtensions | undefined,
  facts: AuthorityFacts,
): ExtensionTemplate[] {
  const extensions: ExtensionTemplate[] = templateExtensions(rules, facts);
  const add = (extension: ExtensionTemplate): void => {
    if (!extensions.some(({ oid }) => oid === extension.oid)) extensions.push(extension);
  };
  try {
    if (rules.apiPassthrough && api !== undefined) { for (const extension of apiExtensions(api)) add(extension); }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw refuse(400, "InvalidArgsException", `ApiPassthrough cannot be encoded: ${error.message}`);
  }
  for (const { oid, critical, value } of request.extensions) {
    // Every template takes the alternative names of the request.
    if (rules.csrPassthrough || oid === SUBJECT_ALTERNATIVE_NAME.oid) add({ oid, critical, value });
  }
  return extensions;
}

function templateExtensions(rules: CertificateTemplateRules, facts: AuthorityFacts): ExtensionTemplate[] {
  const { ca, keyUsage, extendedKeyUsage } = rules;
  const constraints = basicConstraintsExtension(ca === false ? { ca: false } : { ca: true, ...ca });
  const { distributionPoint } = facts;
  return [
    { ...constraints, critical: ca !== false || rules.criticalBasicConstraints },
    authorityKeyIdentifierExtension(facts.authorityKeyIdentifier),
    subjectKeyIdentifierExtension(facts.subjectKeyIdentifier),
    ...(keyUsage === undefined ? [] : [keyUsageExtension(keyUsage)]),
    ...(extendedKeyUsage === undefined || extendedKeyUsage.length === 0
      ? []
      : [extendedKeyUsageExtension(extendedKeyUsage)]),
    ...(distributionPoint === undefined
      ? []
      : [crlDistributionPointsExtension([{ form: "uniformResourceIdentifier", value: distributionPoint }])]),
  ];
}

/** The extensions that a call asks for, in the order of the API's documentation. */
function apiExtensions(api: ApiExtensions): ExtensionTemplate[] {
  const { CertificatePolicies, ExtendedKeyUsage, KeyUsage, SubjectAlternativeNames, CustomExtensions } = api;
  return [
    ...(CertificatePolicies === undefined ? [] : [certificatePoliciesExtension(CertificatePolicies)]),
    ...(ExtendedKeyUsage === undefined ? [] : [extendedKeyUsageExtension(ExtendedKeyUsage.map(purposeOf))]),
    ...(KeyUsage === undefined ? [] : [apiKeyUsageExtension(KeyUsage)]),
    ...(SubjectAlternativeNames === undefined
      ? []
      : [subjectAlternativeNameExtension(SubjectAlternativeNames.map(generalName))]),
    ...(CustomExtensions ?? []).map(({ ObjectIdentifier, Value, Critical = false }): ExtensionTemplate => {
      const value = decodeBase64(Value);
      if (value === undefined) throw new RangeError(`the value of ${ObjectIdentifier} is not base64`);
      return { oid: ObjectIdentifier, critical: Critical, value };
    }),
  ];
}

/** Key usage, by the bits of the API. @throws {RangeError} when no bit is set, which no certificate may say */
export function apiKeyUsageExtension(usage: ApiKeyUsage): ExtensionTemplate {
  const usages = KEY_USAGES.filter((name) => usage[API_KEY_USAGES[name]] === true);
  if (usages.length === 0) throw new RangeError("KeyUsage sets no bit");
  return keyUsageExtension(usages);
}

const API_KEY_USAGES: { readonly [usage in typeof KEY_USAGES[number]]: keyof ApiKeyUsage } = {
  digitalSignature: "DigitalSignature",
  nonRepudiation: "NonRepudiation",
  keyEncipherment: "KeyEncipherment",
  dataEncipherment: "DataEncipherment",
  keyAgreement: "KeyAgreement",
  keyCertSign: "KeyCertSign",
  cRLSign: "CRLSign",
  encipherOnly: "EncipherOnly",
  decipherOnly: "DecipherOnly",
};

function purposeOf(
  { ExtendedKeyUsageType: type, ExtendedKeyUsageObjectIdentifier: oid }: NonNullable<
    ApiExtensions["ExtendedKeyUsage"]
  >[number],
): string {
  const named = type === undefined ? undefined : EXTENDED_KEY_USAGE_TYPES[type];
  if ((named === undefined) === (oid === undefined)) {
    throw new RangeError("an ExtendedKeyUsage has either a type or an object identifier");
  }
  return named ?? oid!;
}

/** Certificate policies (RFC 5280 §4.2.1.4); not critical. */
function certificatePoliciesExtension(policies: NonNullable<ApiExtensions["CertificatePolicies"]>): ExtensionTemplate {
  const value = derSequence(...policies.map(({ CertPolicyId, PolicyQualifiers = [] }) =>
    derSequence(
      derObjectIdentifier(CertPolicyId),
      ...(PolicyQualifiers.length === 0 ? [] : [
        derSequence(...PolicyQualifiers.map(({ Qualifier }) =>
          derSequence(derObjectIdentifier(CPS_QUALIFIER), derIa5String(Qualifier.CpsUri))
        )),
      ]),
    )
  ));
  return { oid: CERTIFICATE_POLICIES.oid, critical: false, value };
}

/** id-qt-cps. */
const CPS_QUALIFIER = "1.3.6.1.5.5.7.2.1";

function generalName(name: ApiGeneralName): GeneralNameTemplate {
  const given = Object.keys(name);
  if (given.length !== 1) throw new RangeError("a GeneralName has exactly one member");
  const { OtherName, Rfc822Name, DnsName, DirectoryName, EdiPartyName, UniformResourceIdentifier } = name;
  if (OtherName !== undefined) {
    return { form: "otherName", oid: OtherName.TypeId, value: derUtf8String(OtherName.Value) };
  }
  if (Rfc822Name !== undefined) return { form: "rfc822Name", value: Rfc822Name };
  if (DnsName !== undefined) return { form: "dNSName", value: DnsName };
  if (DirectoryName !== undefined) return { form: "directoryName", value: subjectName(DirectoryName) };
  if (EdiPartyName !== undefined) throw new RangeError("EdiPartyName is not supported by this emulator");
  if (UniformResourceIdentifier !== undefined) {
    return { form: "uniformResourceIdentifier", value: UniformResourceIdentifier };
  }
  if (name.RegisteredId !== undefined) return { form: "registeredID", value: name.RegisteredId };
  const address = parseIpRange(name.IpAddress ?? "", "address")?.parts;
  if (address === undefined) throw new RangeError(`${name.IpAddress} is no IP address`);
  // Octets of an IPv4 address, groups of two octets of an IPv6 address.
  const octets = address.length === 4 ? address : address.flatMap((group) => [group >> 8, group & 0xff]);
  return { form: "iPAddress", value: Uint8Array.from(octets) };
}
