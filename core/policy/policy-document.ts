/**
 * Policy documents: the JSON of a role's trust policy or of a permissions policy, read strictly.
 *
 * What IAM refuses is refused here, with a JSON pointer to the member: unknown elements, operators and versions, empty
 * lists, wrong types. Beyond IAM, a member that stands twice, a malformed policy variable and a principal that can
 * never be one are refused as well.
 *
 * @see IAM user guide, "Grammar of the IAM JSON policy language"
 * @module
 */

import {
  type ConditionOperator,
  parseConditionOperator,
  similarOperator,
  takesVariables,
} from "./condition-operator.ts";
import { type JsonObject, type JsonValue, MAX_JSON_DEPTH, memberPointer, readJson } from "./json-reader.ts";
import { PolicyError, quoted } from "./policy-error.ts";
import { parseTemplate } from "./policy-variable.ts";
import { readPrincipals, type StatementPrincipals } from "./principal.ts";
import { readStrings } from "./read-strings.ts";

/** What a policy is attached to: `trust` to a role, saying who may assume it; `permissions` to an identity or session. */
export type PolicyKind = "trust" | "permissions";

/** Version of the language; without a `Version` it is the older one, which has no variables. */
export type PolicyVersion = "2012-10-17" | "2008-10-17";

/** A policy. */
export interface PolicyDocument {
  /** What it is attached to. */
  readonly kind: PolicyKind;
  /** Version of the language. */
  readonly version: PolicyVersion;
  /** Its `Id`. */
  readonly id?: string;
  /** At least one. */
  readonly statements: readonly PolicyStatement[];
}

/** A statement of a policy. */
export interface PolicyStatement {
  /** Its place among the statements, from 0. */
  readonly index: number;
  /** JSON pointer to it. */
  readonly pointer: string;
  /** Its `Sid`, if that is not empty. */
  readonly sid?: string;
  /** What it does when it applies. */
  readonly effect: "Allow" | "Deny";
  /** Who it is about; trust policies only. */
  readonly principals?: StatementPrincipals;
  /** `Action` or `NotAction`. */
  readonly actions: StatementPatterns;
  /** `Resource` or `NotResource`; permissions policies only. */
  readonly resources?: StatementPatterns;
  /** All of them must be met. */
  readonly conditions: readonly Condition[];
}

/** Patterns of actions or resources. */
export interface StatementPatterns {
  /** Whether the element is `NotAction` or `NotResource`. */
  readonly negated: boolean;
  /** As written; any of them, or none when negated. */
  readonly patterns: readonly string[];
  /** JSON pointer to the element. */
  readonly pointer: string;
}

/** One operator, one key, and the values that it is compared with. */
export interface Condition {
  /** The operator. */
  readonly operator: ConditionOperator;
  /** The condition key, as spelt. */
  readonly key: string;
  /** As written; numbers and booleans as text. */
  readonly values: readonly string[];
  /** JSON pointer to the key. */
  readonly pointer: string;
}

/** Bounds of a policy. */
export interface ParsePolicyOptions {
  /**
   * Longest policy, in characters without white space, which is how IAM counts. Default
   * {@linkcode DEFAULT_MAX_POLICY_SIZE}; IAM's quota of a trust policy is 2048 unless raised.
   */
  readonly maxSize?: number;
}

/** Characters that a policy may have: the most that any quota of IAM gives (inline policies of a role, together). */
export const DEFAULT_MAX_POLICY_SIZE = 10_240;

/**
 * Reads a policy.
 *
 * @param source the JSON text, or what `JSON.parse` made of it; only in a text can a doubled member be found
 * @param kind what it is attached to: trust policies have principals and no resources, permissions policies the reverse
 * @throws {PolicyError} ERR_POLICY_…, with `pointer`
 * @throws {TypeError} when the source is neither text nor an object, or the kind is another
 *
 * @example
 * ```ts
 * import { parsePolicy } from "anyrole/policy";
 *
 * export const document = parsePolicy(
 *   {
 *     Version: "2012-10-17",
 *     Statement: {
 *       Effect: "Allow",
 *       Principal: { Service: "rolesanywhere.amazonaws.com" },
 *       Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
 *       Condition: { StringEquals: { "aws:PrincipalTag/x509Subject/CN": "server-a.example.com" } },
 *     },
 *   },
 *   "trust",
 * );
 * ```
 */
export function parsePolicy(
  source: string | object,
  kind: PolicyKind,
  options: ParsePolicyOptions = {},
): PolicyDocument {
  if (kind !== "trust" && kind !== "permissions") throw new TypeError('The kind must be "trust" or "permissions"');
  const document = readElements(readJson(textOf(source, options)), "", "The policy", DOCUMENT_ELEMENTS);
  const id = document.get("Id");
  if (id !== undefined && typeof id !== "string") {
    throw new PolicyError("ERR_POLICY_TYPE", "/Id", "it must be a string");
  }
  const version = readVersion(document.get("Version"));
  const statement = document.get("Statement");
  if (statement === undefined) {
    throw new PolicyError("ERR_POLICY_MISSING", "", "the policy has no Statement; add at least one");
  }
  const statements = Array.isArray(statement)
    ? statement.map((one: JsonValue, i) => readStatement(one, i, memberPointer("/Statement", i), kind, version))
    : [readStatement(statement, 0, "/Statement", kind, version)];
  if (statements.length === 0) {
    throw new PolicyError("ERR_POLICY_EMPTY", "/Statement", "the policy has no statement; add at least one");
  }
  refuseSameSids(statements);
  return { kind, version, ...(id === undefined ? {} : { id }), statements };
}

function textOf(source: string | object, { maxSize = DEFAULT_MAX_POLICY_SIZE }: ParsePolicyOptions): string {
  if (typeof source !== "string" && (typeof source !== "object" || source === null)) {
    throw new TypeError("The policy must be JSON text or an object");
  }
  if (typeof source === "object") refuseDepth(source, "", 0);
  const text = typeof source === "string" ? source : JSON.stringify(source);
  const size = text.replace(/\s+/g, "").length;
  if (size > maxSize) {
    const state = `it has ${size} characters without white space, of at most ${maxSize}; shorten or split it`;
    throw new PolicyError("ERR_POLICY_SIZE", "", state);
  }
  return text;
}

function refuseDepth(value: object, pointer: string, depth: number): void {
  if (depth > MAX_JSON_DEPTH) {
    throw new PolicyError("ERR_POLICY_DEPTH", pointer, `it is nested deeper than ${MAX_JSON_DEPTH} levels`);
  }
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === "object" && member !== null) refuseDepth(member, memberPointer(pointer, name), depth + 1);
  }
}

function readVersion(value: JsonValue | undefined): PolicyVersion {
  if (value === undefined) return "2008-10-17";
  if (value === "2012-10-17" || value === "2008-10-17") return value;
  const code = typeof value === "string" ? "ERR_POLICY_VERSION" : "ERR_POLICY_TYPE";
  throw new PolicyError(code, "/Version", 'it must be "2012-10-17", or "2008-10-17" for a policy without variables');
}

function readStatement(
  value: JsonValue,
  index: number,
  pointer: string,
  kind: PolicyKind,
  version: PolicyVersion,
): PolicyStatement {
  const elements = readElements(value, pointer, "A statement", STATEMENT_ELEMENTS);
  const sid = elements.has("Sid") ? elements.get("Sid") : "";
  const effect = elements.get("Effect");
  if (typeof sid !== "string") throw new PolicyError("ERR_POLICY_TYPE", `${pointer}/Sid`, "it must be a string");
  if (!/^[A-Za-z0-9]*$/.test(sid)) {
    throw new PolicyError("ERR_POLICY_SID", `${pointer}/Sid`, "it may hold letters A-Z, a-z and digits only");
  }
  if (effect === undefined) {
    throw new PolicyError("ERR_POLICY_MISSING", pointer, "the statement has no Effect; add one");
  }
  if (effect !== "Allow" && effect !== "Deny") {
    throw new PolicyError("ERR_POLICY_EFFECT", `${pointer}/Effect`, 'it must be "Allow" or "Deny"');
  }
  const actions = readPatterns(elements, "Action", pointer, readAction);
  const subject = kind === "trust"
    ? { principals: readPrincipalElement(elements, pointer) }
    : { resources: readPatterns(elements, "Resource", pointer, (text, place) => readResource(text, place, version)) };
  for (const name of kind === "trust" ? ["Resource", "NotResource"] : ["Principal", "NotPrincipal"]) {
    if (!elements.has(name)) continue;
    const state = kind === "trust"
      ? "a trust policy has no resource: it is about the role itself; remove it"
      : "a permissions policy has no principal: it is about whom it is attached to; remove it";
    throw new PolicyError("ERR_POLICY_ELEMENT", `${pointer}/${name}`, state);
  }
  if (effect === "Allow" && elements.has("NotPrincipal")) {
    const state =
      "NotPrincipal allows whoever it does not name, so that it may stand with Deny only; name the principals";
    throw new PolicyError("ERR_POLICY_ELEMENT", `${pointer}/NotPrincipal`, state);
  }
  const conditions = readConditions(elements.get("Condition"), `${pointer}/Condition`, version);
  return { index, pointer, ...(sid === "" ? {} : { sid }), effect, ...subject, actions, conditions };
}

function readPrincipalElement(elements: JsonObject, pointer: string): StatementPrincipals {
  const name = eitherOf(elements, "Principal", pointer);
  return readPrincipals(elements.get(name)!, `${pointer}/${name}`, name === "NotPrincipal");
}

function readPatterns(
  elements: JsonObject,
  element: "Action" | "Resource",
  pointer: string,
  check: (text: string, pointer: string) => void,
): StatementPatterns {
  const name = eitherOf(elements, element, pointer);
  const place = `${pointer}/${name}`;
  const strings = readStrings(elements.get(name)!, place);
  for (const one of strings) check(one.text, one.pointer);
  return { negated: name !== element, patterns: strings.map((one) => one.text), pointer: place };
}

function eitherOf(elements: JsonObject, element: string, pointer: string): string {
  const negation = `Not${element}`;
  if (!elements.has(negation)) {
    if (elements.has(element)) return element;
    throw new PolicyError("ERR_POLICY_MISSING", pointer, `the statement has no ${element}; add one`);
  }
  if (!elements.has(element)) return negation;
  const state = `the statement has both ${element} and ${negation}; keep one of them`;
  throw new PolicyError("ERR_POLICY_ELEMENT", `${pointer}/${negation}`, state);
}

function readAction(text: string, pointer: string): void {
  if (text === "*" || /^[A-Za-z0-9-]+:[A-Za-z0-9_*?-]+$/.test(text)) return;
  const state = `${quoted(text)} is no action; write "service:Name", such as "sts:AssumeRole", or "*"`;
  throw new PolicyError("ERR_POLICY_ACTION", pointer, state);
}

function readResource(text: string, pointer: string, version: PolicyVersion): void {
  if (text !== "*" && !text.startsWith("arn:")) {
    const state = `${quoted(text)} is no resource; write an ARN, such as "arn:aws:s3:::bucket/*", or "*"`;
    throw new PolicyError("ERR_POLICY_RESOURCE", pointer, state);
  }
  if (version !== "2012-10-17") return;
  readVariables(text, pointer);
  const variable = text.indexOf("${");
  if (variable >= 0 && text.slice(0, variable).split(":").length < 6) {
    const state = "a policy variable may stand behind the fifth colon of the ARN only; write the part out";
    throw new PolicyError("ERR_POLICY_VARIABLE", pointer, state);
  }
}

function readVariables(text: string, pointer: string): void {
  const parts = parseTemplate(text);
  if (!("faultAt" in parts)) return;
  const state = `${quoted(text.slice(parts.faultAt))} begins like a policy variable and is none; ` +
    "write ${key}, ${key, 'default'}, or ${$} for the character";
  throw new PolicyError("ERR_POLICY_VARIABLE", pointer, state);
}

function readConditions(value: JsonValue | undefined, pointer: string, version: PolicyVersion): readonly Condition[] {
  if (value === undefined) return [];
  const conditions: Condition[] = [];
  for (const [name, keys] of readMap(value, pointer, "of condition operators")) {
    const place = memberPointer(pointer, name);
    const operator = parseConditionOperator(name);
    if (operator === undefined) throw new PolicyError("ERR_POLICY_OPERATOR", place, unknownOperator(name));
    for (const [key, values] of readMap(keys, place, "of condition keys")) {
      const keyPointer = memberPointer(place, key);
      if (!/^[^:\s]+:[^\s].*$/s.test(key)) {
        const state = `${quoted(key)} is no condition key; write it with its prefix, such as "aws:SourceArn"`;
        throw new PolicyError("ERR_POLICY_KEY", keyPointer, state);
      }
      const strings = readStrings(values, keyPointer, true);
      if (version === "2012-10-17" && takesVariables(operator)) {
        for (const one of strings) readVariables(one.text, one.pointer);
      }
      conditions.push({ operator, key, values: strings.map((one) => one.text), pointer: keyPointer });
    }
  }
  return conditions;
}

function unknownOperator(name: string): string {
  const similar = similarOperator(name);
  return `${quoted(name)} is no condition operator; ${
    similar === undefined
      ? "write one of the language, such as StringEquals"
      : `operators are case-sensitive: ${similar}`
  }`;
}

function readMap(value: JsonValue, pointer: string, what: string): JsonObject {
  if (value instanceof Map) return value;
  throw new PolicyError("ERR_POLICY_TYPE", pointer, `it must be an object ${what}`);
}

function readElements(value: JsonValue, pointer: string, what: string, known: readonly string[]): JsonObject {
  if (!(value instanceof Map)) throw new PolicyError("ERR_POLICY_TYPE", pointer, `${what} must be an object`);
  for (const name of value.keys()) {
    if (known.includes(name)) continue;
    const similar = known.find((one) => one.toLowerCase() === name.toLowerCase());
    const advice = similar === undefined ? `known are ${known.join(", ")}` : `names are case-sensitive: ${similar}`;
    const state = `${what} has no element ${quoted(name)}; ${advice}`;
    throw new PolicyError("ERR_POLICY_ELEMENT", memberPointer(pointer, name), state);
  }
  return value;
}

function refuseSameSids(statements: readonly PolicyStatement[]): void {
  const seen = new Set<string>();
  for (const { sid, pointer } of statements) {
    if (sid === undefined) continue;
    if (seen.has(sid)) {
      throw new PolicyError("ERR_POLICY_SID", `${pointer}/Sid`, `another statement is called "${sid}"; rename one`);
    }
    seen.add(sid);
  }
}

const DOCUMENT_ELEMENTS = ["Version", "Id", "Statement"];
const STATEMENT_ELEMENTS = [
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
];
