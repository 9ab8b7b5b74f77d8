/**
 * What a session may do: what the role's policies allow and, if the session was given policies of its own, those as
 * well, unless any of them denies.
 *
 * Session policies, inline and managed, are one set: one of them must allow. They never add a right. Permissions
 * boundaries, service control policies and resource policies are not looked at.
 *
 * @see IAM user guide, "Policies and permissions in IAM", Session policies; "Policy evaluation logic"
 * @module
 */

import { evaluatePolicies, type PoliciesResult, type PolicyRequest } from "./evaluate-policy.ts";
import { explainPolicy } from "./explain.ts";
import type { PolicyDocument, PolicyStatement } from "./policy-document.ts";

/** A policy and what it is called. */
export interface NamedPolicy {
  /** Name of an inline policy, or the ARN of a managed one. */
  readonly name: string;
  /** The policy; of kind `permissions`. */
  readonly document: PolicyDocument;
}

/** Where a session's permissions come from. */
export interface PermissionSources {
  /** Policies of the role. */
  readonly rolePolicies: readonly NamedPolicy[];
  /** Policies that the session was given, inline and managed; empty: none apply, and the role's decide alone. */
  readonly sessionPolicies: readonly NamedPolicy[];
}

/** The statement that decides. */
export interface DecidingStatement {
  /** Name of its policy. */
  readonly policy: string;
  /** The statement. */
  readonly statement: PolicyStatement;
  /** Whose policy it is. */
  readonly source: "role" | "session";
}

/** Whether a session may. */
export interface PermissionDecision {
  /** The answer. */
  readonly outcome: "allow" | "explicit-deny" | "implicit-deny";
  /** The deny, or the role's allow; undefined where nothing allows. */
  readonly decidedBy: DecidingStatement | undefined;
  /** One sentence for the role's policies, and one for the session's if there are any. */
  readonly explanation: readonly string[];
  /** The role's policies. */
  readonly role: PoliciesResult;
  /** The session's policies; undefined without any. */
  readonly session: PoliciesResult | undefined;
}

/**
 * Decides whether a session may do a thing.
 *
 * @throws {TypeError} when one of the policies is a trust policy
 *
 * @example
 * ```ts
 * import { decidePermission, parsePolicy, requestContext } from "anyrole/policy";
 *
 * const s3 = parsePolicy({ Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" } }, "permissions");
 * const read = parsePolicy({ Statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "*" } }, "permissions");
 *
 * export const { outcome } = decidePermission(
 *   { rolePolicies: [{ name: "s3", document: s3 }], sessionPolicies: [{ name: "read", document: read }] },
 *   { action: "s3:PutObject", resource: "arn:aws:s3:::bucket/key", context: requestContext([]) },
 * );
 * ```
 */
export function decidePermission(sources: PermissionSources, request: PolicyRequest): PermissionDecision {
  const role = evaluate(sources.rolePolicies, request);
  const session = sources.sessionPolicies.length === 0 ? undefined : evaluate(sources.sessionPolicies, request);
  const explanation = [explain("Role", sources.rolePolicies, role, request)];
  if (session !== undefined) explanation.push(explain("Session", sources.sessionPolicies, session, request));
  const roleStatement = decidingStatement("role", sources.rolePolicies, role);
  const rest = { explanation, role, session };
  if (role.outcome === "explicit-deny") return { outcome: "explicit-deny", decidedBy: roleStatement, ...rest };
  if (session?.outcome === "explicit-deny") {
    const decidedBy = decidingStatement("session", sources.sessionPolicies, session);
    return { outcome: "explicit-deny", decidedBy, ...rest };
  }
  const allowed = role.outcome === "allow" && (session === undefined || session.outcome === "allow");
  if (!allowed) return { outcome: "implicit-deny", decidedBy: undefined, ...rest };
  return { outcome: "allow", decidedBy: roleStatement, ...rest };
}

function evaluate(policies: readonly NamedPolicy[], request: PolicyRequest): PoliciesResult {
  for (const { name, document } of policies) {
    if (document.kind !== "permissions") throw new TypeError(`Policy "${name}" must be of kind "permissions"`);
  }
  return evaluatePolicies(policies.map(({ document }) => document), request);
}

function decidingStatement(
  source: "role" | "session",
  policies: readonly NamedPolicy[],
  { policyIndex, deciding }: PoliciesResult,
): DecidingStatement | undefined {
  if (policyIndex === undefined || deciding === undefined) return undefined;
  return { policy: policies[policyIndex]!.name, statement: deciding.statement, source };
}

function explain(
  whose: "Role" | "Session",
  policies: readonly NamedPolicy[],
  result: PoliciesResult,
  request: PolicyRequest,
): string {
  const name = result.policyIndex === undefined ? undefined : policies[result.policyIndex]!.name;
  const label = name === undefined ? `${whose} policies` : `${whose} policy "${name}"`;
  return `${label}: ${explainPolicy(result, request)}`;
}
