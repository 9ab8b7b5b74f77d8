import { evaluatePolicy, parsePolicy, requestContext } from "../../../core/policy/mod.ts";
import { assert, assertNone, suite } from "../../support/suite.ts";
import type { ConditionRow } from "./cases/condition-row.ts";
import { POLICY_CASES, type PolicyCase } from "./cases/policies.ts";
import { SET_CONDITIONS } from "./cases/set-conditions.ts";
import { STRING_CONDITIONS } from "./cases/string-conditions.ts";
import { VALUE_CONDITIONS } from "./cases/value-conditions.ts";
import { naiveOutcome } from "./naive-policy.ts";

const test = suite("core/policy/evaluate-cases");

/** The row as a policy that allows when the condition is met. */
function caseOfRow([shows, operator, wanted, actual, met, context = {}]: ConditionRow): PolicyCase {
  const statement = {
    Effect: "Allow",
    Action: "test:Do",
    Resource: "*",
    Condition: { [operator]: { "test:Key": wanted } },
  };
  return {
    shows,
    kind: "permissions",
    policy: { Version: "2012-10-17", Statement: statement },
    action: "test:Do",
    context: actual === undefined ? context : { ...context, "test:Key": actual },
    outcome: met ? "allow" : "implicit-deny",
  };
}

function documentOf(one: PolicyCase): object {
  return "Statement" in one.policy ? one.policy : { Statement: one.policy };
}

const CASES = [...[...STRING_CONDITIONS, ...SET_CONDITIONS, ...VALUE_CONDITIONS].map(caseOfRow), ...POLICY_CASES];

test("evaluatePolicy() gives every case of the table its outcome", () => {
  assert.ok(CASES.length >= 150, `${CASES.length} cases`);
  assert.is(new Set(CASES.map(({ shows }) => shows)).size, CASES.length, "each case shows something of its own");
  const faults: string[] = [];
  for (const one of CASES) {
    const { action, resource, principal, context = {} } = one;
    const { outcome } = evaluatePolicy(parsePolicy(documentOf(one), one.kind), {
      action,
      ...(resource === undefined ? {} : { resource }),
      ...(principal === undefined ? {} : { principal }),
      context: requestContext(Object.entries(context)),
    });
    if (outcome !== one.outcome) faults.push(`${one.shows}: ${outcome}, not ${one.outcome}`);
  }
  assertNone(faults);
});

test("evaluatePolicy() is checked against an evaluator that gives the cases the same outcomes", () => {
  const faults: string[] = [];
  for (const one of CASES) {
    const { action, resource, principal, context = {} } = one;
    const outcome = naiveOutcome(documentOf(one), { action, resource, principal, context });
    if (outcome !== one.outcome) faults.push(`${one.shows}: ${outcome}, not ${one.outcome}`);
  }
  assertNone(faults);
});

test.run();
