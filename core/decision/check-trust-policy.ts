/**
 * Whether the role's trust policy lets IAM Roles Anywhere assume it, name its source identity and tag its session.
 *
 * @see IAM Roles Anywhere user guide, "Role trusting"
 * @module
 */

import { evaluatePolicy, type PolicyRequest, type PolicyResult } from "../policy/evaluate-policy.ts";
import { explainPolicy, nameStatement } from "../policy/explain.ts";
import { adviseTrustPolicy, ROLES_ANYWHERE_PRINCIPAL } from "../policy/trust-policy-advice.ts";
import type { DecisionContext } from "./decision-context.ts";
import type { TraceInputs, TrustPolicyAction } from "./decision-trace.ts";
import type { RefuseRole, SessionDenial } from "./session-denial.ts";
import type { ProfileState, RoleState } from "./session-state.ts";
import { ActionContext, type TrustedSession } from "./trust-context.ts";

/**
 * Asks for each action on its own; every one of them is traced, also behind one that is refused. Where one is refused,
 * or a condition is about something that is not there, so is advice on what can never be there.
 *
 * @throws {SessionDenial} for the first action that is not allowed
 */
export function checkTrustPolicy(
  role: RoleState,
  profile: ProfileState,
  session: TrustedSession,
  context: DecisionContext,
  refuse: RefuseRole,
): void {
  const { rules, trace, nowMs } = context;
  const asked = ACTIONS.filter((action) => action !== "sts:TagSession" || session.tags.length > 0).map((action) => {
    const request: PolicyRequest = {
      action,
      principal: ROLES_ANYWHERE_PRINCIPAL,
      context: new ActionContext(session, nowMs, action, rules),
    };
    return { action, request, result: evaluatePolicy(role.trustPolicy, request) };
  });
  if (asked.some(({ result }) => isDoubtful(result))) advise(role, profile, session, context);
  else trace.pass("trust-policy-advice", "every condition is about something that is there", { roleArn: role.arn });

  let denial: SessionDenial | undefined;
  for (const { action, request, result } of asked) {
    const detail = () => explainPolicy(result, request);
    const inputs = () => traceInputs(role, result);
    if (result.outcome === "allow") trace.pass(action, detail, inputs);
    else {
      trace.fail(action, detail(), inputs());
      denial ??= refuse(action, detail(), inputs());
    }
  }
  if (session.tags.length === 0) trace.skip("sts:TagSession", "the session has no tags");
  if (denial !== undefined) throw denial;
}

const ACTIONS: readonly TrustPolicyAction[] = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"];

/** Whether an action is refused, or a condition asks for what is not there. */
function isDoubtful({ outcome, statements }: PolicyResult): boolean {
  return outcome !== "allow" ||
    statements.some(({ conditions }) => conditions.some(({ actual }) => actual === undefined));
}

function advise(
  { arn, trustPolicy }: RoleState,
  { attributeMappings }: ProfileState,
  { trustAnchorArn, tags }: TrustedSession,
  { trace }: DecisionContext,
): void {
  const advice = adviseTrustPolicy(trustPolicy, { attributeMappings, trustAnchorArn, tags })
    .filter(({ id }) => NEVER_THERE.includes(id));
  if (advice.length === 0) {
    trace.pass("trust-policy-advice", "every condition is about something that can be there", { roleArn: arn });
  }
  for (const { id, severity, pointer, message, advice: remedy } of advice) {
    const inputs = { roleArn: arn, condition: pointer, rule: id, severity };
    trace.pass("trust-policy-advice", message, inputs, remedy);
  }
}

/**
 * Advice that explains an outcome: trust anchors, keys, values and variables that can never be there, and operators
 * that are met when they are not. How wide a policy should be is not a decision's business.
 */
const NEVER_THERE: readonly string[] = [
  "RA005",
  "RA006",
  "RA009",
  "RA010",
  "RA012",
  "RA013",
  "RA014",
  "RA015",
  "RA017",
  "RA020",
];

/** The statement that decides and its conditions; without one, what keeps each Allow statement from applying. */
function traceInputs({ arn }: RoleState, { outcome, deciding, statements }: PolicyResult): TraceInputs {
  const common = { roleArn: arn, principal: ROLES_ANYWHERE_PRINCIPAL.value, outcome };
  if (deciding !== undefined) {
    const { statement, conditions } = deciding;
    return { ...common, statement: statement.pointer, conditions: conditions.map(({ detail }) => detail) };
  }
  const obstacles = statements.filter(({ statement }) => statement.effect === "Allow").flatMap(
    ({ statement, mismatch, conditions }) => {
      const name = nameStatement(statement);
      if (mismatch !== "condition") return [`${name}: another ${mismatch}`];
      return conditions.filter((one) => one.outcome === "unmet").map(({ detail }) => `${name}: ${detail}`);
    },
  );
  return { ...common, conditions: obstacles };
}
