/**
 * Patterns of ARNs, in conditions and in `Resource`. The two differ.
 *
 * In conditions each of the six sections is compared on its own, so that a `*` stops at its colons; the sixth may hold
 * colons, and a pattern of fewer sections, such as `*`, is like no ARN. In `Resource` a `*` that ends its section goes on across colons, any other wildcard
 * stays in its section, and in the sixth section wildcards stand for anything.
 *
 * @see IAM user guide, "IAM JSON policy elements: Condition operators" (ARN operators) and "… Resource" (wildcards)
 * @module
 */

import type { ExpandedPart } from "./policy-variable.ts";
import {
  ANY_CHARACTER,
  ANY_RUN,
  codePoints,
  hasWildcard,
  isLike,
  joinParts,
  matchesPattern,
  type Pattern,
  SECTION_CHARACTER,
  SECTION_RUN,
} from "./wildcard.ts";

/** Whether a value is the ARN that `ArnEquals` and `ArnLike` ask for. Text that is no ARN is not. */
export function matchesArn(expected: readonly ExpandedPart[], actual: string): boolean {
  const [first] = expected;
  // Like itself, wildcards and all, is every ARN.
  if (expected.length === 1 && !first!.literal && first!.text === actual) return SIX_SECTIONS.test(actual);
  const wanted = sectionsOf(expected);
  const given = actual.split(":");
  if (wanted.length < 6 || given.length < 6) return false;
  given.splice(5, given.length, given.slice(5).join(":"));
  return wanted.every((section, i) => isLike(section, given[i]!));
}

/** Whether a resource is the one that a `Resource` names. */
export function matchesResource(parts: readonly ExpandedPart[], resource: string): boolean {
  return hasWildcard(parts) ? matchesPattern(compileResource(parts), resource) : joinParts(parts) === resource;
}

/** Makes the pattern of a `Resource`. */
export function compileResource(parts: readonly ExpandedPart[]): Pattern {
  const pattern: number[] = [];
  let colons = 0;
  for (const { text, literal } of parts) {
    const points = codePoints(text);
    if (literal) {
      for (const point of points) pattern.push(point);
      continue;
    }
    for (const [i, point] of points.entries()) {
      const next = points[i + 1];
      if (point === COLON) colons++;
      if (point === QUESTION) pattern.push(colons < 5 ? SECTION_CHARACTER : ANY_CHARACTER);
      else if (point === STAR) pattern.push(colons < 5 && next !== undefined && next !== COLON ? SECTION_RUN : ANY_RUN);
      else pattern.push(point);
    }
  }
  return pattern;
}

/** Splits at the colons of the policy: those that a variable brought in belong to its section. */
function sectionsOf(parts: readonly ExpandedPart[]): readonly (readonly ExpandedPart[])[] {
  const sections: ExpandedPart[][] = [[]];
  for (const { text, literal } of parts) {
    const pieces = literal ? [text] : text.split(":");
    for (const [i, piece] of pieces.entries()) {
      if (i > 0 && sections.length < 6) sections.push([]);
      else if (i > 0) sections.at(-1)!.push({ text: ":", literal: true });
      if (piece !== "") sections.at(-1)!.push({ text: piece, literal });
    }
  }
  return sections;
}

const SIX_SECTIONS = /^(?:[^:]*:){5}/;
const STAR = 0x2a;
const QUESTION = 0x3f;
const COLON = 0x3a;
