/**
 * Members that several operations of STS and IAM have, with the limits of their API models.
 *
 * @see STS API reference, "AssumeRole"; IAM API reference, "CreateRole", "CreatePolicy"
 * @module
 */

import { listMember, structureMember } from "./compound-members.ts";
import type { Member } from "./member.ts";
import { integerMember, type TextLimits, textMember } from "./scalar-members.ts";
import type { Tag } from "./resource-members.ts";

/** The name of a role, 64 characters at most. */
export const ROLE_NAME: Member<string> = /* @__PURE__ */ nameMember(1, 64);

/** The name of a policy, 128 characters at most. */
export const POLICY_NAME: Member<string> = /* @__PURE__ */ nameMember(1, 128);

/** The name of a session. */
export const SESSION_NAME: Member<string> = /* @__PURE__ */ nameMember(2, 64);

/** An ARN, whatever its form. */
export const ARN: Member<string> = /* @__PURE__ */ textMember({ least: 20, most: 2048 });

/** `/` or `/team/`. */
export const PATH: Member<string> = /* @__PURE__ */ textMember({
  least: 1,
  most: 512,
  pattern: "(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)",
  matches: (text) => /^\/(?:[\x21-\x7e]+\/)?$/.test(text),
});

/** The beginning of a path. */
export const PATH_PREFIX: Member<string> = /* @__PURE__ */ textMember({
  least: 1,
  most: 512,
  pattern: "\\u002F[\\u0021-\\u007F]*",
  matches: (text) => /^\/[\x21-\x7f]*$/.test(text),
});

/** The text of a policy, without the quotas that depend on its kind. */
export const POLICY_DOCUMENT: Member<string> = /* @__PURE__ */ policyText(131_072);

/** The text of a session policy. */
export const SESSION_POLICY: Member<string> = /* @__PURE__ */ policyText(2048);

/** What a role or policy is for. */
export const DESCRIPTION: Member<string> = /* @__PURE__ */ textMember({
  most: 1000,
  pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*",
  matches: (text) => /^[\t\n\r\x20-\x7e\xa1-\xff]*$/.test(text),
});

/** The key of a tag. */
export const TAG_KEY: Member<string> = /* @__PURE__ */ tagText(1, 128, "+");

/** Tags. */
export const TAGS: Member<readonly Tag[]> = /* @__PURE__ */ listMember(
  /* @__PURE__ */ structureMember<Tag>(
    { key: TAG_KEY, value: /* @__PURE__ */ tagText(0, 256, "*") },
    ["key", "value"],
  ),
  50,
);

/** Where a page begins. */
export const MARKER: Member<string> = /* @__PURE__ */ textMember({ least: 1, most: 320 });

/** How long a page is. */
export const MAX_ITEMS: Member<number> = /* @__PURE__ */ integerMember({ least: 1, most: 1000, from: "text" });

/** Letters, digits, and the marks that names of IAM may have. */
export function wordMember(limits: Pick<TextLimits, "least" | "most" | "sensitive">): Member<string> {
  return textMember({ ...limits, pattern: "[\\w+=,.@-]*", matches: (text) => /^[\w+=,.@-]*$/.test(text) });
}

function nameMember(least: number, most: number): Member<string> {
  return wordMember({ least, most });
}

function policyText(most: number): Member<string> {
  return textMember({
    least: 1,
    most,
    pattern: "[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+",
    matches: (text) => /^[\t\n\r\x20-\xff]+$/.test(text),
  });
}

function tagText(least: number, most: number, quantifier: "+" | "*"): Member<string> {
  return textMember({
    least,
    most,
    pattern: `[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]${quantifier}`,
    matches: (text) => /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text),
    sensitive: true,
  });
}
