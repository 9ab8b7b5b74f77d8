/**
 * One condition against a request.
 *
 * With `k` the request's values of the key and `p` the policy's, the condition is met when
 *
 * | operator | key absent or without values | otherwise |
 * |---|---|---|
 * | positive | no | some k equals some p |
 * | negated | yes | no k equals any p |
 * | `ForAnyValue:` positive | no | some k equals some p |
 * | `ForAnyValue:` negated | no | some k equals no p |
 * | `ForAllValues:` positive | yes | every k equals some p |
 * | `ForAllValues:` negated | yes | every k equals no p |
 * | any of them with `IfExists` | yes | as without |
 * | `Null` | `"true"` is met | `"false"` is met |
 *
 * "Equals" is what the operator compares. To the set operators and to `Null`, a key whose values are all empty strings
 * has no values. Nothing equals a policy value with a variable that has no value, so that negated operators are met. A
 * pair that cannot be compared (see `compare-values.ts`) neither equals, nor counts as "equals no".
 *
 * @see IAM user guide, "IAM JSON policy elements: Condition operators"
 * @see IAM user guide, "Conditions with multiple context keys or values" (negated: NOR)
 * @see IAM user guide, "Set operators for multivalued context keys" (absent keys, empty sets)
 * @see IAM user guide, "IAM policy elements: Variables and tags", Policy variables with no value
 * @module
 */

import { compareValues, parseBoolean } from "./compare-values.ts";
import { type Comparison, type ConditionOperator, takesVariables } from "./condition-operator.ts";
import type { Condition, PolicyVersion } from "./policy-document.ts";
import { quoted } from "./policy-error.ts";
import { type ExpandedPart, expandVariables } from "./policy-variable.ts";
import type { ContextValues, RequestContext } from "./request-context.ts";
import { joinParts } from "./wildcard.ts";

/** How a condition came out. */
export interface ConditionResult {
  /** The condition. */
  readonly condition: Condition;
  /** Whether it is met. */
  readonly outcome: "met" | "unmet";
  /** One sentence: what the key is and what was wanted. */
  readonly detail: string;
  /** The condition key, as the policy spells it. */
  readonly key: string;
  /** The operator, as the policy spells it. */
  readonly operator: string;
  /** What the policy asks for, with variables replaced where they have a value. */
  readonly expected: readonly string[];
  /** What the request has; undefined when it has no such key. */
  readonly actual: ContextValues | undefined;
  /** JSON pointer to the key. */
  readonly pointer: string;
}

/** Evaluates a condition. Never throws: what cannot be read is not met. */
export function evaluateCondition(
  condition: Condition,
  version: PolicyVersion,
  context: RequestContext,
): ConditionResult {
  const { operator, key, values } = condition;
  const actual = context.get(key);
  const expanded = values.map((value): readonly ExpandedPart[] | undefined =>
    takesVariables(operator) ? expandVariables(value, version, context) : [{ text: value, literal: false }]
  );
  return new EvaluatedCondition(condition, isMet(operator, actual ?? [], expanded), actual, expanded);
}

/** Says what it found when it is asked: who only wants the answer does not wait for it. */
class EvaluatedCondition implements ConditionResult {
  readonly condition: Condition;
  readonly outcome: "met" | "unmet";
  readonly actual: ContextValues | undefined;
  readonly #expanded: Expanded;

  constructor(condition: Condition, met: boolean, actual: ContextValues | undefined, expanded: Expanded) {
    this.condition = condition;
    this.outcome = met ? "met" : "unmet";
    this.actual = actual;
    this.#expanded = expanded;
  }

  get detail(): string {
    return describe(this.condition, this.actual, this.expected, this.#expanded, this.outcome === "met");
  }

  get key(): string {
    return this.condition.key;
  }

  get operator(): string {
    return this.condition.operator.name;
  }

  get expected(): readonly string[] {
    return this.#expanded.map((parts, i) => parts === undefined ? this.condition.values[i]! : joinParts(parts));
  }

  get pointer(): string {
    return this.condition.pointer;
  }
}

/** The values of a condition, their variables replaced; undefined: one has no value. */
type Expanded = readonly (readonly ExpandedPart[] | undefined)[];

function isMet(
  { comparison, negated, ifExists, set }: ConditionOperator,
  actual: ContextValues,
  expected: Expanded,
): boolean {
  const empty = actual.every((value) => value === "");
  if (comparison === "Null") return expected.some((parts) => parseBoolean(parts![0]!.text) === empty);
  if (actual.length === 0 && ifExists) return true;
  if (actual.length === 0 || (set !== undefined && empty)) return set === undefined ? negated : set === "ForAllValues";
  const holds = (value: string): boolean =>
    negated
      ? expected.every((parts) => compare(comparison, value, parts) === false)
      : expected.some((parts) => compare(comparison, value, parts) === true);
  const every = set === "ForAllValues" || (set === undefined && negated);
  return every ? actual.every(holds) : actual.some(holds);
}

function compare(
  comparison: Exclude<Comparison, "Null">,
  actual: string,
  expected: readonly ExpandedPart[] | undefined,
): boolean | undefined {
  return expected !== undefined && compareValues(comparison, actual, expected);
}

function describe(
  { operator, key }: Condition,
  actual: ContextValues | undefined,
  expected: readonly string[],
  expanded: Expanded,
  met: boolean,
): string {
  const has = actual === undefined
    ? `${key} is not in the request`
    : actual.length === 0
    ? `${key} has no value`
    : `${key} is ${list(actual)}`;
  const lost = expanded.findIndex((parts) => parts === undefined);
  const variable = lost < 0 ? "" : `; a variable of ${quoted(expected[lost]!)} has no value in this request`;
  return `${has}, ${operator.name} asks for ${list(expected)}${variable}: ${met ? "met" : "not met"}.`;
}

function list(values: readonly string[]): string {
  const shown = values.slice(0, 10).map(quoted);
  return (values.length > 10 ? [...shown, `${values.length - 10} more`] : shown).join(", ");
}
