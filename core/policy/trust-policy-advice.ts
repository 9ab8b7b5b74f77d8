/**
 * Advice on trust policies of roles that IAM Roles Anywhere assumes: what is too wide, what can never match, and what
 * matches when a tag is missing.
 *
 * The rules are numbered; of RA001 to RA023, those that follow from a trust policy, a mapping and a certificate's tags
 * are here: all but RA023, which compares the policies of several roles.
 *
 * @see IAM Roles Anywhere user guide, "Role trusting" and "Attribute mapping"
 * @module
 */

import { tagOfKey } from "./certificate-tag.ts";
import { adviseCondition } from "./condition-advice.ts";
import { evaluatePolicy, type PolicyRequest } from "./evaluate-policy.ts";
import { nameStatement } from "./explain.ts";
import type { PolicyAdvice, TrustPolicyFacts } from "./policy-advice.ts";
import type { Condition, PolicyDocument, PolicyStatement } from "./policy-document.ts";
import { isEverybody, matchesPrincipals, type RequestPrincipal } from "./principal.ts";
import { requestContext } from "./request-context.ts";

/** The service that assumes roles for certificates. */
export const ROLES_ANYWHERE_PRINCIPAL: RequestPrincipal = {
  type: "Service",
  value: "rolesanywhere.amazonaws.com",
};

/**
 * Advises on a trust policy: the policy as a whole first, then statement by statement.
 *
 * @throws {TypeError} when the policy is no trust policy
 *
 * @example
 * ```ts
 * import { adviseTrustPolicy, DEFAULT_ATTRIBUTE_MAPPINGS, parsePolicy } from "anyrole/policy";
 *
 * export function review(trustPolicy: string): readonly string[] {
 *   const document = parsePolicy(trustPolicy, "trust");
 *   return adviseTrustPolicy(document, { attributeMappings: DEFAULT_ATTRIBUTE_MAPPINGS })
 *     .map(({ id, severity, pointer, message, advice }) => `${id} ${severity} ${pointer}: ${message} ${advice}`);
 * }
 * ```
 */
export function adviseTrustPolicy(document: PolicyDocument, facts: TrustPolicyFacts = {}): readonly PolicyAdvice[] {
  if (document.kind !== "trust") throw new TypeError("The policy must be a trust policy");
  const advice = [...adviseActions(document), ...adviseDuration(facts)];
  const concerned = document.statements.filter(isConcerned);
  const bound = concerned.some((one) => one.effect === "Allow" && one.conditions.some(bindsCertificate));
  for (const statement of concerned) {
    if (statement.effect === "Allow") {
      advice.push(...advisePrincipals(statement), ...adviseActionPatterns(statement), ...adviseScope(statement, bound));
    }
    for (const condition of statement.conditions) {
      advice.push(...adviseCondition(condition, { statement, version: document.version, facts }));
    }
  }
  return advice;
}

/** Whether a statement is about sessions of Roles Anywhere. */
function isConcerned({ principals }: PolicyStatement): boolean {
  return principals !== undefined && matchesPrincipals(principals, ROLES_ANYWHERE_PRINCIPAL);
}

function adviseActions(document: PolicyDocument): PolicyAdvice[] {
  const missing = SESSION_ACTIONS.filter((action) => !document.statements.some((one) => allowsAction(one, action)));
  if (missing.length === 0) return [];
  return [{
    id: "RA007",
    severity: "critical",
    pointer: "",
    message: `No statement allows rolesanywhere.amazonaws.com ${missing.join(" and ")}: CreateSession always fails.`,
    advice: `Allow all three of ${SESSION_ACTIONS.join(", ")}.`,
  }];
}

function adviseDuration({ maxSessionDurationSeconds, profileDurationSeconds }: TrustPolicyFacts): PolicyAdvice[] {
  if (maxSessionDurationSeconds === undefined || profileDurationSeconds === undefined) return [];
  if (maxSessionDurationSeconds >= profileDurationSeconds) return [];
  return [{
    id: "RA022",
    severity: "medium",
    pointer: "",
    message:
      `The role's MaxSessionDuration of ${maxSessionDurationSeconds} s is less than the profile's durationSeconds ` +
      `of ${profileDurationSeconds} s: requests for more than the former fail.`,
    advice: "Raise MaxSessionDuration, or lower the profile's durationSeconds.",
  }];
}

function advisePrincipals({ principals, pointer }: PolicyStatement): PolicyAdvice[] {
  const values = principals?.values ?? [];
  const everybody = values.find(isEverybody);
  if (everybody !== undefined) {
    return [{
      id: "RA018",
      severity: "critical",
      pointer: everybody.pointer,
      message: "The principal is everybody: every AWS account and service may assume the role.",
      advice: 'Write {"Service": "rolesanywhere.amazonaws.com"}.',
    }];
  }
  const others = values.filter(({ type, value }) =>
    type !== ROLES_ANYWHERE_PRINCIPAL.type || value !== ROLES_ANYWHERE_PRINCIPAL.value
  );
  if (others.length === 0) return [];
  return [{
    id: "RA019",
    severity: "high",
    pointer: `${pointer}/Principal`,
    message: `The statement also allows ${others.map(({ value }) => value).join(", ")}: principals are ORed, and ` +
      "conditions on certificates do not fit others.",
    advice: "Give every kind of principal a statement of its own.",
  }];
}

function adviseActionPatterns({ actions }: PolicyStatement): PolicyAdvice[] {
  const wide = actions.negated ? "NotAction" : actions.patterns.find((pattern) => /^(?:\*|sts:\*)$/i.test(pattern));
  if (wide === undefined) return [];
  return [{
    id: "RA021",
    severity: "low",
    pointer: actions.pointer,
    message: `${wide} allows more than the three actions of a session.`,
    advice: `Write ${SESSION_ACTIONS.join(", ")}.`,
  }];
}

/** Whom a statement that allows to assume the role lets in. */
function adviseScope(statement: PolicyStatement, bound: boolean): PolicyAdvice[] {
  if (!allowsAction(statement, "sts:AssumeRole")) return [];
  const { pointer, conditions } = statement;
  const name = nameStatement(statement);
  if (conditions.length === 0) {
    return [{
      id: "RA001",
      severity: "critical",
      pointer,
      message: `In ${name} nothing is asked: any certificate of any trust anchor of the account may assume the role.`,
      advice: "Ask for aws:SourceArn, and for attributes of subject and issuer.",
    }];
  }
  const advice: PolicyAdvice[] = [];
  if (!conditions.some((one) => isRequirement(one) && hasKey(one, "aws:SourceArn"))) {
    advice.push({
      id: "RA002",
      severity: "high",
      pointer,
      message: `In ${name} nothing requires aws:SourceArn: any trust anchor of the account is accepted.`,
      advice: 'Add "ArnEquals": {"aws:SourceArn": "arn:aws:rolesanywhere:REGION:ACCOUNT:trust-anchor/ID"}.',
    });
  }
  if (!conditions.some(bindsCertificate)) {
    advice.push({
      id: bound ? "RA008" : "RA003",
      severity: "high",
      pointer,
      message: bound
        ? `In ${name} sts:AssumeRole is allowed without the condition on the certificate that another statement has.`
        : `In ${name} nothing is asked of the certificate: every one that the trust anchor accepts may assume the role.`,
      advice: "Ask for attributes of subject and issuer, or for sts:SourceIdentity.",
    });
  } else if (bindsField(conditions, /^x509(?:Subject|SAN)\//i) && !bindsField(conditions, /^x509Issuer\//i)) {
    advice.push({
      id: "RA004",
      severity: "medium",
      pointer,
      message:
        `In ${name} nothing is asked of the issuer: if the trust anchor is a root, or has CAs below it, any of ` +
        "them may issue the subject.",
      advice: 'Add "aws:PrincipalTag/x509Issuer/CN".',
    });
  }
  return advice;
}

function bindsField(conditions: readonly Condition[], form: RegExp): boolean {
  return conditions.some((one) => bindsCertificate(one) && form.test(tagOfKey(one.key)?.tag ?? ""));
}

/** Whether the condition can only be met by some certificates. */
function bindsCertificate(condition: Condition): boolean {
  if (!isRequirement(condition) || condition.operator.comparison === "Null") return false;
  return tagOfKey(condition.key)?.attribute !== undefined || hasKey(condition, "sts:SourceIdentity");
}

/** Whether the condition is not met when its key is absent, and asks for some values rather than against some. */
function isRequirement({ operator }: Condition): boolean {
  return !operator.negated && !operator.ifExists && operator.set !== "ForAllValues";
}

function hasKey({ key }: Condition, wanted: string): boolean {
  return key.toLowerCase() === wanted.toLowerCase();
}

/** Whether the statement would allow the action if its conditions were met. */
function allowsAction(statement: PolicyStatement, action: string): boolean {
  if (statement.effect !== "Allow") return false;
  const bare: PolicyDocument = {
    kind: "trust",
    version: "2012-10-17",
    statements: [{ ...statement, conditions: [] }],
  };
  const request: PolicyRequest = { action, principal: ROLES_ANYWHERE_PRINCIPAL, context: requestContext([]) };
  return evaluatePolicy(bare, request).outcome === "allow";
}

const SESSION_ACTIONS = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
