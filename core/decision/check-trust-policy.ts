/**
 * Whether the role's trust policy lets IAM Roles Anywhere assume it, name its source identity and tag its session.
 *
 * @see IAM Roles Anywhere user guide, "Role trusting"
 * @module
 */

import { evaluatePolicy, type PolicyResult, type StatementResult } from "../policy/evaluate-policy.ts";
import type { DecisionContext } from "./decision-context.ts";
import type { TraceInputs, TrustPolicyAction } from "./decision-trace.ts";
import type { RefuseRole, SessionDenial } from "./session-denial.ts";
import type { RoleState } from "./session-state.ts";
import { trustContext, type TrustedSession } from "./trust-context.ts";

/** The service that asks. */
const PRINCIPAL = { type: "Service", value: "rolesanywhere.amazonaws.com" } as const;

/**
 * Asks for each action on its own; every one of them is traced, also behind one that is refused.
 *
 * @throws {SessionDenial} for the first that is not allowed
 */
export function checkTrustPolicy(
  role: RoleState,
  session: TrustedSession,
  context: DecisionContext,
  refuse: RefuseRole,
): void {
  const { rules, trace, nowMs } = context;
  let denial: SessionDenial | undefined;
  for (const action of ACTIONS) {
    if (action === "sts:TagSession" && session.tags.length === 0) {
      trace.skip(action, "the session has no tags");
      continue;
    }
    const result = evaluatePolicy(role.trustPolicy, {
      action,
      principal: PRINCIPAL,
      context: trustContext(action, session, rules, nowMs),
    });
    const detail = explain(action, result);
    const inputs = traceInputs(role, result);
    if (result.outcome === "allow") trace.pass(action, detail, inputs);
    else {
      trace.fail(action, detail, inputs);
      denial ??= refuse(action, detail, inputs);
    }
  }
  if (denial !== undefined) throw denial;
}

const ACTIONS: readonly TrustPolicyAction[] = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"];

function explain(action: TrustPolicyAction, { outcome, deciding, statements }: PolicyResult): string {
  if (deciding !== undefined) {
    const verb = outcome === "allow" ? "allows" : "denies";
    return `${label(deciding)} ${verb} ${action}${because(deciding)}`;
  }
  const reasons = statements.filter(({ statement }) => statement.effect === "Allow").map(whyNot);
  return `no statement allows ${action}${reasons.length === 0 ? "" : `: ${reasons.join("; ")}`}`;
}

function because({ conditions }: StatementResult): string {
  return conditions.length === 0 ? ", without conditions" : `: ${conditions.map(({ detail }) => detail).join(" ")}`;
}

function whyNot(result: StatementResult): string {
  if (result.mismatch !== "condition") return `${label(result)} is about another ${result.mismatch}`;
  const unmet = result.conditions.filter(({ outcome }) => outcome === "unmet");
  return `${label(result)}: ${unmet.map(({ detail }) => detail).join(" ")}`;
}

/** `statement 1 "Sid"`: as people count. */
function label({ statement: { index, sid } }: StatementResult): string {
  return `statement ${index + 1}${sid === undefined ? "" : ` "${sid}"`}`;
}

function traceInputs({ arn }: RoleState, { outcome, deciding }: PolicyResult): TraceInputs {
  const common = { roleArn: arn, principal: PRINCIPAL.value, outcome };
  if (deciding === undefined) return common;
  const { statement, conditions } = deciding;
  return { ...common, statement: statement.pointer, conditions: conditions.map(({ pointer }) => pointer) };
}
