/**
 * Rules of RFC 5280 §4 for those who issue certificates. A relying party need not enforce them: certificates that
 * break them are common, and path validation (§6) does not ask. Where a private hierarchy is under one's own control,
 * a broken one is a sign that something else than its CA made the certificate.
 *
 * @module
 */

import type { Certificate } from "../x509/certificate.ts";
import { NAME_CONSTRAINTS } from "../x509/extensions/name-constraints.ts";
import type { PathProfile } from "./path-profile.ts";

/** What RFC 5280 demands of conforming CAs: names, numbers, identifiers, criticality, and what a CA alone may say. */
export const CONFORMING_ISSUER_PROFILE: PathProfile = {
  name: "RFC 5280 conforming issuers",
  checkAuthority(certificate, position) {
    // An anchor is trusted for its name and key: who issued it under which number is of no interest.
    return (position === "anchor" ? undefined : checkIssuance(certificate)) ?? checkAny(certificate) ??
      checkAuthority(certificate);
  },
  checkEndEntity(certificate) {
    return checkIssuance(certificate) ?? checkAny(certificate) ??
      (certificate.basicConstraints?.ca === true ? checkAuthority(certificate) : checkSubscriber(certificate));
  },
};

/** §4.1.2.2 serial number, §4.1.2.4 issuer, §4.2.1.1 authorityKeyIdentifier. */
function checkIssuance(certificate: Certificate): string | undefined {
  const { serialNumber } = certificate;
  if (serialNumber[0]! & 0x80 || (serialNumber.length === 1 && serialNumber[0] === 0)) {
    return "its serial number is not positive";
  }
  // A leading zero octet keeps the number positive and counts.
  if (serialNumber.length > 20) return `its serial number has ${serialNumber.length} octets, 20 are allowed`;
  if (certificate.issuer.empty) return "its issuer is empty";
  // Only a self-signed certificate may go without.
  if (
    certificate.authorityKeyIdentifier?.keyIdentifier === undefined && !certificate.issuer.equals(certificate.subject)
  ) {
    return "its authorityKeyIdentifier is missing";
  }
  return undefined;
}

/** The extensions whose criticality does not depend on the subject (§4.2), and names. */
function checkAny(certificate: Certificate): string | undefined {
  for (const { oid, critical } of certificate.extensions) {
    const demanded = CRITICALITY.get(oid);
    if (demanded !== undefined && demanded.critical !== critical) {
      return `its ${demanded.name} must ${demanded.critical ? "" : "not "}be critical`;
    }
  }
  return checkNames(certificate);
}

/** §4.1.2.6, §4.2.1.2, §4.2.1.9, §4.2.1.10. */
function checkAuthority(certificate: Certificate): string | undefined {
  if (certificate.subject.empty) return "it is a CA, and its subject is empty";
  if (certificate.subjectKeyIdentifier === undefined) return "it is a CA, and its subjectKeyIdentifier is missing";
  if (certificate.extension(BASIC_CONSTRAINTS)?.critical === false) return "its basicConstraints must be critical";
  const { permittedSubtrees = [], excludedSubtrees = [] } = certificate.decode(NAME_CONSTRAINTS) ?? {};
  for (const { base } of [...permittedSubtrees, ...excludedSubtrees]) {
    if (base.form === "dNSName" && base.value.startsWith(".")) {
      return `its nameConstraints have a dNSName that begins with a dot, "${base.value}"`;
    }
  }
  return undefined;
}

/** What only CA certificates may have (§4.2.1.3, §4.2.1.5, §4.2.1.10, §4.2.1.11, §4.2.1.14). */
function checkSubscriber(certificate: Certificate): string | undefined {
  if (certificate.keyUsage?.includes("keyCertSign") === true) {
    return "its keyUsage includes keyCertSign, and it is no CA";
  }
  const misplaced = FOR_AUTHORITIES.find(({ oid }) => certificate.extension(oid) !== undefined);
  return misplaced === undefined ? undefined : `it has ${misplaced.name}, and it is no CA`;
}

/** §4.2.1.6: where the subject is empty the alternative name is critical; DNS names are in the preferred syntax. */
function checkNames(certificate: Certificate): string | undefined {
  const names = certificate.subjectAlternativeName;
  if (certificate.subject.empty && certificate.extension(SUBJECT_ALTERNATIVE_NAME)?.critical !== true) {
    return "its subject is empty, and it has no critical subjectAltName";
  }
  for (const name of names ?? []) {
    if (name.form === "dNSName" && !PREFERRED.test(name.value)) {
      return `its dNSName "${name.value}" is not in the preferred name syntax`;
    }
  }
  return undefined;
}

const SUBJECT_ALTERNATIVE_NAME = "2.5.29.17";
const BASIC_CONSTRAINTS = "2.5.29.19";

/** RFC 1034 §3.5 as modified by RFC 1123 §2.1, or a wildcard of it. */
const PREFERRED = /^(?:\*\.)?[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;

/** Extensions that must be critical, or must not. */
const CRITICALITY: ReadonlyMap<string, { readonly name: string; readonly critical: boolean }> = /* @__PURE__ */ new Map(
  [
    ["2.5.29.9", { name: "subjectDirectoryAttributes", critical: false }],
    ["2.5.29.14", { name: "subjectKeyIdentifier", critical: false }],
    ["2.5.29.30", { name: "nameConstraints", critical: true }],
    ["2.5.29.35", { name: "authorityKeyIdentifier", critical: false }],
    ["2.5.29.36", { name: "policyConstraints", critical: true }],
    ["2.5.29.46", { name: "freshestCRL", critical: false }],
    ["2.5.29.54", { name: "inhibitAnyPolicy", critical: true }],
    ["1.3.6.1.5.5.7.1.1", { name: "authorityInfoAccess", critical: false }],
    ["1.3.6.1.5.5.7.1.11", { name: "subjectInfoAccess", critical: false }],
  ],
);

/** Extensions that only a CA's certificate may have. */
const FOR_AUTHORITIES: readonly { readonly oid: string; readonly name: string }[] = [
  { oid: "2.5.29.30", name: "nameConstraints" },
  { oid: "2.5.29.33", name: "policyMappings" },
  { oid: "2.5.29.36", name: "policyConstraints" },
  { oid: "2.5.29.54", name: "inhibitAnyPolicy" },
];
