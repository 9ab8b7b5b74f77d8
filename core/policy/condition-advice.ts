/**
 * Advice on single conditions of a trust policy: keys and values that can never occur, operators that are met when a tag
 * is missing, wildcards that are wider than they look.
 *
 * @see IAM Roles Anywhere user guide, "Role trusting" and "Attribute mapping"
 * @module
 */

import { isMapped, suggestTag, type TagKey, tagOfKey } from "./certificate-tag.ts";
import { takesVariables } from "./condition-operator.ts";
import { evaluateCondition } from "./evaluate-condition.ts";
import type { AdviceSeverity, PolicyAdvice, TrustPolicyFacts } from "./policy-advice.ts";
import type { Condition, PolicyStatement, PolicyVersion } from "./policy-document.ts";
import { quoted } from "./policy-error.ts";
import { variablesOf } from "./policy-variable.ts";
import { requestContext } from "./request-context.ts";

/** Where a condition stands, and what else is known. */
export interface ConditionSurroundings {
  /** Its statement. */
  readonly statement: PolicyStatement;
  /** Version of its policy. */
  readonly version: PolicyVersion;
  /** What else is known. */
  readonly facts: TrustPolicyFacts;
}

/** Advises on a condition of a statement about Roles Anywhere. */
export function adviseCondition(condition: Condition, surroundings: ConditionSurroundings): readonly PolicyAdvice[] {
  const findings: Finding[] = [...adviseVariables(condition, surroundings), ...adviseAbsentKey(condition)];
  const tag = tagOfKey(condition.key);
  if (tag !== undefined) findings.push(...adviseTag(condition, tag, surroundings));
  const key = condition.key.toLowerCase();
  if (key === "sts:sourceidentity") findings.push(...adviseSourceIdentity(condition));
  if (surroundings.statement.effect === "Allow") {
    if (key === "aws:sourcearn") findings.push(...adviseSourceArn(condition, surroundings));
    const trusted = tag?.attribute !== undefined || key === "aws:sourcearn" || key === "sts:sourceidentity";
    if (trusted) findings.push(...adviseAbsence(condition));
  }
  return findings.map(([id, severity, message, advice]) => ({
    id,
    severity,
    pointer: condition.pointer,
    message,
    advice,
  }));
}

type Finding = readonly [id: string, severity: AdviceSeverity, message: string, advice: string];

function adviseVariables(condition: Condition, { version, facts, statement }: ConditionSurroundings): Finding[] {
  if (!takesVariables(condition.operator)) return [];
  const variables = condition.values.flatMap(variablesOf);
  if (variables.length === 0) return [];
  if (version !== "2012-10-17") {
    return [[
      "RA020",
      "medium",
      "Policy variables are text in a policy of version 2008-10-17, which is also that of a policy without a Version.",
      'Write "Version": "2012-10-17".',
    ]];
  }
  const findings: Finding[] = [];
  const own = tagOfKey(condition.key);
  for (const { key, fallback } of variables) {
    const tag = tagOfKey(key);
    if (tag === undefined) continue;
    if (tag.attribute === undefined && fallback === undefined && isForCertificates(tag, statement)) {
      findings.push(impossibleTag(`The variable \${${key}}`, tag, "nothing equals it"));
    } else if (tag.attribute !== undefined && facts.attributeMappings !== undefined && fallback === undefined) {
      if (!isMapped(tag.attribute, facts.attributeMappings)) {
        findings.push(unmappedTag(`The variable \${${key}}`, tag, "nothing equals it"));
      }
    }
    if (own?.attribute !== undefined && own.tag.toLowerCase() === tag.tag.toLowerCase()) {
      const message = `${condition.key} and \${${key}} come from the same certificate: they are always equal.`;
      findings.push(["RA016", "low", message, "Compare with a value, or remove the condition."]);
    }
  }
  return findings;
}

function adviseAbsentKey(condition: Condition): Finding[] {
  const { key } = condition;
  if (!ABSENT_KEYS.has(key.toLowerCase())) return [];
  const message = `${key} does not exist when Roles Anywhere assumes a role: the condition ${absentEffect(condition)}.`;
  return [["RA017", "high", message, "Remove the condition."]];
}

function adviseTag(condition: Condition, tag: TagKey, { facts, statement }: ConditionSurroundings): Finding[] {
  const { key, operator, values } = condition;
  if (tag.attribute === undefined) {
    return isForCertificates(tag, statement)
      ? [impossibleTag(key, tag, `the condition ${absentEffect(condition)}`)]
      : [];
  }
  const findings: Finding[] = [];
  const given = facts.tags?.find((one) => one.key.toLowerCase() === tag.tag.toLowerCase());
  if (facts.attributeMappings !== undefined && !isMapped(tag.attribute, facts.attributeMappings)) {
    findings.push(unmappedTag(key, tag, `the condition ${absentEffect(condition)}`));
  } else if (facts.tags !== undefined && given === undefined) {
    const message = `${key} does not exist, as the certificate gives the session no tag ${tag.tag}: for it, the ` +
      `condition ${absentEffect(condition)}.`;
    findings.push(["RA012", "medium", message, "Issue certificates with the attribute, or remove the condition."]);
  }
  if (operator.comparison === "Null" || !operator.comparison.startsWith("String")) return findings;
  for (const value of values) {
    const fault = variablesOf(value).length > 0 ? undefined : valueFault(value, operator.comparison, given?.value);
    if (fault !== undefined) {
      findings.push(["RA014", "medium", `${key} can never be ${quoted(value)}: ${fault[0]}.`, fault[1]]);
    }
    const lets = statement.effect === "Allow" && operator.comparison === "StringLike" && !operator.negated;
    if (lets && isOpenPattern(value, tag.attribute.specifier)) {
      const message = `The pattern ${quoted(value)} for ${key} lets in more than one name of one owner: ` +
        "a star stands for any characters, dots and slashes included.";
      findings.push([
        "RA011",
        "medium",
        message,
        "Name the values, or end the pattern behind a fixed beginning and a slash.",
      ]);
    }
  }
  return findings;
}

/** What a statement that allows asks of the trust anchor. */
function adviseSourceArn(condition: Condition, { version, facts }: ConditionSurroundings): Finding[] {
  const { operator, values } = condition;
  const findings: Finding[] = [];
  if (facts.trustAnchorArn !== undefined && !operator.negated) {
    const context = requestContext([["aws:SourceArn", facts.trustAnchorArn]]);
    if (evaluateCondition(condition, version, context).outcome === "unmet") {
      const message = `The condition on aws:SourceArn does not let in the trust anchor ${facts.trustAnchorArn}.`;
      findings.push(["RA005", "high", message, `Write "ArnEquals": {"aws:SourceArn": "${facts.trustAnchorArn}"}.`]);
    }
  }
  for (const value of operator.negated || operator.comparison === "Null" ? [] : values) {
    if (variablesOf(value).length > 0) continue;
    const match = /^arn:[^:]*:rolesanywhere:[^:]*:[^:]*:trust-anchor\/(.+)$/.exec(value);
    const exact = operator.comparison === "StringEquals" || operator.comparison === "StringEqualsIgnoreCase";
    if (match === null || /[*?]/.test(match[1]!)) {
      const what = match === null ? "is not the ARN of a trust anchor" : "stands for more than one trust anchor";
      findings.push(["RA005", "high", `aws:SourceArn is compared with ${quoted(value)}, which ${what}.`, WRITE_ANCHOR]);
    }
    if (exact && /[*?]/.test(value)) {
      const message = `${operator.name} takes the wildcards of ${quoted(value)} literally: it never matches.`;
      findings.push(["RA006", "medium", message, "Use ArnLike, or better ArnEquals with the whole ARN."]);
    } else if (operator.comparison === "StringLike") {
      const message = `${operator.name} compares aws:SourceArn as text: a star goes on across the parts of the ARN.`;
      findings.push(["RA006", "medium", message, "Use ArnEquals or ArnLike."]);
    }
  }
  return findings;
}

function adviseSourceIdentity({ operator, values }: Condition): Finding[] {
  const findings: Finding[] = [];
  for (const value of operator.comparison.startsWith("String") ? values : []) {
    const variables = variablesOf(value).map(({ key }) => key.toLowerCase());
    if (variables.some((key) => key === "sourceidentityprefix" || key === "sourceidentityvalue")) {
      const message = `${
        quoted(value)
      } holds a placeholder of the user guide, which is no policy variable: nothing equals it.`;
      findings.push(["RA015", "medium", message, SOURCE_IDENTITY]);
    } else if (!isSourceIdentity(value, operator.comparison === "StringLike")) {
      const message =
        `sts:SourceIdentity is never ${quoted(value)}: it is "CN=" and the common name, the common name alone ` +
        'if that is longer than 61 characters, or "ID=" and the serial number.';
      findings.push(["RA015", "medium", message, SOURCE_IDENTITY]);
    }
  }
  return findings;
}

/** Conditions that are met when a tag or the trust anchor is missing. */
function adviseAbsence({ key, operator }: Condition): Finding[] {
  if (operator.comparison === "Null") return [];
  if (operator.ifExists || operator.set === "ForAllValues") {
    const message = `${operator.name} is met when ${key} is missing.`;
    return [["RA010", "high", message, "Use the operator without IfExists and ForAllValues."]];
  }
  if (!operator.negated || tagOfKey(key) === undefined) return [];
  const message = `${operator.name} is met when ${key} is missing or not mapped: whoever may change the mapping can ` +
    "meet it.";
  return [["RA009", "high", message, "Name the values that are wanted, or deny the others in a Deny statement."]];
}

function impossibleTag(what: string, { tag }: TagKey, effect: string): Finding {
  const message = `${what} never exists, as no certificate gives a session the tag ${tag}: ${effect}.`;
  return ["RA013", "high", message, sentence(suggestTag(tag))];
}

function unmappedTag(what: string, { tag }: TagKey, effect: string): Finding {
  const message = `${what} does not exist, as the profile does not map ${tag}: ${effect}.`;
  return ["RA012", "medium", message, `Add a mapping rule for ${tag} to the profile, or remove the condition.`];
}

/** A statement that is also about others may well ask for tags of theirs. */
function isForCertificates({ tag }: TagKey, { principals }: PolicyStatement): boolean {
  return /^x509/i.test(tag) || (principals?.values.length ?? 0) <= 1;
}

function absentEffect(condition: Condition): string {
  const { outcome } = evaluateCondition(condition, "2012-10-17", requestContext([]));
  return outcome === "met" ? "is always met" : "is never met, and its statement never applies";
}

/** Why a tag never has the value, and what to write. */
function valueFault(
  value: string,
  comparison: Condition["operator"]["comparison"],
  given: string | undefined,
): readonly [fault: string, advice: string] | undefined {
  const text = comparison === "StringLike" ? value.replace(/[*?]/g, "") : value;
  if (text.length > 256) return ["tags have at most 256 characters", "Compare with another attribute."];
  if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text)) {
    return ["tags hold letters, digits, spaces and _.:/=+-@ only", "Compare with an attribute that can be a tag."];
  }
  const members = given?.split("/") ?? [];
  if (members.length < 2 || comparison === "StringLike" || !members.includes(value)) return undefined;
  return [`the attribute is repeated, and the tag joins it to ${quoted(given!)}`, `Write ${quoted(given!)}.`];
}

function isOpenPattern(value: string, specifier: string): boolean {
  if (!/(?:^|\/)(?:CN|DNS|URI)$/i.test(specifier)) return false;
  if (value.startsWith("*")) return true;
  return /URI$/i.test(specifier) && value.includes("*") && !/^[^*]*\/\*$/.test(value);
}

function isSourceIdentity(value: string, pattern: boolean): boolean {
  if (pattern && /[*?]/.test(value)) return /^(?:CN=|ID=|[*?])/.test(value);
  if (variablesOf(value).length > 0) return true;
  if (value.startsWith("CN=")) return value.length > 3 && value.length <= 3 + 61;
  return /^ID=(?:[0-9A-Fa-f]{2})+$/.test(value) || (value.length > 61 && value.length <= 64);
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

const WRITE_ANCHOR = 'Write "ArnEquals": {"aws:SourceArn": "arn:aws:rolesanywhere:REGION:ACCOUNT:trust-anchor/ID"}.';
const SOURCE_IDENTITY = 'Write "CN=" and the common name of the certificate.';
const ABSENT_KEYS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "aws:multifactorauthage",
  "aws:multifactorauthpresent",
  "aws:principalarn",
  "aws:principalorgid",
  "aws:sourceip",
  "aws:vpcsourceip",
  "sts:externalid",
]);
