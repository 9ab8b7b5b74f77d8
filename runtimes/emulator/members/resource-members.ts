/**
 * Members that several operations of IAM Roles Anywhere have, with the limits of the API model.
 *
 * @see IAM Roles Anywhere API reference, "CreateTrustAnchor", "CreateProfile", "ImportCrl", "TagResource"
 * @module
 */

import { matchesArnPattern } from "../../../core/decision/session-parameters.ts";
import { listMember, structureMember } from "./compound-members.ts";
import type { Member } from "./member.ts";
import { textMember } from "./scalar-members.ts";

/** A tag. */
export interface Tag {
  readonly key: string;
  readonly value: string;
}

/** The name of a resource; need not be unique. */
export const NAME: Member<string> = /* @__PURE__ */ textMember({
  least: 1,
  most: 255,
  pattern: "[ a-zA-Z0-9-_]*",
  matches: (text) => /^[ a-zA-Z0-9-_]*$/.test(text),
});

/** The identifier of a resource. The pattern is the model's, which is looser than that of a UUID. */
export const RESOURCE_ID: Member<string> = /* @__PURE__ */ textMember({
  least: 36,
  most: 36,
  pattern: ".*[a-f0-9]{8}-([a-z0-9]{4}-){3}[a-z0-9]{12}.*",
  matches: (text) => /^.*[a-f0-9]{8}-([a-z0-9]{4}-){3}[a-z0-9]{12}.*$/.test(text),
});

/** The ARN of a resource, whatever its form. */
export const RESOURCE_ARN: Member<string> = /* @__PURE__ */ textMember({ least: 1, most: 1011 });

/** The ARN of a trust anchor. */
export const TRUST_ANCHOR_ARN: Member<string> = /* @__PURE__ */ arnMember("rolesanywhere", "trust-anchor");

/** The ARN of a role. */
export const ROLE_ARN: Member<string> = /* @__PURE__ */ arnMember("iam", "role");

/** The key of a tag. */
export const TAG_KEY: Member<string> = /* @__PURE__ */ tagText(1, 128);

/** Tags. */
export const TAGS: Member<readonly Tag[]> = /* @__PURE__ */ listMember(
  /* @__PURE__ */ structureMember<Tag>({ key: TAG_KEY, value: /* @__PURE__ */ tagText(0, 256) }, ["key", "value"]),
  200,
);

function tagText(least: number, most: number): Member<string> {
  return textMember({
    least,
    most,
    pattern: "[ a-zA-Z0-9_.:/=+@-]*",
    matches: (text) => /^[ a-zA-Z0-9_.:/=+@-]*$/.test(text),
    sensitive: true,
  });
}

function arnMember(service: "iam" | "rolesanywhere", resource: string): Member<string> {
  return textMember({
    least: 1,
    most: 1011,
    pattern: `arn:aws(-[^:]+)?:${service}(:.*){2}(:${resource}.*)`,
    matches: (text) => matchesArnPattern(text, service, resource),
  });
}
