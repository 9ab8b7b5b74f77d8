/**
 * Tags and permissions of private certificate authorities.
 *
 * @see AWS Private CA API reference, "TagCertificateAuthority", "CreatePermission"
 * @module
 */

import type { JsonOperation } from "../protocols/json-operation.ts";
import { listMember, structureMember } from "../members/compound-members.ts";
import { choiceMember, integerMember, textMember } from "../members/scalar-members.ts";
import { findAuthority } from "../private-ca/authority.ts";
import { type ApiTag, ARN_MEMBER, TAGS_MEMBER } from "../private-ca/input-members.ts";
import { refuse } from "../protocols/service-refusal.ts";
import { type AuthorityInput, authorityResource, invalidState } from "./acm-pca-authorities.ts";

/** Most tags of an authority. */
const MAX_TAGS = 50;

interface TagsInput extends AuthorityInput {
  readonly Tags: readonly ApiTag[];
}

const TAGS_INPUT = /* @__PURE__ */ structureMember<TagsInput>(
  { CertificateAuthorityArn: ARN_MEMBER, Tags: TAGS_MEMBER },
  ["CertificateAuthorityArn", "Tags"],
);

/** Sets tags; those with other keys stay. */
export const TAG_CERTIFICATE_AUTHORITY: JsonOperation<TagsInput> = {
  name: "TagCertificateAuthority",
  readOnly: false,
  input: TAGS_INPUT,
  resource: authorityResource,
  async run(service, call, { CertificateAuthorityArn, Tags }) {
    const authority = findAuthority(service, call, CertificateAuthorityArn);
    if (authority.status === "DELETED") throw invalidState(authority.status);
    const tags = new Map(authority.tags.map(({ key, value }) => [key, value]));
    for (const { Key, Value = "" } of Tags) {
      if (Key.toLowerCase().startsWith("aws:")) {
        throw refuse(400, "InvalidTagException", "Keys that begin with aws: are reserved.");
      }
      tags.set(Key, Value);
    }
    if (tags.size > MAX_TAGS) {
      throw refuse(400, "TooManyTagsException", `A certificate authority has at most ${MAX_TAGS} tags.`);
    }
    const record = { ...authority, tags: Array.from(tags, ([key, value]) => ({ key, value })) };
    await service.store.commit([{ table: "authorities", key: authority.arn, record }]);
    return undefined;
  },
};

/** Removes tags: with a value only if it is that one. */
export const UNTAG_CERTIFICATE_AUTHORITY: JsonOperation<TagsInput> = {
  name: "UntagCertificateAuthority",
  readOnly: false,
  input: TAGS_INPUT,
  resource: authorityResource,
  async run(service, call, { CertificateAuthorityArn, Tags }) {
    const authority = findAuthority(service, call, CertificateAuthorityArn);
    if (authority.status === "DELETED") throw invalidState(authority.status);
    const removed = (key: string, value: string): boolean =>
      Tags.some((tag) => tag.Key === key && (tag.Value === undefined || tag.Value === value));
    const record = { ...authority, tags: authority.tags.filter(({ key, value }) => !removed(key, value)) };
    await service.store.commit([{ table: "authorities", key: authority.arn, record }]);
    return undefined;
  },
};

interface ListInput extends AuthorityInput {
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

const LIST_INPUT = /* @__PURE__ */ structureMember<ListInput>({
  CertificateAuthorityArn: ARN_MEMBER,
  MaxResults: /* @__PURE__ */ integerMember({ least: 1, most: 1000 }),
  NextToken: /* @__PURE__ */ textMember({ least: 1, most: 43_739 }),
}, ["CertificateAuthorityArn"]);

/** One page of what an authority has; a token is the number of the first that is still to come. */
function page<T>(all: readonly T[], { MaxResults = 1000, NextToken = "0" }: ListInput): {
  readonly items: readonly T[];
  readonly next: { readonly NextToken?: string };
} {
  const from = /^\d{1,4}$/.test(NextToken) ? Number(NextToken) : Infinity;
  if (from > all.length) {
    throw refuse(400, "InvalidNextTokenException", "The token specified in the NextToken argument is not valid.");
  }
  const end = from + MaxResults;
  return { items: all.slice(from, end), next: end < all.length ? { NextToken: String(end) } : {} };
}

/** Lists tags. */
export const LIST_TAGS: JsonOperation<ListInput> = {
  name: "ListTags",
  readOnly: true,
  input: LIST_INPUT,
  resource: authorityResource,
  run(service, call, input) {
    const { items, next } = page(findAuthority(service, call, input.CertificateAuthorityArn).tags, input);
    return { Tags: items.map(({ key, value }) => ({ Key: key, Value: value })), ...next };
  },
};

interface PermissionInput extends AuthorityInput {
  readonly Principal: string;
  readonly SourceAccount?: string;
  readonly Actions?: readonly string[];
}

const principalMember = /* @__PURE__ */ textMember({
  most: 128,
  pattern: "[^*]+",
  matches: (text) => /^[^*]+$/.test(text),
});
const accountMember = /* @__PURE__ */ textMember({
  least: 12,
  most: 12,
  pattern: "[0-9]+",
  matches: (text) => /^[0-9]+$/.test(text),
});
const PERMISSION_INPUT = /* @__PURE__ */ structureMember<PermissionInput>({
  CertificateAuthorityArn: ARN_MEMBER,
  Principal: principalMember,
  SourceAccount: accountMember,
  Actions: /* @__PURE__ */ listMember(
    /* @__PURE__ */ choiceMember(["IssueCertificate", "GetCertificate", "ListPermissions"]),
    3,
  ),
}, ["CertificateAuthorityArn", "Principal", "Actions"]);

/** Lets a service issue with the authority; here it is kept, and nothing else. */
export const CREATE_PERMISSION: JsonOperation<PermissionInput> = {
  name: "CreatePermission",
  readOnly: false,
  input: PERMISSION_INPUT,
  resource: authorityResource,
  async run(service, call, { CertificateAuthorityArn, Principal, SourceAccount, Actions = [] }) {
    const authority = findAuthority(service, call, CertificateAuthorityArn);
    if (authority.status === "DELETED") throw invalidState(authority.status);
    const sourceAccount = SourceAccount ?? call.caller!.account;
    const known = authority.permissions.some((one) =>
      one.principal === Principal && one.sourceAccount === sourceAccount
    );
    if (known) {
      throw refuse(400, "PermissionAlreadyExistsException", `${Principal} already has a permission.`);
    }
    const permission = { principal: Principal, sourceAccount, actions: Actions, createdAtMs: service.now() };
    const record = { ...authority, permissions: [...authority.permissions, permission] };
    await service.store.commit([{ table: "authorities", key: authority.arn, record }]);
    return undefined;
  },
};

/** Takes a permission back. */
export const DELETE_PERMISSION: JsonOperation<PermissionInput> = {
  name: "DeletePermission",
  readOnly: false,
  input: /* @__PURE__ */ structureMember<PermissionInput>({
    CertificateAuthorityArn: ARN_MEMBER,
    Principal: principalMember,
    SourceAccount: accountMember,
    Actions: /* @__PURE__ */ listMember(/* @__PURE__ */ textMember(), 3),
  }, ["CertificateAuthorityArn", "Principal"]),
  resource: authorityResource,
  async run(service, call, { CertificateAuthorityArn, Principal, SourceAccount }) {
    const authority = findAuthority(service, call, CertificateAuthorityArn);
    const sourceAccount = SourceAccount ?? call.caller!.account;
    const permissions = authority.permissions.filter((one) =>
      one.principal !== Principal || one.sourceAccount !== sourceAccount
    );
    if (permissions.length === authority.permissions.length) {
      throw refuse(400, "ResourceNotFoundException", `${Principal} has no permission.`);
    }
    await service.store.commit([{ table: "authorities", key: authority.arn, record: { ...authority, permissions } }]);
    return undefined;
  },
};

/** Lists permissions. */
export const LIST_PERMISSIONS: JsonOperation<ListInput> = {
  name: "ListPermissions",
  readOnly: true,
  input: LIST_INPUT,
  resource: authorityResource,
  run(service, call, input) {
    const { items, next } = page(findAuthority(service, call, input.CertificateAuthorityArn).permissions, input);
    const Permissions = items.map(({ principal, sourceAccount, actions, createdAtMs }) => ({
      CertificateAuthorityArn: input.CertificateAuthorityArn,
      CreatedAt: createdAtMs / 1000,
      Principal: principal,
      SourceAccount: sourceAccount,
      Actions: actions,
    }));
    return { Permissions, ...next };
  },
};
