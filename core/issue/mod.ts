/**
 * Issuing certificates, certification requests and revocation lists with any Signer.
 *
 * ```ts
 * import { issueCertificate, keyUsageExtension } from "@anyrole/anyrole/issue";
 * import type { Signer } from "@anyrole/anyrole/sign";
 *
 * declare const authority: Signer;
 * declare const subjectPublicKeyInfo: Uint8Array<ArrayBuffer>;
 * const der = await issueCertificate({
 *   serialNumber: 7n,
 *   issuer: [{ type: "O", value: "Example" }, { type: "CN", value: "Example CA" }],
 *   subject: [{ type: "CN", value: "edge-7" }],
 *   notBefore: Date.UTC(2026, 0, 1),
 *   notAfter: Date.UTC(2027, 0, 1),
 *   publicKey: subjectPublicKeyInfo,
 *   extensions: [keyUsageExtension(["digitalSignature"])],
 * }, authority);
 * console.log(der.length);
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
  crlNumberExtension,
  extendedKeyUsageExtension,
  type ExtensionTemplate,
  keyUsageExtension,
  nameConstraintsExtension,
  subjectAlternativeNameExtension,
  subjectKeyIdentifierExtension,
} from "./extension-encoding.ts";
export type { GeneralNameTemplate } from "./general-name-encoding.ts";
export { keyIdentifier } from "./key-identifier.ts";
export { type AttributeTemplate, encodeName, type NameTemplate } from "./name-encoding.ts";
