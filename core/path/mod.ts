/**
 * Certification paths: from an end-entity certificate to a trust anchor (RFC 5280 §6, RFC 4158, RFC 9618).
 *
 * {@link validatePath} searches and validates at once. It takes intermediates in any order, with strangers, duplicates
 * and loops among them, and anchors that are certificates, self-signed or not, or a name and a key. Checked are
 *
 * - signatures, with keys and hashes that the {@link AlgorithmPolicy} accepts (§6.1.3 (a) (1)), and validity (a) (2);
 * - names: each issuer's subject is the issuer below, compared as §7.1 says (a) (4), and name constraints are kept, for
 *   DNS names, mailboxes, URIs, IP addresses and directory names (b), (c); a constraint on another form of name refuses
 *   certificates that have such a name;
 * - certificate policies with mappings and inhibition, in a graph as RFC 9618 has it (d) to (f), §6.1.4 (a), (b), (h)
 *   to (j), §6.1.5;
 * - the right to issue: basicConstraints, pathLenConstraint, keyUsage (§6.1.4 (k) to (n)); certificates before version 3
 *   cannot have it;
 * - extendedKeyUsage of every certificate and the end entity's keyUsage, where the caller names a purpose or usages;
 * - critical extensions: one that is not processed refuses the path (§6.1.4 (o), §6.1.5 (f));
 * - revocation, when the caller hands in a {@link RevocationChecker}. {@link crlChecker} is one: complete, delta,
 *   partitioned and indirect lists as §6.3 has them, held in memory, indexed or streamed. A list that is expired, not
 *   understood, or signed by nobody who is trusted settles nothing; the caller says what an unknown status means;
 * - what a {@link PathProfile} demands besides: {@link ROLES_ANYWHERE_PROFILE}, {@link CONFORMING_ISSUER_PROFILE}.
 *
 * An anchor's certificate is checked like the others but for its signature, unless {@link trustAnchor} says otherwise.
 *
 * Only the validator makes a {@link VerifiedPath}. A refusal is a {@link PathError} with the most specific reason; on
 * request both tell everything that was tried. The search spends a budget ({@link PathLimits}) of signatures,
 * candidates, path length, comparisons and octets, and ends with `ERR_PATH_BUDGET` when it is spent.
 *
 * Nothing is fetched: no issuers, no lists. There is no OCSP, no certificate transparency, and no name of a server is
 * compared unless the caller calls {@link matchesServer}.
 *
 * @example
 * ```ts
 * import { validatePath, type VerifiedPath } from "anyrole/path";
 * import { webCryptoVerifier } from "anyrole/sign";
 * import { readCertificates } from "anyrole/x509";
 *
 * export async function verify(chainPem: string, anchorPem: string): Promise<VerifiedPath> {
 *   const [endEntity, ...intermediates] = readCertificates(chainPem);
 *   return await validatePath(endEntity!, {
 *     anchors: readCertificates(anchorPem),
 *     intermediates,
 *     time: Date.now(),
 *     crypto: webCryptoVerifier(),
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
export { checkConformingList } from "./revocation/conforming-list.ts";
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
export type { ExaminedList } from "./revocation/examined-list.ts";
export type { ListFacts } from "./revocation/list-facts.ts";
export type { SignatureVerdict } from "./revocation/list-signer.ts";
export type { RevocationListStart } from "../x509/crl/revocation-list-stream.ts";
export {
  endEntityFindings,
  endEntityWarnings,
  type ProfileFinding,
  ROLES_ANYWHERE_PROFILE,
} from "./roles-anywhere-profile.ts";
export { type TrustAnchor, trustAnchor } from "./trust-anchor.ts";
export type { VerifyingProvider } from "../crypto/provider.ts";
export type { Certificate } from "../x509/certificate.ts";
export type { CertificateRevocationList } from "../x509/crl/certificate-revocation-list.ts";
export type { OctetSource } from "../x509/crl/octet-source.ts";
export { validatePath } from "./validate-path.ts";
export type { RevocationChoice, ValidatePathOptions } from "./validation-options.ts";
export type { VerifiedPath } from "./verified-path.ts";
