/**
 * Certification paths: from an end-entity certificate to a trust anchor (RFC 5280 §6, RFC 4158, RFC 9618).
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

export { type AlgorithmPolicy, DEFAULT_ALGORITHM_POLICY } from "./algorithm-policy.ts";
export { DEFAULT_PATH_LIMITS, type PathLimits } from "./budget.ts";
export { CONFORMING_ISSUER_PROFILE } from "./conforming-issuer-profile.ts";
export { DEFAULT_MAX_CACHED_KEYS, KeyCache } from "./key-cache.ts";
export { matchesServer } from "./name-matching/server-identity.ts";
export { PathError, type PathErrorCode, type PathErrorContext } from "./path-error.ts";
export type { ExplainedRefusal, PathExplanation } from "./path-explanation.ts";
export type { PathProfile } from "./path-profile.ts";
export { DEFAULT_POLICY_INPUTS, type PolicyInputs, type ValidPolicies } from "./policies/policy-inputs.ts";
export { crlChecker, type CrlCheckerOptions } from "./revocation/crl-checker.ts";
export type {
  CertificateIssuer,
  GoodStatus,
  RevocationChecker,
  RevocationContext,
  RevocationStatus,
  RevokedStatus,
  UnknownStatus,
  UnknownStatusCode,
  ValidateSigner,
} from "./revocation/revocation-checker.ts";
export { type StreamedList, streamedList } from "./revocation/streamed-list.ts";
export {
  endEntityFindings,
  endEntityWarnings,
  type ProfileFinding,
  ROLES_ANYWHERE_PROFILE,
} from "./roles-anywhere-profile.ts";
export { type TrustAnchor, trustAnchor } from "./trust-anchor.ts";
export type { CryptoProvider } from "../crypto/provider.ts";
export type { Certificate } from "../x509/certificate.ts";
export type { CertificateRevocationList } from "../x509/crl/certificate-revocation-list.ts";
export type { OctetSource } from "../x509/crl/octet-source.ts";
export { validatePath } from "./validate-path.ts";
export type { RevocationChoice, ValidatePathOptions } from "./validation-options.ts";
export type { VerifiedPath } from "./verified-path.ts";
