/**
 * X.509 certificates and revocation lists (RFC 5280): strict reading, nothing decoded before it is asked for.
 *
 * {@link parseCertificate} checks the outer structure; a field or an extension is read, and found malformed, when it is
 * asked for. {@link checkCertificate} and {@link checkCertificateRevocationList} read everything at once.
 * {@link readCertificates} and {@link readCertificateRevocationLists} read files, PEM or DER, with limits.
 *
 * A {@link CertificateRevocationList} holds its octets and makes entries only when they are asked for; `find` walks
 * them, {@link indexRevocationList} makes an index for many look-ups. Lists too large to be held are streamed by
 * `streamedList` of the entry point `path`.
 *
 * Signatures, validity and trust are no business of this module: they are that of `path`.
 *
 * @example
 * ```ts
 * import { nameText, readCertificates } from "anyrole/x509";
 *
 * export function printCertificates(pem: string): void {
 *   for (const { serialNumberDecimal, subject, notAfter } of readCertificates(pem)) {
 *     console.log(serialNumberDecimal, nameText(subject), new Date(notAfter).toISOString());
 *   }
 * }
 * ```
 *
 * @module
 */

export { CertificateError, type CertificateErrorCode, type CertificateErrorContext } from "./certificate-error.ts";
export { CertificateFields, MAX_CERTIFICATE_LENGTH, readCertificateFields } from "./certificate-fields.ts";
export type { SignedStructure } from "./signed-structure.ts";
export type { BitString } from "../der/bit-string.ts";
export type { DerCursor } from "../der/cursor.ts";
export type { DerReader } from "../der/reader.ts";
export { Certificate, parseCertificate } from "./certificate.ts";
export {
  type CertificateRequest,
  MAX_CERTIFICATE_REQUEST_LENGTH,
  parseCertificateRequest,
} from "./certificate-request.ts";
export { checkCertificate } from "./check-certificate.ts";
export type { UnknownSignatureAlgorithm } from "../crypto/signature-algorithm-identifier.ts";
export {
  DEFAULT_MAX_CERTIFICATES,
  DEFAULT_MAX_CERTIFICATES_LENGTH,
  readCertificates,
  type ReadCertificatesOptions,
} from "./read-certificates.ts";
export { Name, NameAttribute, parseName, type RelativeDistinguishedName } from "./name.ts";
export { nameText } from "./name-text.ts";
export { helperNameText } from "./helper-name-text.ts";
export type { GeneralName } from "./general-name.ts";
export { Extension, type ExtensionType } from "./extensions/extension.ts";
export type { AccessDescription } from "./extensions/access-description.ts";
export { AUTHORITY_INFORMATION_ACCESS } from "./extensions/authority-information-access.ts";
export { AUTHORITY_KEY_IDENTIFIER, type AuthorityKeyIdentifier } from "./extensions/authority-key-identifier.ts";
export { BASIC_CONSTRAINTS, type BasicConstraints } from "./extensions/basic-constraints.ts";
export {
  ANY_POLICY,
  CERTIFICATE_POLICIES,
  type PolicyInformation,
  type PolicyQualifier,
} from "./extensions/certificate-policies.ts";
export { CRL_DISTRIBUTION_POINTS } from "./extensions/crl-distribution-points.ts";
export type { DistributionPoint, DistributionPointName, ReasonFlag } from "./extensions/distribution-point.ts";
export {
  ANY_EXTENDED_KEY_USAGE,
  CLIENT_AUTH,
  EXTENDED_KEY_USAGE,
  SERVER_AUTH,
} from "./extensions/extended-key-usage.ts";
export { FRESHEST_CRL } from "./extensions/freshest-crl.ts";
export { INHIBIT_ANY_POLICY } from "./extensions/inhibit-any-policy.ts";
export { ISSUER_ALTERNATIVE_NAME } from "./extensions/issuer-alternative-name.ts";
export { KEY_USAGE, KEY_USAGES, type KeyUsage } from "./extensions/key-usage.ts";
export { type GeneralSubtree, NAME_CONSTRAINTS, type NameConstraints } from "./extensions/name-constraints.ts";
export { POLICY_CONSTRAINTS, type PolicyConstraints } from "./extensions/policy-constraints.ts";
export { POLICY_MAPPINGS, type PolicyMapping } from "./extensions/policy-mappings.ts";
export { PRIVATE_KEY_USAGE_PERIOD, type PrivateKeyUsagePeriod } from "./extensions/private-key-usage-period.ts";
export { SUBJECT_ALTERNATIVE_NAME } from "./extensions/subject-alternative-name.ts";
export { SUBJECT_INFORMATION_ACCESS } from "./extensions/subject-information-access.ts";
export { SUBJECT_KEY_IDENTIFIER } from "./extensions/subject-key-identifier.ts";
export {
  CertificateRevocationList,
  MAX_CRL_LENGTH,
  parseCertificateRevocationList,
} from "./crl/certificate-revocation-list.ts";
export { EntryScanner } from "./crl/entry-scanner.ts";
export { EntrySearch, type EntrySearchResult } from "./crl/entry-search.ts";
export type { RevocationListFields, RevocationListHeader } from "./crl/revocation-list-fields.ts";
export { indexRevocationList, RevocationListIndex } from "./crl/revocation-list-index.ts";
export { MAX_CRLS, readCertificateRevocationLists } from "./crl/read-revocation-lists.ts";
export { checkCertificateRevocationList } from "./crl/check-certificate-revocation-list.ts";
export { RevokedCertificate } from "./crl/revoked-certificate.ts";
export { CERTIFICATE_ISSUER } from "./extensions/certificate-issuer.ts";
export { CRL_NUMBER } from "./extensions/crl-number.ts";
export { DELTA_CRL_INDICATOR } from "./extensions/delta-crl-indicator.ts";
export { INVALIDITY_DATE } from "./extensions/invalidity-date.ts";
export { ISSUING_DISTRIBUTION_POINT, type IssuingDistributionPoint } from "./extensions/issuing-distribution-point.ts";
export { REASON_CODE, type ReasonCode } from "./extensions/reason-code.ts";
