/**
 * Policies against a request: an explicit deny wins, then an allow, else the request is denied implicitly.
 *
 * A statement applies when its principal, action and resource match and every condition is met. Statements after the
 * deciding one are evaluated as well, so that the result explains all of them.
 *
 * @see IAM user guide, "Policy evaluation logic"
 * @module
 */

import { matchesResource } from "./arn-pattern.ts";
import { type ConditionResult, evaluateCondition } from "./evaluate-condition.ts";
import type { PolicyDocument, PolicyStatement, PolicyVersion, StatementPatterns } from "./policy-document.ts";
import { expandVariables } from "./policy-variable.ts";
import { matchesPrincipals, type RequestPrincipal } from "./principal.ts";
import type { RequestContext } from "./request-context.ts";
import { isLike } from "./wildcard.ts";

/** What is asked. */
export interface PolicyRequest {
  /** `sts:AssumeRole`; case does not matter. */
  readonly action: string;
  /** ARN of what it is done to. Without one, only statements about `*` apply. */
  readonly resource?: string;
  /** Who asks; trust policies look at it. */
  readonly principal?: RequestPrincipal;
  /** What else is known. */
  readonly context: RequestContext;
}

/** How a statement came out. */
export interface StatementResult {
  /** The statement. */
  readonly statement: PolicyStatement;
  /** Whether it applies. */
  readonly applies: boolean;
  /** The first element that did not match, in the order of this type. */
  readonly mismatch?: "principal" | "action" | "resource" | "condition";
  /** Every condition, also of a statement that another element keeps from applying. */
  readonly conditions: readonly ConditionResult[];
}

/** How one or more policies came out. */
export interface PolicyResult {
  /** The answer. */
  readonly outcome: "allow" | "explicit-deny" | "implicit-deny";
  /** The deny or the allow that decides: the first of its kind. */
  readonly deciding?: StatementResult;
  /** Every statement, in order. */
  readonly statements: readonly StatementResult[];
  /** Which policy the deciding statement is of, from 0; undefined without one. */
  readonly policyIndex?: number;
}

/** How several policies came out, taken together. */
export interface PoliciesResult extends PolicyResult {
  /** Each policy for itself. */
  readonly policies: readonly PolicyResult[];
}

/**
 * Evaluates a policy.
 *
 * @example
 * ```ts
 * import { evaluatePolicy, parsePolicy, requestContext } from "anyrole/policy";
 *
 * export function mayAssume(trustPolicy: string, anchorArn: string): boolean {
 *   const { outcome } = evaluatePolicy(parsePolicy(trustPolicy, "trust"), {
 *     action: "sts:AssumeRole",
 *     principal: { type: "Service", value: "rolesanywhere.amazonaws.com" },
 *     context: requestContext([["aws:SourceArn", anchorArn]]),
 *   });
 *   return outcome === "allow";
 * }
 * ```
 */
export function evaluatePolicy(document: PolicyDocument, request: PolicyRequest): PolicyResult {
  const statements = document.statements.map((one) => evaluateStatement(one, document.version, request));
  const deny = statements.find((one) => one.applies && one.statement.effect === "Deny");
  const deciding = deny ?? statements.find((one) => one.applies);
  if (deciding === undefined) return { outcome: "implicit-deny", statements };
  return { outcome: deny === undefined ? "allow" : "explicit-deny", deciding, statements, policyIndex: 0 };
}

/** Evaluates policies as if they were one: of one identity, say. No policy at all denies implicitly. */
export function evaluatePolicies(documents: readonly PolicyDocument[], request: PolicyRequest): PoliciesResult {
  const policies = documents.map((document) => evaluatePolicy(document, request));
  const statements = policies.flatMap((policy) => policy.statements);
  const denying = policies.findIndex((policy) => policy.outcome === "explicit-deny");
  const policyIndex = denying >= 0 ? denying : policies.findIndex((policy) => policy.outcome === "allow");
  const decider = policies[policyIndex];
  if (decider?.deciding === undefined) return { outcome: "implicit-deny", statements, policies };
  return { outcome: decider.outcome, deciding: decider.deciding, statements, policyIndex, policies };
}

function evaluateStatement(
  statement: PolicyStatement,
  version: PolicyVersion,
  request: PolicyRequest,
): StatementResult {
  const conditions = statement.conditions.map((one) => evaluateCondition(one, version, request.context));
  const mismatch = findMismatch(statement, version, request, conditions);
  return mismatch === undefined
    ? { statement, applies: true, conditions }
    : { statement, applies: false, mismatch, conditions };
}

function findMismatch(
  { principals, actions, resources }: PolicyStatement,
  version: PolicyVersion,
  request: PolicyRequest,
  conditions: readonly ConditionResult[],
): StatementResult["mismatch"] {
  if (principals !== undefined && !matchesPrincipals(principals, request.principal)) return "principal";
  if (!matchesAction(actions, request.action)) return "action";
  if (resources !== undefined && !matchesResources(resources, version, request)) return "resource";
  return conditions.some(({ outcome }) => outcome === "unmet") ? "condition" : undefined;
}

function matchesAction({ patterns, negated }: StatementPatterns, action: string): boolean {
  const found = patterns.some((pattern) =>
    pattern === action || isLike([{ text: pattern.toLowerCase(), literal: false }], action.toLowerCase())
  );
  return found !== negated;
}

/** A pattern with a variable that has no value matches no resource, in `NotResource` as well. */
function matchesResources(
  { patterns, negated }: StatementPatterns,
  version: PolicyVersion,
  request: PolicyRequest,
): boolean {
  const found = patterns.some((pattern) => {
    const parts = expandVariables(pattern, version, request.context);
    return parts !== undefined && matchesResource(parts, request.resource ?? "*");
  });
  return found !== negated;
}
