/**
 * The outcome of policies in one sentence: which statement decides, or what keeps the closest one from applying.
 *
 * @module
 */

import type { PolicyRequest, PolicyResult, StatementResult } from "./evaluate-policy.ts";
import type { PolicyStatement } from "./policy-document.ts";

/**
 * Explains the outcome for people.
 *
 * @example
 * ```ts
 * import { evaluatePolicy, explainPolicy, type PolicyDocument, type PolicyRequest } from "anyrole/policy";
 *
 * export function why(document: PolicyDocument, request: PolicyRequest): string {
 *   return explainPolicy(evaluatePolicy(document, request), request);
 * }
 * ```
 */
export function explainPolicy(result: PolicyResult, request: PolicyRequest): string {
  const { deciding, outcome, statements } = result;
  const what = request.resource === undefined ? request.action : `${request.action} on ${request.resource}`;
  if (deciding !== undefined) {
    const verb = outcome === "allow" ? "allows" : "explicitly denies";
    return `${capitalized(nameStatement(deciding.statement))} ${verb} ${what}${grounds(deciding)}.`;
  }
  const closest = closestAllow(statements);
  if (closest === undefined) return `Nothing allows ${what}: there is no Allow statement.`;
  return `Nothing allows ${what}: ${nameStatement(closest.statement)} does not apply, because ${
    obstacle(closest, request)
  }.`;
}

/** `statement "Sid"`, or `statement 1` counted from 1. */
export function nameStatement({ sid, index }: PolicyStatement): string {
  return sid === undefined ? `statement ${index + 1}` : `statement "${sid}"`;
}

function grounds({ conditions }: StatementResult): string {
  if (conditions.length === 0) return " without a condition";
  return conditions.length === 1 ? ", its condition is met" : `, its ${conditions.length} conditions are met`;
}

/** The Allow statement that comes furthest; of several that lack conditions only, the one that lacks fewest. */
function closestAllow(statements: readonly StatementResult[]): StatementResult | undefined {
  let closest: StatementResult | undefined;
  for (const one of statements) {
    if (one.statement.effect !== "Allow") continue;
    if (closest === undefined || distance(one) < distance(closest)) closest = one;
  }
  return closest;
}

function distance({ mismatch, conditions }: StatementResult): number {
  const steps = mismatch === undefined ? 0 : ELEMENTS.length - ELEMENTS.indexOf(mismatch);
  const unmet = conditions.filter(({ outcome }) => outcome === "unmet").length;
  return steps + unmet / (conditions.length + 1);
}

function obstacle({ mismatch, statement, conditions }: StatementResult, request: PolicyRequest): string {
  switch (mismatch) {
    case "principal": {
      const { principal } = request;
      const who = principal === undefined ? "an anonymous caller" : `${principal.type} ${principal.value}`;
      return `its ${statement.principals?.negated === true ? "NotPrincipal" : "Principal"} leaves out ${who}`;
    }
    case "action":
      return `its ${statement.actions.negated ? "NotAction" : "Action"} leaves out ${request.action}`;
    case "resource": {
      const element = statement.resources?.negated === true ? "NotResource" : "Resource";
      return `its ${element} leaves out ${request.resource ?? "requests without a resource"}`;
    }
    default: {
      const unmet = conditions.filter(({ outcome }) => outcome === "unmet");
      const more = unmet.length > 1 ? ` (and ${unmet.length - 1} more)` : "";
      return `${unmet[0]?.detail.replace(/\.$/, "") ?? "it does not match"}${more}`;
    }
  }
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

const ELEMENTS = ["principal", "action", "resource", "condition"] as const;
