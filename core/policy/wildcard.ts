/**
 * Patterns of the policy language: `*` is any run of characters, also an empty one, `?` exactly one character.
 *
 * What a policy variable brought in is literal, whatever it contains. Matching takes a number of steps that is at most
 * the product of the two lengths; a pattern of many stars costs no more than one of few.
 *
 * @see IAM user guide, "IAM JSON policy elements: Condition operators" and "IAM JSON policy elements: Resource"
 * @module
 */

import type { ExpandedPart } from "./policy-variable.ts";

/** Code points, and the negative numbers of {@linkcode ANY_RUN} and its like. */
export type Pattern = readonly number[];

/** `?`: exactly one character. */
export const ANY_CHARACTER: number = -1;
/** `*`: any run of characters. */
export const ANY_RUN: number = -2;
/** `?` within a section of an ARN: one character, not a colon. */
export const SECTION_CHARACTER: number = -3;
/** `*` within a section of an ARN: a run without a colon. */
export const SECTION_RUN: number = -4;

/** The code points of a text; half a surrogate pair is one of its own. */
export function codePoints(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0)!);
}

/** Whether a text has the form of another in which `*` and `?` stand for anything. */
export function isLike(parts: readonly ExpandedPart[], text: string): boolean {
  return hasWildcard(parts) ? matchesPattern(compilePattern(parts), text) : joinParts(parts) === text;
}

/** Whether anything but the text itself could have its form. */
export function hasWildcard(parts: readonly ExpandedPart[]): boolean {
  return parts.some(({ text, literal }) => !literal && /[*?]/.test(text));
}

/** The text of all parts. */
export function joinParts(parts: readonly ExpandedPart[]): string {
  return parts.length === 1 ? parts[0]!.text : parts.map(({ text }) => text).join("");
}

/** Makes a pattern in which `*` and `?` stand for anything. */
export function compilePattern(parts: readonly ExpandedPart[]): Pattern {
  return parts.flatMap(({ text, literal }) => {
    const points = codePoints(text);
    return literal
      ? points
      : points.map((point) => point === STAR ? ANY_RUN : point === QUESTION ? ANY_CHARACTER : point);
  });
}

/** Whether the whole text has the form of the pattern. */
export function matchesPattern(pattern: Pattern, text: string): boolean {
  return pattern.includes(SECTION_RUN) ? matchStates(pattern, codePoints(text)) : matchRuns(pattern, codePoints(text));
}

/** Goes back to the last star only: whatever came before it is matched as early as can be. */
function matchRuns(pattern: Pattern, text: readonly number[]): boolean {
  let at = 0;
  let star = -1;
  let afterStar = 0;
  for (let i = 0; i < text.length;) {
    if (at < pattern.length && pattern[at] === ANY_RUN) {
      star = at++;
      afterStar = i;
    } else if (at < pattern.length && takes(pattern[at]!, text[i]!)) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++afterStar;
    } else return false;
  }
  while (pattern[at] === ANY_RUN) at++;
  return at === pattern.length;
}

/** Follows every position of the pattern at once: a star that stops at colons may have to give way to an earlier one. */
function matchStates(pattern: Pattern, text: readonly number[]): boolean {
  let states = new Uint8Array(pattern.length + 1);
  enter(pattern, states, 0);
  for (const point of text) {
    const next = new Uint8Array(pattern.length + 1);
    for (const [at, element] of pattern.entries()) {
      if (states[at] === 0 || !takes(element, point)) continue;
      enter(pattern, next, isRun(element) ? at : at + 1);
    }
    states = next;
  }
  return states[pattern.length] === 1;
}

function enter(pattern: Pattern, states: Uint8Array, from: number): void {
  let at = from;
  while (states[at] === 0) {
    states[at] = 1;
    if (at === pattern.length || !isRun(pattern[at]!)) return;
    at++;
  }
}

function isRun(element: number): boolean {
  return element === ANY_RUN || element === SECTION_RUN;
}

function takes(element: number, point: number): boolean {
  if (element >= 0) return element === point;
  return element === ANY_CHARACTER || element === ANY_RUN || point !== COLON;
}

const STAR = 0x2a;
const QUESTION = 0x3f;
const COLON = 0x3a;
