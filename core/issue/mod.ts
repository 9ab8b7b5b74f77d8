/**
 * Issuing certificates, certification requests and revocation lists with any Signer.
 *
 * @example A certificate that signs itself
 * ```ts
 * import { basicConstraintsExtension, issueCertificate, keyUsageExtension, type NameTemplate } from "anyrole/issue";
 * import { ECDSA_SHA256, webCryptoProvider } from "anyrole/sign";
 *
 * const crypto = webCryptoProvider();
 * const key = await crypto.generatePrivateKey({ type: "ec", curve: "P-256" });
 * const signer = await crypto.importPrivateKey(key, ECDSA_SHA256);
 * const name: NameTemplate = [{ type: "O", value: "Example" }, { type: "CN", value: "Example CA" }];
 * const certificate = await issueCertificate({
 *   serialNumber: 7n,
 *   issuer: name,
 *   subject: name,
 *   notBefore: Date.UTC(2026, 0, 1),
 *   notAfter: Date.UTC(2027, 0, 1),
 *   publicKey: signer.publicKey,
 *   extensions: [basicConstraintsExtension({ ca: true }), keyUsageExtension(["keyCertSign", "cRLSign"])],
 * }, signer);
 * console.log(certificate.length);
 * ```
 *
 * @module
 */

export { type CertificateTemplate, issueCertificate } from "./certificate-issuing.ts";
export { type CertificateRequestTemplate, issueCertificateRequest } from "./certificate-request.ts";
export {
  issueRevocationList,
  type RevocationListTemplate,
  type RevokedCertificateTemplate,
} from "./revocation-list-issuing.ts";
export {
  authorityKeyIdentifierExtension,
  basicConstraintsExtension,
  crlDistributionPointsExtension,
  crlNumberExtension,
  extendedKeyUsageExtension,
  type ExtensionTemplate,
  issuingDistributionPointExtension,
  keyUsageExtension,
  nameConstraintsExtension,
  reasonCodeExtension,
  subjectAlternativeNameExtension,
  subjectKeyIdentifierExtension,
} from "./extension-encoding.ts";
export type { GeneralNameTemplate } from "./general-name-encoding.ts";
export { keyIdentifier } from "./key-identifier.ts";
export { type AttributeTemplate, encodeName, type NameTemplate } from "./name-encoding.ts";
