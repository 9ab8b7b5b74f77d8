/**
 * One value of a request against one value of a policy.
 *
 * The answer is yes, no, or undefined: one of the two is not the number, date, truth value, address or base64 that the
 * operator needs. What cannot be compared never helps a condition to be met, negated or not (our assumption).
 *
 * @see IAM user guide, "IAM JSON policy elements: Condition operators"
 * @module
 */

import { decodeBase64 } from "../bytes/base64.ts";
import { encodeHex } from "../bytes/hex.ts";
import { matchesArn } from "./arn-pattern.ts";
import type { Comparison } from "./condition-operator.ts";
import { parseDate } from "./date-value.ts";
import { parseIpRange, rangeContains } from "./ip-range.ts";
import type { ExpandedPart } from "./policy-variable.ts";
import { isLike, joinParts } from "./wildcard.ts";

/** Compares; `Null` is not a comparison of values and is not for this function. */
export function compareValues(
  comparison: Exclude<Comparison, "Null">,
  actual: string,
  expected: readonly ExpandedPart[],
): boolean | undefined {
  const text = joinParts(expected);
  switch (comparison) {
    case "StringEquals":
      return actual === text;
    case "StringEqualsIgnoreCase":
      return actual.toLowerCase() === text.toLowerCase();
    case "StringLike":
      return isLike(expected, actual);
    case "ArnLike":
      return matchesArn(expected, actual);
    case "Bool":
      return both(parseBoolean(actual), parseBoolean(text), (a, b) => a === b);
    case "BinaryEquals":
      return both(readOctets(actual), readOctets(text), (a, b) => a === b);
    case "IpAddress":
      return both(parseIpRange(actual, "address"), parseIpRange(text, "range"), (a, b) => rangeContains(b, a));
    default:
      return compareOrder(comparison, actual, text);
  }
}

/** A number as policies write them; compared as doubles, which are exact for integers below 2^53. */
export function parseNumber(text: string): number | undefined {
  if (!/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** `true` or `false`, in whatever case. */
export function parseBoolean(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : undefined;
}

function compareOrder(comparison: string, actual: string, expected: string): boolean | undefined {
  const parse = comparison.startsWith("Date") ? parseDate : parseNumber;
  const relation = RELATIONS.get(comparison.replace(/^(?:Date|Numeric)/, ""))!;
  return both(parse(actual), parse(expected), relation);
}

function both<T>(a: T | undefined, b: T | undefined, compare: (a: T, b: T) => boolean): boolean | undefined {
  return a === undefined || b === undefined ? undefined : compare(a, b);
}

function readOctets(text: string): string | undefined {
  const octets = decodeBase64(text);
  return octets === undefined ? undefined : encodeHex(octets);
}

const RELATIONS: ReadonlyMap<string, (a: number, b: number) => boolean> = /* @__PURE__ */ new Map([
  ["Equals", (a: number, b: number) => a === b],
  ["LessThan", (a: number, b: number) => a < b],
  ["LessThanEquals", (a: number, b: number) => a <= b],
  ["GreaterThan", (a: number, b: number) => a > b],
  ["GreaterThanEquals", (a: number, b: number) => a >= b],
]);
