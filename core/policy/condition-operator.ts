/**
 * Condition operators: the comparison, its negation, and what may stand around the name.
 *
 * @see IAM user guide, "IAM JSON policy elements: Condition operators"
 * @module
 */

/** How two values are compared. `ArnEquals` and `ArnLike` are the same. */
export type Comparison =
  | "StringEquals"
  | "StringEqualsIgnoreCase"
  | "StringLike"
  | "NumericEquals"
  | "NumericLessThan"
  | "NumericLessThanEquals"
  | "NumericGreaterThan"
  | "NumericGreaterThanEquals"
  | "DateEquals"
  | "DateLessThan"
  | "DateLessThanEquals"
  | "DateGreaterThan"
  | "DateGreaterThanEquals"
  | "Bool"
  | "BinaryEquals"
  | "IpAddress"
  | "ArnLike"
  | "Null";

/** An operator taken apart. */
export interface ConditionOperator {
  /** As the policy spells it: `ForAnyValue:StringNotLikeIfExists`. */
  readonly name: string;
  /** What is compared, and how. */
  readonly comparison: Comparison;
  /** Whether the operator asks that no value compares. */
  readonly negated: boolean;
  /** Whether an absent key meets the condition. */
  readonly ifExists: boolean;
  /** Which quantifier goes over the request's values; undefined: none was written. */
  readonly set: "ForAllValues" | "ForAnyValue" | undefined;
}

/** Reads an operator's name; undefined for what the language does not have. Names are case-sensitive. */
export function parseConditionOperator(name: string): ConditionOperator | undefined {
  const match = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name);
  const found = OPERATORS.get(match?.[2] ?? "");
  if (match === null || found === undefined) return undefined;
  const set = match[1] as ConditionOperator["set"];
  const ifExists = match[3] !== undefined;
  if (found.comparison === "Null" && (ifExists || set !== undefined)) return undefined;
  return { name, ...found, ifExists, set };
}

/** The operator that differs from the name in case only, for a message. */
export function similarOperator(name: string): string | undefined {
  const lower = name.toLowerCase();
  for (const set of ["", "ForAllValues:", "ForAnyValue:"]) {
    for (const suffix of ["", "IfExists"]) {
      for (const operator of OPERATORS.keys()) {
        const whole = set + operator + suffix;
        if (whole.toLowerCase() === lower && parseConditionOperator(whole) !== undefined) return whole;
      }
    }
  }
  return undefined;
}

/** Whether policy variables are replaced in the operator's values: those of strings and of ARNs. */
export function takesVariables({ comparison }: ConditionOperator): boolean {
  return comparison.startsWith("String") || comparison === "ArnLike";
}

const OPERATORS: ReadonlyMap<string, Pick<ConditionOperator, "comparison" | "negated">> = /* @__PURE__ */ new Map([
  ["StringEquals", { comparison: "StringEquals", negated: false }],
  ["StringNotEquals", { comparison: "StringEquals", negated: true }],
  ["StringEqualsIgnoreCase", { comparison: "StringEqualsIgnoreCase", negated: false }],
  ["StringNotEqualsIgnoreCase", { comparison: "StringEqualsIgnoreCase", negated: true }],
  ["StringLike", { comparison: "StringLike", negated: false }],
  ["StringNotLike", { comparison: "StringLike", negated: true }],
  ["NumericEquals", { comparison: "NumericEquals", negated: false }],
  ["NumericNotEquals", { comparison: "NumericEquals", negated: true }],
  ["NumericLessThan", { comparison: "NumericLessThan", negated: false }],
  ["NumericLessThanEquals", { comparison: "NumericLessThanEquals", negated: false }],
  ["NumericGreaterThan", { comparison: "NumericGreaterThan", negated: false }],
  ["NumericGreaterThanEquals", { comparison: "NumericGreaterThanEquals", negated: false }],
  ["DateEquals", { comparison: "DateEquals", negated: false }],
  ["DateNotEquals", { comparison: "DateEquals", negated: true }],
  ["DateLessThan", { comparison: "DateLessThan", negated: false }],
  ["DateLessThanEquals", { comparison: "DateLessThanEquals", negated: false }],
  ["DateGreaterThan", { comparison: "DateGreaterThan", negated: false }],
  ["DateGreaterThanEquals", { comparison: "DateGreaterThanEquals", negated: false }],
  ["Bool", { comparison: "Bool", negated: false }],
  ["BinaryEquals", { comparison: "BinaryEquals", negated: false }],
  ["IpAddress", { comparison: "IpAddress", negated: false }],
  ["NotIpAddress", { comparison: "IpAddress", negated: true }],
  ["ArnEquals", { comparison: "ArnLike", negated: false }],
  ["ArnLike", { comparison: "ArnLike", negated: false }],
  ["ArnNotEquals", { comparison: "ArnLike", negated: true }],
  ["ArnNotLike", { comparison: "ArnLike", negated: true }],
  ["Null", { comparison: "Null", negated: false }],
]);
