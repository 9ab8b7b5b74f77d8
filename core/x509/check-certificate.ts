/**
 * Everything that `parseCertificate` leaves for later, at once.
 *
 * @module
 */

import { DerError } from "../der/der-error.ts";
import type { Certificate } from "./certificate.ts";
import { AUTHORITY_INFORMATION_ACCESS } from "./extensions/authority-information-access.ts";
import { AUTHORITY_KEY_IDENTIFIER } from "./extensions/authority-key-identifier.ts";
import { BASIC_CONSTRAINTS } from "./extensions/basic-constraints.ts";
import { CERTIFICATE_POLICIES } from "./extensions/certificate-policies.ts";
import { CRL_DISTRIBUTION_POINTS } from "./extensions/crl-distribution-points.ts";
import { EXTENDED_KEY_USAGE } from "./extensions/extended-key-usage.ts";
import type { ExtensionType } from "./extensions/extension.ts";
import { FRESHEST_CRL } from "./extensions/freshest-crl.ts";
import { INHIBIT_ANY_POLICY } from "./extensions/inhibit-any-policy.ts";
import { ISSUER_ALTERNATIVE_NAME } from "./extensions/issuer-alternative-name.ts";
import { KEY_USAGE } from "./extensions/key-usage.ts";
import { NAME_CONSTRAINTS } from "./extensions/name-constraints.ts";
import { POLICY_CONSTRAINTS } from "./extensions/policy-constraints.ts";
import { POLICY_MAPPINGS } from "./extensions/policy-mappings.ts";
import { PRIVATE_KEY_USAGE_PERIOD } from "./extensions/private-key-usage-period.ts";
import { SUBJECT_ALTERNATIVE_NAME } from "./extensions/subject-alternative-name.ts";
import { SUBJECT_INFORMATION_ACCESS } from "./extensions/subject-information-access.ts";
import { SUBJECT_KEY_IDENTIFIER } from "./extensions/subject-key-identifier.ts";
import { isMalformedText, type Name } from "./name.ts";

/**
 * Decodes every field and every extension that is known, and demands that the text of both names is sound. The public
 * key is left alone: kinds of keys that are not supported are no fault of the certificate.
 *
 * @throws {DerError} for the first field that is malformed
 * @throws {CertificateError} `ERR_CERTIFICATE_DUPLICATE_EXTENSION`
 */
export function checkCertificate(certificate: Certificate): void {
  checkText(certificate, certificate.issuer, "tbsCertificate.issuer");
  checkText(certificate, certificate.subject, "tbsCertificate.subject");
  void certificate.notBefore;
  void certificate.signatureAlgorithm;
  for (const type of CERTIFICATE_EXTENSIONS) certificate.decode(type);
}

function checkText(certificate: Certificate, name: Name, reading: string): void {
  const malformed = name.rdns.flat().find(isMalformedText);
  if (malformed !== undefined) {
    throw new DerError(
      "ERR_DER_VALUE",
      reading,
      malformed.value.byteOffset - certificate.der.byteOffset,
      `the text of attribute ${malformed.oid} breaks the rules of its string type`,
    );
  }
}

const CERTIFICATE_EXTENSIONS: readonly ExtensionType<unknown>[] = [
  BASIC_CONSTRAINTS,
  KEY_USAGE,
  EXTENDED_KEY_USAGE,
  SUBJECT_ALTERNATIVE_NAME,
  ISSUER_ALTERNATIVE_NAME,
  SUBJECT_KEY_IDENTIFIER,
  AUTHORITY_KEY_IDENTIFIER,
  NAME_CONSTRAINTS,
  CERTIFICATE_POLICIES,
  POLICY_MAPPINGS,
  POLICY_CONSTRAINTS,
  INHIBIT_ANY_POLICY,
  CRL_DISTRIBUTION_POINTS,
  FRESHEST_CRL,
  AUTHORITY_INFORMATION_ACCESS,
  SUBJECT_INFORMATION_ACCESS,
  PRIVATE_KEY_USAGE_PERIOD,
];
