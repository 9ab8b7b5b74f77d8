/**
 * Certification paths: from an end-entity certificate to a trust anchor (RFC 5280 §6).
 *
 * ```ts
 * import { validatePath } from "anyrole/path";
 * import { readCertificates } from "anyrole/x509";
 *
 * const path = await validatePath(certificate, {
 *   anchors: readCertificates(anchorPem),
 *   intermediates: readCertificates(chainPem),
 *   time: Date.now(),
 *   crypto: webCryptoProvider(),
 *   revocation: "skip",
 * });
 * ```
 *
 * This version processes neither name constraints nor policies nor revocation: a certificate with name constraints,
 * policy constraints or another critical extension of that kind is refused.
 *
 * @module
 */

export { DEFAULT_PATH_LIMITS, type PathLimits } from "./budget.ts";
export { PathError, type PathErrorCode } from "./path-error.ts";
export type { PathProfile } from "./path-profile.ts";
export {
  endEntityFindings,
  endEntityWarnings,
  type ProfileFinding,
  ROLES_ANYWHERE_PROFILE,
} from "./roles-anywhere-profile.ts";
export type { CryptoProvider } from "../crypto/provider.ts";
export type { Certificate } from "../x509/certificate.ts";
export { validatePath, type ValidatePathOptions } from "./validate-path.ts";
export type { VerifiedPath } from "./verified-path.ts";
