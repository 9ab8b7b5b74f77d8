/**
 * The decision of IAM Roles Anywhere about a CreateSession request, as a pure function with a trace.
 *
 * Where the service's behaviour is not public the trace entry names the assumption, and `DecisionRules` settle it
 * otherwise where that makes a difference.
 *
 * @module
 */

import { encodeUtf8 } from "../bytes/text.ts";
import type { Certificate } from "../x509/certificate.ts";
import { assumeRole } from "./assume-role.ts";
import { type AuthenticatedRequest, authenticateRequest, importVerifier } from "./authenticate-request.ts";
import { readable, refuseLongChain } from "./certificate-headers.ts";
import { checkTrust } from "./check-trust.ts";
import type { DecisionContext } from "./decision-context.ts";
import { checkDecisionOptions, type DecisionOptions, resolveRules } from "./decision-options.ts";
import { type CheckName, TraceRecorder } from "./decision-trace.ts";
import { findProfile } from "./find-profile.ts";
import type { SessionDecision, TrustedCertificate } from "./session-decision.ts";
import { SessionDenial } from "./session-denial.ts";
import { parseSessionParameters, type SessionParameters } from "./session-parameters.ts";
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
  return await decide(state, options, async (context) => {
    const parameters = readParameters(request.query, request.body, context);
    return { parameters, ...await authenticateRequest(request, parameters, context) };
  });
}

/** Who would ask for a session, and for which. */
export interface SessionQuestion {
  /** The certificate whose key would sign. */
  readonly certificate: Certificate;
  /** Certificates that would be sent along; default none. */
  readonly chain?: readonly Certificate[];
  /** Parameters of CreateSession by name: `profileArn`, `roleArn`, `trustAnchorArn`, `durationSeconds` and so on. */
  readonly parameters: Readonly<Record<string, unknown>>;
}

/**
 * Decides what the service would say to a request in order from the holder of a certificate: everything but signature,
 * clock and headers is checked. For people who want to know why; who serves requests calls {@link decideSession}.
 *
 * @throws {TypeError} when an option is unknown or has no such value
 * @example
 * ```ts
 * import { type CryptoProvider, explainSession, type SessionQuestion, type SessionState } from "anyrole/decision";
 *
 * export async function explain(question: SessionQuestion, state: SessionState, crypto: CryptoProvider): Promise<void> {
 *   const decision = await explainSession(question, state, { now: Date.now, crypto });
 *   for (const { check, outcome, detail } of decision.trace) console.log(outcome, check, detail);
 * }
 * ```
 */
export async function explainSession(
  question: SessionQuestion,
  state: SessionState,
  options: DecisionOptions,
): Promise<SessionDecision> {
  return await decide(state, options, async (context) => {
    const { certificate, chain = [] } = question;
    const parameters = readParameters("", encodeUtf8(JSON.stringify(question.parameters)), context);
    const { publicKey } = readable(certificate);
    refuseLongChain(chain.length);
    await importVerifier(publicKey, options);
    for (const check of UNSIGNED) context.trace.skip(check, "there is no request, only the question");
    return { parameters, certificate, chain };
  });
}

/** What a request asks for, and who asks. */
interface Asked extends AuthenticatedRequest {
  readonly parameters: SessionParameters;
}

async function decide(
  state: SessionState,
  options: DecisionOptions,
  ask: (context: DecisionContext) => Promise<Asked>,
): Promise<SessionDecision> {
  checkDecisionOptions(options);
  const nowMs = options.now();
  if (!Number.isFinite(nowMs)) throw new TypeError('"now" of decideSession() must answer a number of milliseconds');
  const trace = new TraceRecorder();
  const context: DecisionContext = { options, rules: resolveRules(options), state, nowMs, trace };
  let trusted: TrustedCertificate | undefined;
  try {
    const { parameters, certificate, chain } = await ask(context);
    const trustAnchor = await checkTrust(certificate, chain, parameters, context);
    trusted = { certificate, trustAnchor, parameters };
    const profile = findProfile(parameters, state, trace);
    const session = assumeRole(certificate, parameters, profile, context);
    // The trace is written out when it is read: who only wants the answer does not wait for it.
    return {
      outcome: "allow",
      profile,
      ...trusted,
      ...session,
      get trace() {
        return trace.entries();
      },
    };
  } catch (error) {
    if (!(error instanceof SessionDenial)) throw error;
    trace.refuse(error.check, error.detail, error.inputs);
    const { httpStatus, code, message } = error;
    return {
      outcome: "deny",
      httpStatus,
      code,
      message,
      ...(trusted === undefined ? {} : { trusted }),
      get trace() {
        return trace.entries();
      },
    };
  }
}

function readParameters(query: string, body: SessionRequest["body"], { trace }: DecisionContext): SessionParameters {
  const parameters = parseSessionParameters(query, body);
  const { profileArn, roleArn, trustAnchorArn } = parameters;
  trace.pass("parameters", "all parameters are well-formed", { profileArn, roleArn, trustAnchorArn });
  return parameters;
}

/** The checks of a request and its signature. */
const UNSIGNED: readonly CheckName[] = [
  "authorization",
  "certificate",
  "chain",
  "algorithm",
  "serial",
  "signed-headers",
  "scope",
  "clock",
  "signature",
];
