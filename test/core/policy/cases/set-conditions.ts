/**
 * Operators over the values of multivalued keys.
 *
 * @see IAM user guide, "Single-valued vs. multivalued context keys", "Multivalued context key examples"
 * @see IAM user guide, "Conditions with multiple context keys or values"
 * @module
 */

import type { ConditionRow } from "./condition-row.ts";

const ATTRIBUTES = ["PostDateTime", "Message", "Tags"];
const PATHS = ["o-acorg/r-acroot/ou-acroot-mediaou/", "o-acorg/r-acroot/ou-acroot-sportsou/*"];
const DISTRIBUTIONS = [
  "arn:aws:cloudfront::123456789012:distribution/*",
  "arn:aws:cloudfront::123456789012:distribution/support*",
];

export const SET_CONDITIONS: readonly ConditionRow[] = [
  ["ForAllValues: a subset", "ForAllValues:StringLike", ATTRIBUTES, ["PostDateTime", "Message"], true],
  ["ForAllValues: one value too many", "ForAllValues:StringLike", ATTRIBUTES, ["PostDateTime", "ID"], false],
  ["ForAllValues: the same set in another order", "ForAllValues:StringEquals", ["a", "b"], ["b", "a"], true],
  ["ForAllValues: an absent key is met", "ForAllValues:StringEquals", ATTRIBUTES, undefined, true],
  ["ForAllValues: no values are met", "ForAllValues:StringEquals", ATTRIBUTES, [], true],
  ["ForAllValues: an empty value is a null data set", "ForAllValues:StringEquals", ATTRIBUTES, [""], true],
  ["ForAllValues: an empty value beside another is compared", "ForAllValues:StringEquals", ["a"], ["a", ""], false],
  ["ForAllValues: prefixes of tag keys", "ForAllValues:StringLike", ["key1*", "key2*"], ["key1:a", "key2:b"], true],
  ["ForAllValues: a tag key of another prefix", "ForAllValues:StringLike", ["key1*", "key2*"], ["key1:a", "x"], false],
  ["ForAllValues: on a key of one value", "ForAllValues:StringEquals", "a", "a", true],
  ["ForAllValues negated: none like any", "ForAllValues:StringNotLike", PATHS, ["o-other/r/"], true],
  ["ForAllValues negated: one is", "ForAllValues:StringNotLike", PATHS, ["o-other/r/", PATHS[0]!], false],
  ["ForAllValues negated: absent", "ForAllValues:StringNotLike", PATHS, undefined, true],
  ["ForAllValues negated: case", "ForAllValues:StringNotEqualsIgnoreCase", "Owner", ["owner", "x"], false],
  ["ForAllValues: ARNs, both fit", "ForAllValues:ArnLike", DISTRIBUTIONS, [
    "arn:aws:cloudfront::123456789012:distribution/costcenter",
    "arn:aws:cloudfront::123456789012:distribution/support2025",
  ], true],
  ["ForAllValues: ARNs, another account", "ForAllValues:ArnLike", DISTRIBUTIONS, [
    "arn:aws:cloudfront::777788889999:distribution/costcenter",
  ], false],
  ["ForAllValues: ARNs, absent", "ForAllValues:ArnLike", DISTRIBUTIONS, undefined, true],
  ["ForAllValues: ARNs negated", "ForAllValues:ArnNotLike", DISTRIBUTIONS, ["arn:aws:s3:::x"], true],
  ["ForAllValues: truth values", "ForAllValues:Bool", "true", ["true", "true"], true],
  ["ForAllValues: truth values, one is not", "ForAllValues:Bool", "true", ["true", "false"], false],
  ["ForAllValues: numbers", "ForAllValues:NumericLessThan", "10", ["1", "9.5"], true],
  ["ForAllValues: what is no number is no member", "ForAllValues:NumericLessThan", "10", ["1", "x"], false],

  ["ForAnyValue: one of three", "ForAnyValue:StringEquals", ["ID", "PostDateTime"], [
    "UserName",
    "Message",
    "PostDateTime",
  ], true],
  ["ForAnyValue: none", "ForAnyValue:StringEquals", ["ID", "PostDateTime"], ["UserName"], false],
  ["ForAnyValue: a tag key", "ForAnyValue:StringEquals", "environment", ["environment", "costcenter"], true],
  ["ForAnyValue: case counts", "ForAnyValue:StringEquals", "environment", ["Environment"], false],
  ["ForAnyValue: absent", "ForAnyValue:StringEquals", "environment", undefined, false],
  ["ForAnyValue: no values", "ForAnyValue:StringEquals", "environment", [], false],
  ["ForAnyValue: an empty value is a null data set", "ForAnyValue:StringEquals", "", [""], false],
  ["ForAnyValue: patterns", "ForAnyValue:StringLike", "env*", ["x", "environment"], true],
  ["ForAnyValue negated: one is like none", "ForAnyValue:StringNotLike", ["Owner:*", "State:??"], [
    "owner:Legal",
    "Owner:Legal",
  ], true],
  ["ForAnyValue negated: all are like some", "ForAnyValue:StringNotLike", ["Owner:*", "State:??"], [
    "Owner:Legal",
    "State:NY",
  ], false],
  ["ForAnyValue negated: absent", "ForAnyValue:StringNotEquals", "a", undefined, false],
  ["ForAnyValue negated: no values", "ForAnyValue:StringNotEquals", "a", [], false],
  ["ForAnyValue: service names in a chain of calls", "ForAnyValue:StringEquals", "cloudformation.amazonaws.com", [
    "athena.amazonaws.com",
    "cloudformation.amazonaws.com",
  ], true],
  ["ForAnyValue: addresses", "ForAnyValue:IpAddress", "10.0.0.0/8", ["192.0.2.1", "10.1.2.3"], true],
  ["ForAnyValue: addresses negated", "ForAnyValue:NotIpAddress", "10.0.0.0/8", ["10.1.2.3"], false],

  ["no set operator: some value is enough", "StringEquals", "b", ["a", "b"], true],
  ["no set operator: negated, one value is too many", "StringNotEquals", "b", ["a", "b"], false],
  ["no set operator: negated, none", "StringNotEquals", "c", ["a", "b"], true],
  ["no set operator: no values", "StringEquals", "a", [], false],
  ["no set operator: negated, no values", "StringNotEquals", "a", [], true],
];
