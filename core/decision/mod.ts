/**
 * The decision of IAM Roles Anywhere about a CreateSession request, as a pure function with a trace of every check.
 *
 * Checked are signature and clock, the path to the trust anchor, its revocation lists, the profile, the role and its
 * trust policy, session policies, and the limits of STS. What is not known about the service is settled by
 * {@link DecisionRules}, of which {@link DECISION_PRESETS} are three sets.
 *
 * @example
 * ```ts
 * import { type CryptoProvider, decideSession, type SessionRequest, type SessionState } from "anyrole/decision";
 *
 * export async function explain(request: SessionRequest, state: SessionState, crypto: CryptoProvider): Promise<void> {
 *   const decision = await decideSession(request, state, { now: Date.now, crypto });
 *   for (const { check, outcome, detail, source } of decision.trace) console.log(outcome, check, detail, source);
 * }
 * ```
 *
 * @module
 */

export type { Bytes } from "../bytes/bytes.ts";
export type { CryptoProvider, VerifyingProvider } from "../crypto/provider.ts";
export type { Sha256 } from "../crypto/sha256.ts";
export type { AttributeMapping, SessionTag, UnmappedAttribute } from "../policy/attribute-mapping.ts";
export type { PolicyDocument } from "../policy/policy-document.ts";
export type { Now } from "../ports.ts";
export type { Certificate } from "../x509/certificate.ts";
export type { CertificateRevocationList } from "../x509/crl/certificate-revocation-list.ts";
export { decideSession, explainSession, type SessionQuestion } from "./decide-session.ts";
export type { SessionPolicy } from "./check-session-policies.ts";
export { DecisionMemory } from "./decision-memory.ts";
export {
  DECISION_PRESETS,
  type DecisionOptions,
  type DecisionPreset,
  type DecisionRules,
  DEFAULT_CLOCK_WINDOW_SECONDS,
} from "./decision-options.ts";
export type { CheckName, TraceEntry, TraceInputs, TrustPolicyAction } from "./decision-trace.ts";
export type { SessionAllowed, SessionDecision, SessionDenied, TrustedCertificate } from "./session-decision.ts";
export type { SessionDenialCode } from "./session-denial.ts";
export type { SessionParameters } from "./session-parameters.ts";
export type { SessionRequest } from "./session-request.ts";
export type {
  ManagedPolicyState,
  ProfileState,
  RevocationListState,
  RoleState,
  SessionState,
  TrustAnchorState,
} from "./session-state.ts";
