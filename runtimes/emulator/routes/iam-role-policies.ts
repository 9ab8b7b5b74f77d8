/**
 * The policies of a role: inline ones, and managed ones that are attached.
 *
 * @see IAM API reference, "PutRolePolicy", "GetRolePolicy", "DeleteRolePolicy", "ListRolePolicies", "AttachRolePolicy",
 * "DetachRolePolicy", "ListAttachedRolePolicies"
 * @module
 */

import {
  checkQuota,
  encodedDocument,
  iamPage,
  noSuchEntity,
  type PageInput,
  permittedRole,
  putRole,
} from "../access/iam-scope.ts";
import { managedPolicyDocument } from "../access/managed-policy.ts";
import {
  ARN,
  MARKER,
  MAX_ITEMS,
  PATH_PREFIX,
  POLICY_DOCUMENT,
  POLICY_NAME,
  ROLE_NAME,
} from "../members/account-members.ts";
import { structureMember } from "../members/compound-members.ts";
import type { Member } from "../members/member.ts";
import { policySize, readPolicy } from "../access/policy-text.ts";
import type { QueryOperation } from "../protocols/query-protocol.ts";
import { refuse } from "../protocols/service-refusal.ts";
import type { RoleRecord } from "../store/records.ts";

interface PutRolePolicyInput {
  readonly roleName: string;
  readonly policyName: string;
  readonly policyDocument: string;
}

/** Puts an inline policy into a role. */
export const PUT_ROLE_POLICY: QueryOperation<PutRolePolicyInput> = {
  name: "PutRolePolicy",
  readOnly: false,
  input: /* @__PURE__ */ structureMember<PutRolePolicyInput>(
    { roleName: ROLE_NAME, policyName: POLICY_NAME, policyDocument: POLICY_DOCUMENT },
    ["roleName", "policyName", "policyDocument"],
  ),
  async run(service, call, { roleName, policyName, policyDocument }) {
    const role = permittedRole(service, call, "iam:PutRolePolicy", roleName);
    readPolicy(policyDocument, "permissions");
    const policies = { ...role.policies, [policyName]: policyDocument };
    const size = Object.values(policies).reduce((sum, document) => sum + policySize(document), 0);
    if (service.quotas === "enforce" && size > INLINE_POLICIES_SIZE) {
      const message = `Maximum policy size of ${INLINE_POLICIES_SIZE} bytes exceeded for role ${role.name}`;
      throw refuse(409, "LimitExceeded", message);
    }
    return await putRole(service, { ...role, policies });
  },
};

interface PolicyNameInput {
  readonly roleName: string;
  readonly policyName: string;
}

const POLICY_NAME_INPUT: Member<PolicyNameInput> = /* @__PURE__ */ structureMember<PolicyNameInput>(
  { roleName: ROLE_NAME, policyName: POLICY_NAME },
  ["roleName", "policyName"],
);

/** Shows an inline policy. */
export const GET_ROLE_POLICY: QueryOperation<PolicyNameInput> = {
  name: "GetRolePolicy",
  readOnly: true,
  input: POLICY_NAME_INPUT,
  run(service, call, { roleName, policyName }) {
    const role = permittedRole(service, call, "iam:GetRolePolicy", roleName);
    const document = inlinePolicy(role, policyName);
    return { output: { RoleName: role.name, PolicyName: policyName, PolicyDocument: encodedDocument(document) } };
  },
};

/** Removes an inline policy. */
export const DELETE_ROLE_POLICY: QueryOperation<PolicyNameInput> = {
  name: "DeleteRolePolicy",
  readOnly: false,
  input: POLICY_NAME_INPUT,
  async run(service, call, { roleName, policyName }) {
    const role = permittedRole(service, call, "iam:DeleteRolePolicy", roleName);
    inlinePolicy(role, policyName);
    const policies = Object.fromEntries(Object.entries(role.policies).filter(([name]) => name !== policyName));
    return await putRole(service, { ...role, policies });
  },
};

interface ListRolePoliciesInput extends PageInput {
  readonly roleName: string;
}

/** Lists the names of inline policies. */
export const LIST_ROLE_POLICIES: QueryOperation<ListRolePoliciesInput> = {
  name: "ListRolePolicies",
  readOnly: true,
  input: /* @__PURE__ */ structureMember<ListRolePoliciesInput>(
    { roleName: ROLE_NAME, marker: MARKER, maxItems: MAX_ITEMS },
    ["roleName"],
  ),
  run(service, call, input) {
    const role = permittedRole(service, call, "iam:ListRolePolicies", input.roleName);
    const { items, position } = iamPage(Object.keys(role.policies), (name) => name, input);
    return { output: { PolicyNames: items, ...position } };
  },
};

interface PolicyArnInput {
  readonly roleName: string;
  readonly policyArn: string;
}

const POLICY_ARN_INPUT: Member<PolicyArnInput> = /* @__PURE__ */ structureMember<PolicyArnInput>(
  { roleName: ROLE_NAME, policyArn: ARN },
  ["roleName", "policyArn"],
);

/** Attaches a managed policy to a role; to attach it twice changes nothing. */
export const ATTACH_ROLE_POLICY: QueryOperation<PolicyArnInput> = {
  name: "AttachRolePolicy",
  readOnly: false,
  input: POLICY_ARN_INPUT,
  async run(service, call, { roleName, policyArn }) {
    const role = permittedRole(service, call, "iam:AttachRolePolicy", roleName);
    if (managedPolicyDocument(service.store, policyArn) === undefined) {
      throw noSuchEntity(`Policy ${policyArn} does not exist or is not attachable.`);
    }
    const attached = new Set([...role.attachedPolicyArns, policyArn]);
    checkQuota(service, "PoliciesPerRole", ATTACHED_POLICIES, attached.size);
    return await putRole(service, { ...role, attachedPolicyArns: [...attached] });
  },
};

/** Detaches a managed policy from a role. */
export const DETACH_ROLE_POLICY: QueryOperation<PolicyArnInput> = {
  name: "DetachRolePolicy",
  readOnly: false,
  input: POLICY_ARN_INPUT,
  async run(service, call, { roleName, policyArn }) {
    const role = permittedRole(service, call, "iam:DetachRolePolicy", roleName);
    const attachedPolicyArns = role.attachedPolicyArns.filter((arn) => arn !== policyArn);
    if (attachedPolicyArns.length === role.attachedPolicyArns.length) {
      throw noSuchEntity(`Policy ${policyArn} was not found.`);
    }
    return await putRole(service, { ...role, attachedPolicyArns });
  },
};

interface ListAttachedRolePoliciesInput extends PageInput {
  readonly roleName: string;
  readonly pathPrefix?: string;
}

/** Lists the managed policies of a role. */
export const LIST_ATTACHED_ROLE_POLICIES: QueryOperation<ListAttachedRolePoliciesInput> = {
  name: "ListAttachedRolePolicies",
  readOnly: true,
  input: /* @__PURE__ */ structureMember<ListAttachedRolePoliciesInput>(
    { roleName: ROLE_NAME, pathPrefix: PATH_PREFIX, marker: MARKER, maxItems: MAX_ITEMS },
    ["roleName"],
  ),
  run(service, call, input) {
    const { pathPrefix = "/", roleName } = input;
    const role = permittedRole(service, call, "iam:ListAttachedRolePolicies", roleName);
    const arns = role.attachedPolicyArns.filter((arn) => arn.slice(arn.indexOf("/")).startsWith(pathPrefix));
    const { items, position } = iamPage(arns, (arn) => arn, input);
    const AttachedPolicies = items.map((arn) => ({
      PolicyName: arn.slice(arn.lastIndexOf("/") + 1),
      PolicyArn: arn,
    }));
    return { output: { AttachedPolicies, ...position } };
  },
};

/** Characters of all inline policies of a role together, without white space. */
const INLINE_POLICIES_SIZE = 10_240;

/** Managed policies of a role. */
const ATTACHED_POLICIES = 10;

function inlinePolicy(role: RoleRecord, name: string): string {
  if (!Object.hasOwn(role.policies, name)) throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
  return role.policies[name]!;
}
