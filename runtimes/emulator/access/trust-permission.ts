/**
 * Whether a caller may assume a role: what the role's trust policy says, and the caller's own policies.
 *
 * Both must allow, unless the trust policy names the caller itself in the caller's own account: then the policies of
 * the caller's role need not allow, and of the session's only the role as a principal still asks for them. An explicit
 * deny always wins. That `"*"` counts as naming the caller is an assumption.
 *
 * @see IAM user guide, "Policy evaluation logic", Resource-based policies; "AWS JSON policy elements: Principal"
 * @module
 */

import {
  evaluatePolicy,
  explainPolicy,
  parsePolicy,
  type PermissionDecision,
  requestContext,
  type StatementPrincipals,
} from "../../../core/policy/mod.ts";
import {
  accessDenied,
  type AuthorizedCall,
  callerContext,
  type ContextEntry,
  denialReason,
  sessionPermission,
} from "./authorize.ts";
import type { Caller } from "./caller.ts";
import type { Service } from "../service.ts";
import type { RoleRecord } from "../store/records.ts";

/**
 * Lets the caller do an action to a role, or refuses it.
 *
 * @param action `sts:AssumeRole`, `sts:TagSession` or `sts:SetSourceIdentity`
 * @throws {ServiceRefusal} `AccessDenied`
 */
export function authorizeTrusted(
  service: Service,
  call: AuthorizedCall,
  action: string,
  role: RoleRecord,
  context: readonly ContextEntry[],
): void {
  const caller = call.caller!;
  const request = {
    action,
    principal: { type: "AWS" as const, value: caller.arn },
    context: requestContext([...callerContext(service, call), ...context]),
  };
  const trust = evaluatePolicy(parsePolicy(role.assumeRolePolicyDocument, "trust", { maxSize: Infinity }), request);
  service.authorizations.add({
    requestId: call.requestId,
    at: new Date(service.now()).toISOString(),
    principal: caller.arn,
    action,
    resource: role.arn,
    outcome: trust.outcome,
    explanation: [`Trust policy of the role: ${explainPolicy(trust, request)}`],
  });
  // AWS does not say that it was the trust policy.
  if (trust.outcome !== "allow") throw accessDenied(caller, action, role.arn);
  if (caller.session === undefined) return;
  const granted = trust.statements.filter(({ applies, statement }) => applies && statement.effect === "Allow");
  const sameAccount = caller.account === role.arn.split(":")[4];
  const named = sameAccount
    ? granted.map(({ statement }) => grantedTo(statement.principals, caller)).sort(byReach)[0]!
    : "account";
  const decision = sessionPermission(service, call, caller.session, action, role.arn, context);
  if (!suffices(decision, named)) throw accessDenied(caller, action, role.arn, denialReason(decision, action));
}

/** Whom a statement names: the session itself, its role, or no more than its account. */
type Grantee = "session" | "role" | "account";

function grantedTo(principals: StatementPrincipals | undefined, caller: Caller): Grantee {
  const values = principals === undefined || principals.negated ? [] : principals.values.map(({ value }) => value);
  if (values.includes(caller.arn) || values.includes("*")) return "session";
  return values.includes(caller.session!.roleArn) ? "role" : "account";
}

function suffices({ outcome, session }: PermissionDecision, named: Grantee): boolean {
  if (outcome === "explicit-deny") return false;
  if (named === "session") return true;
  return named === "role" ? session === undefined || session.outcome === "allow" : outcome === "allow";
}

function byReach(one: Grantee, other: Grantee): number {
  return GRANTEES.indexOf(one) - GRANTEES.indexOf(other);
}

const GRANTEES: readonly Grantee[] = ["session", "role", "account"];
