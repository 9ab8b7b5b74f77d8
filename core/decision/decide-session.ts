/**
 * The decision of IAM Roles Anywhere about a CreateSession request, as a pure function with a trace.
 *
 * Where the service's behaviour is not public the trace entry names the assumption, and `DecisionRules` settle it
 * otherwise where that makes a difference.
 *
 * @module
 */

import { assumeRole } from "./assume-role.ts";
import { authenticateRequest } from "./authenticate-request.ts";
import { checkTrust } from "./check-trust.ts";
import type { DecisionContext } from "./decision-context.ts";
import { checkDecisionOptions, type DecisionOptions, resolveRules } from "./decision-options.ts";
import { TraceRecorder } from "./decision-trace.ts";
import { findProfile } from "./find-profile.ts";
import type { SessionDecision } from "./session-decision.ts";
import { SessionDenial } from "./session-denial.ts";
import { parseSessionParameters } from "./session-parameters.ts";
import type { SessionRequest } from "./session-request.ts";
import type { SessionState } from "./session-state.ts";

/**
 * Decides whether the service creates a session.
 *
 * Never throws for what is in the request; rejects when the cryptographic library itself fails.
 *
 * Pure but for `options.memory`, which only remembers. Public: variable time; nothing in a request is a secret.
 *
 * @throws {TypeError} when an option is unknown or has no such value
 * @example
 * ```ts
 * import { type CryptoProvider, decideSession, type SessionRequest, type SessionState } from "anyrole/decision";
 *
 * export async function explain(request: SessionRequest, state: SessionState, crypto: CryptoProvider): Promise<void> {
 *   const decision = await decideSession(request, state, { now: Date.now, crypto });
 *   if (decision.outcome === "allow") return;
 *   console.log(decision.message, decision.trace.find((entry) => entry.outcome === "fail")?.detail);
 * }
 * ```
 */
export async function decideSession(
  request: SessionRequest,
  state: SessionState,
  options: DecisionOptions,
): Promise<SessionDecision> {
  checkDecisionOptions(options);
  const trace = new TraceRecorder();
  const context: DecisionContext = { options, rules: resolveRules(options), state, nowMs: options.now(), trace };
  try {
    const parameters = parseSessionParameters(request.query, request.body);
    trace.pass("parameters", "all parameters are well-formed", {
      profileArn: parameters.profileArn,
      roleArn: parameters.roleArn,
      trustAnchorArn: parameters.trustAnchorArn,
    });
    const { certificate, chain } = await authenticateRequest(request, parameters, context);
    const trustAnchor = await checkTrust(certificate, chain, parameters, context);
    const profile = findProfile(parameters, state, trace);
    const session = assumeRole(certificate, parameters, profile, context);
    return { outcome: "allow", profile, trustAnchor, certificate, ...session, trace: trace.entries() };
  } catch (error) {
    if (!(error instanceof SessionDenial)) throw error;
    trace.refuse(error.check, error.detail, error.inputs);
    const { httpStatus, code, message } = error;
    return { outcome: "deny", httpStatus, code, message, trace: trace.entries() };
  }
}
