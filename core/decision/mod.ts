/**
 * The decision of IAM Roles Anywhere about a CreateSession request, as a pure function with a trace of every check.
 *
 * Limits of this version: trust policies of roles are not evaluated, revocation lists are not checked.
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
export type { CryptoProvider } from "../crypto/provider.ts";
export type { Sha256 } from "../crypto/sha256.ts";
export type { AttributeMapping, SessionTag, UnmappedAttribute } from "../policy/attribute-mapping.ts";
export type { Now } from "../ports.ts";
export type { Certificate } from "../x509/certificate.ts";
export { decideSession } from "./decide-session.ts";
export { type DecisionOptions, DEFAULT_CLOCK_WINDOW_SECONDS } from "./decision-options.ts";
export type { CheckName, TraceEntry, TraceInputs } from "./decision-trace.ts";
export type { SessionAllowed, SessionDecision, SessionDenied } from "./session-decision.ts";
export type { SessionDenialCode } from "./session-denial.ts";
export type { SessionRequest } from "./session-request.ts";
export type { ProfileState, RoleState, SessionState, TrustAnchorState } from "./session-state.ts";
