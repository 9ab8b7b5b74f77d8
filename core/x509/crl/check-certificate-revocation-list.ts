/**
 * Everything that `parseCertificateRevocationList` leaves for later, at once.
 *
 * @module
 */

import { AUTHORITY_KEY_IDENTIFIER } from "../extensions/authority-key-identifier.ts";
import { CERTIFICATE_ISSUER } from "../extensions/certificate-issuer.ts";
import { CRL_NUMBER } from "../extensions/crl-number.ts";
import { DELTA_CRL_INDICATOR } from "../extensions/delta-crl-indicator.ts";
import type { ExtensionType } from "../extensions/extension.ts";
import { FRESHEST_CRL } from "../extensions/freshest-crl.ts";
import { INVALIDITY_DATE } from "../extensions/invalidity-date.ts";
import { ISSUER_ALTERNATIVE_NAME } from "../extensions/issuer-alternative-name.ts";
import { ISSUING_DISTRIBUTION_POINT } from "../extensions/issuing-distribution-point.ts";
import { REASON_CODE } from "../extensions/reason-code.ts";
import type { CertificateRevocationList } from "./certificate-revocation-list.ts";

/**
 * Decodes every entry and every extension that is known.
 *
 * @throws {DerError} for the first that is malformed
 * @throws {CertificateError} `ERR_CERTIFICATE_VERSION` or `ERR_CERTIFICATE_DUPLICATE_EXTENSION`
 */
export function checkCertificateRevocationList(list: CertificateRevocationList): void {
  void list.signatureAlgorithm;
  for (const type of LIST_EXTENSIONS) list.decode(type);
  for (const entry of list.entries()) for (const type of ENTRY_EXTENSIONS) entry.decode(type);
}

const LIST_EXTENSIONS: readonly ExtensionType<unknown>[] = [
  AUTHORITY_KEY_IDENTIFIER,
  ISSUER_ALTERNATIVE_NAME,
  CRL_NUMBER,
  DELTA_CRL_INDICATOR,
  ISSUING_DISTRIBUTION_POINT,
  FRESHEST_CRL,
];

const ENTRY_EXTENSIONS: readonly ExtensionType<unknown>[] = [REASON_CODE, INVALIDITY_DATE, CERTIFICATE_ISSUER];
