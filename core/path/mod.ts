/**
 * Certification paths: from an end-entity certificate to a trust anchor (RFC 5280 §6).
 *
 * This version processes neither name constraints nor policies nor revocation: a certificate with name constraints,
 * policy constraints or another critical extension of that kind is refused.
 *
 * @example
 * ```ts
 * import { validatePath, type VerifiedPath } from "anyrole/path";
 * import { webCryptoProvider } from "anyrole/sign";
 * import { readCertificates } from "anyrole/x509";
 *
 * export async function verify(chainPem: string, anchorPem: string): Promise<VerifiedPath> {
 *   const [endEntity, ...intermediates] = readCertificates(chainPem);
 *   return await validatePath(endEntity!, {
 *     anchors: readCertificates(anchorPem),
 *     intermediates,
 *     time: Date.now(),
 *     crypto: webCryptoProvider(),
 *     revocation: "skip",
 *   });
 * }
 * ```
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
