/**
 * Choosing a certificate out of many: the selector language of the AWS credential helper, matching, choosing, and the
 * chain that belongs to the one chosen.
 *
 * Names are compared in the helper's canonical form, to the letter, and in the spellings of RFC 4514, OpenSSL and
 * Windows.
 *
 * @example
 * ```ts
 * import { chooseCertificate, parseCertificateSelector } from "anyrole/selection";
 * import { readCertificates } from "anyrole/x509";
 *
 * export function serialNumberOf(bundle: string): string {
 *   const candidates = readCertificates(bundle).map((certificate) => ({ certificate }));
 *   const selector = parseCertificateSelector("Key=x509Subject,Value=CN=edge-7,O=Example,C=US");
 *   return chooseCertificate(candidates, selector, "latest-expiring").certificate.serialNumberHex;
 * }
 * ```
 *
 * @module
 */

export {
  type CertificateSelector,
  EVERY_CERTIFICATE,
  parseCertificateSelector,
  parseSelectorFile,
  selectorFilePath,
} from "./certificate-selector.ts";
export { type Candidate, chooseCertificate, matchesSelector } from "./choose-certificate.ts";
export { arrangeIssuers } from "./arrange-issuers.ts";
export { fitsSpelling, type NameSpelling, readNameSpelling, type SpelledAttribute } from "./name-spelling.ts";
export { SelectionError, type SelectionErrorCode } from "./selection-error.ts";
export type { ErrorContext } from "../base-error.ts";
export { BaseError } from "../base-error.ts";
export type { Bytes } from "../bytes/bytes.ts";
export type { CryptoProvider } from "../crypto/provider.ts";
export type { Certificate } from "../x509/certificate.ts";
export type { Name } from "../x509/name.ts";
