/**
 * Policy variables: `${key}`, `${key, 'default'}`, and `${*}`, `${?}`, `${$}` for the characters themselves.
 *
 * A variable has the one value of its key. A key that is absent or has several values gives none; then the default
 * stands in, and without one the text cannot be expanded. Documents of version `2008-10-17` have no variables: there
 * `${` is text.
 *
 * @see IAM user guide, "IAM policy elements: Variables and tags"
 * @module
 */

import type { PolicyVersion } from "./policy-document.ts";
import type { RequestContext } from "./request-context.ts";

/** Text of a policy after its variables were replaced. */
export interface ExpandedPart {
  /** The text. */
  readonly text: string;
  /** Whether a variable brought it in: then no character of it is a wildcard. */
  readonly literal: boolean;
}

/** Where a key stands in for text. */
export interface PolicyVariable {
  /** The condition key. */
  readonly key: string;
  /** What stands in when the key has no single value. */
  readonly fallback: string | undefined;
}

/** A text taken apart. */
export type TemplatePart = ExpandedPart | PolicyVariable;

/** Takes a text apart at its variables; answers the offset of what begins like a variable and is none. */
export function parseTemplate(text: string): readonly TemplatePart[] | { readonly faultAt: number } {
  const parts: TemplatePart[] = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf("${", at);
    if (start < 0) break;
    VARIABLE.lastIndex = start;
    const match = VARIABLE.exec(text);
    if (match === null) return { faultAt: start };
    if (start > at) parts.push({ text: text.slice(at, start), literal: false });
    const [whole, character, key, fallback] = match;
    parts.push(character === undefined ? { key: key!, fallback } : { text: character, literal: true });
    at = start + whole.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), literal: false });
  return parts;
}

/** The keys that a text refers to. */
export function variablesOf(text: string): readonly PolicyVariable[] {
  const parts = parseTemplate(text);
  return "faultAt" in parts ? [] : parts.filter((part) => "key" in part);
}

/** Replaces the variables of a text; undefined when one of them has no value and no default. */
export function expandVariables(
  text: string,
  version: PolicyVersion,
  context: RequestContext,
): readonly ExpandedPart[] | undefined {
  if (version !== "2012-10-17" || !text.includes("${")) return [{ text, literal: false }];
  const parts = parseTemplate(text);
  if ("faultAt" in parts) return undefined;
  const expanded: ExpandedPart[] = [];
  for (const part of parts) {
    if (!("key" in part)) {
      expanded.push(part);
      continue;
    }
    const values = context.get(part.key);
    const value = values?.length === 1 ? values[0] : part.fallback;
    if (value === undefined) return undefined;
    expanded.push({ text: value, literal: true });
  }
  return expanded;
}

const VARIABLE = /\$\{(?:([*?$])|([^\s{}$*?',]+)(?:\s*,\s*'([^']*)')?)\}/y;
