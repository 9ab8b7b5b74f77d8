/**
 * Roles of IAM.
 *
 * @see IAM API reference, "CreateRole", "GetRole", "UpdateAssumeRolePolicy", "UpdateRole", "DeleteRole", "ListRoles"
 * @module
 */

import { authorize } from "../access/authorize.ts";
import type { Call } from "../aws-service.ts";
import {
  checkQuota,
  deleteConflict,
  encodedDocument,
  entityAlreadyExists,
  findRole,
  iamArn,
  iamPage,
  iamTime,
  ownRoles,
  type PageInput,
  permittedRole,
  putRole,
} from "../access/iam-scope.ts";
import {
  ARN,
  DESCRIPTION,
  MARKER,
  MAX_ITEMS,
  PATH,
  PATH_PREFIX,
  POLICY_DOCUMENT,
  ROLE_NAME,
  TAGS,
} from "../members/account-members.ts";
import { structureMember } from "../members/compound-members.ts";
import type { Member } from "../members/member.ts";
import type { Tag } from "../members/resource-members.ts";
import { integerMember } from "../members/scalar-members.ts";
import { policySize, readPolicy } from "../access/policy-text.ts";
import type { QueryOperation } from "../protocols/query-protocol.ts";
import { resourceTime } from "../roles-anywhere/resource-time.ts";
import type { Service } from "../service.ts";
import { refuse } from "../protocols/service-refusal.ts";
import { sessionTags } from "../access/session-tags.ts";
import type { RoleRecord } from "../store/records.ts";
import type { XmlValue } from "../protocols/xml.ts";

interface CreateRoleInput {
  readonly roleName: string;
  readonly assumeRolePolicyDocument: string;
  readonly path?: string;
  readonly description?: string;
  readonly maxSessionDuration?: number;
  readonly permissionsBoundary?: string;
  readonly tags?: readonly Tag[];
}

const MAX_SESSION_DURATION: Member<number> = /* @__PURE__ */ integerMember({ least: 3600, most: 43_200, from: "text" });

/** Makes a role. */
export const CREATE_ROLE: QueryOperation<CreateRoleInput> = {
  name: "CreateRole",
  readOnly: false,
  input: /* @__PURE__ */ structureMember<CreateRoleInput>({
    roleName: ROLE_NAME,
    assumeRolePolicyDocument: POLICY_DOCUMENT,
    path: PATH,
    description: DESCRIPTION,
    maxSessionDuration: MAX_SESSION_DURATION,
    permissionsBoundary: ARN,
    tags: TAGS,
  }, ["roleName", "assumeRolePolicyDocument"]),
  async run(service, call, input) {
    const { roleName: name, path = "/", tags = [] } = input;
    const arn = iamArn(call, `role${path}${name}`);
    authorize(service, call, "iam:CreateRole", arn, tags.map(({ key, value }) => [`aws:RequestTag/${key}`, value]));
    if (input.permissionsBoundary !== undefined) {
      // A boundary that is not enforced would let more happen here than at AWS.
      throw refuse(400, "InvalidInput", "The emulator does not support PermissionsBoundary.");
    }
    checkTrustPolicy(service, input.assumeRolePolicyDocument);
    const role: RoleRecord = {
      arn,
      id: service.identifiers.unique("AROA", 17),
      name,
      path,
      ...(input.description === undefined ? {} : { description: input.description }),
      maxSessionDurationSeconds: input.maxSessionDuration ?? 3600,
      assumeRolePolicyDocument: input.assumeRolePolicyDocument,
      policies: {},
      attachedPolicyArns: [],
      ...sessionTags(tags, [], undefined).tags.length === 0 ? {} : { tags },
      createdAt: resourceTime(service.now()),
    };
    if (findRole(service, call, name) !== undefined) {
      throw entityAlreadyExists(`Role with name ${name} already exists.`);
    }
    await service.store.commit([{ table: "roles", key: arn, record: role }]);
    return { output: { Role: roleOutput(role) }, logged: { role: { arn, roleName: name, roleId: role.id } } };
  },
};

interface RoleNameInput {
  readonly roleName: string;
}

const ROLE_NAME_INPUT: Member<RoleNameInput> = /* @__PURE__ */ structureMember<RoleNameInput>(
  { roleName: ROLE_NAME },
  ["roleName"],
);

/** Shows a role. */
export const GET_ROLE: QueryOperation<RoleNameInput> = {
  name: "GetRole",
  readOnly: true,
  input: ROLE_NAME_INPUT,
  run(service, call, { roleName }) {
    const role = permittedRole(service, call, "iam:GetRole", roleName);
    return { output: { Role: { ...detailedRoleOutput(role), RoleLastUsed: {} } } };
  },
};

interface UpdateAssumeRolePolicyInput {
  readonly roleName: string;
  readonly policyDocument: string;
}

/** Replaces the trust policy of a role. */
export const UPDATE_ASSUME_ROLE_POLICY: QueryOperation<UpdateAssumeRolePolicyInput> = {
  name: "UpdateAssumeRolePolicy",
  readOnly: false,
  input: /* @__PURE__ */ structureMember<UpdateAssumeRolePolicyInput>(
    { roleName: ROLE_NAME, policyDocument: POLICY_DOCUMENT },
    ["roleName", "policyDocument"],
  ),
  async run(service, call, { roleName, policyDocument }) {
    const role = permittedRole(service, call, "iam:UpdateAssumeRolePolicy", roleName);
    checkTrustPolicy(service, policyDocument);
    return await putRole(service, { ...role, assumeRolePolicyDocument: policyDocument });
  },
};

interface UpdateRoleInput {
  readonly roleName: string;
  readonly description?: string;
  readonly maxSessionDuration?: number;
}

/** Replaces description and longest session of a role. */
export const UPDATE_ROLE: QueryOperation<UpdateRoleInput> = {
  name: "UpdateRole",
  readOnly: false,
  input: /* @__PURE__ */ structureMember<UpdateRoleInput>(
    { roleName: ROLE_NAME, description: DESCRIPTION, maxSessionDuration: MAX_SESSION_DURATION },
    ["roleName"],
  ),
  async run(service, call, { roleName, description, maxSessionDuration }) {
    const role = permittedRole(service, call, "iam:UpdateRole", roleName);
    await putRole(service, {
      ...role,
      ...(description === undefined ? {} : { description }),
      ...(maxSessionDuration === undefined ? {} : { maxSessionDurationSeconds: maxSessionDuration }),
    });
    return { output: {} };
  },
};

/** Removes a role that has no policies. */
export const DELETE_ROLE: QueryOperation<RoleNameInput> = {
  name: "DeleteRole",
  readOnly: false,
  input: ROLE_NAME_INPUT,
  async run(service, call, { roleName }) {
    const role = permittedRole(service, call, "iam:DeleteRole", roleName);
    if (role.attachedPolicyArns.length > 0) {
      throw deleteConflict("Cannot delete entity, must detach all policies first.");
    }
    if (Object.keys(role.policies).length > 0) {
      throw deleteConflict("Cannot delete entity, must delete policies first.");
    }
    await service.store.commit([{ table: "roles", key: role.arn }]);
    return {};
  },
};

interface ListRolesInput extends PageInput {
  readonly pathPrefix?: string;
}

/** Lists the roles of the account. */
export const LIST_ROLES: QueryOperation<ListRolesInput> = {
  name: "ListRoles",
  readOnly: true,
  input: /* @__PURE__ */ structureMember<ListRolesInput>({
    pathPrefix: PATH_PREFIX,
    marker: MARKER,
    maxItems: MAX_ITEMS,
  }),
  run(service, call: Call, input) {
    const { pathPrefix = "/" } = input;
    authorize(service, call, "iam:ListRoles", iamArn(call, `role${pathPrefix}`));
    const roles = ownRoles(service, call).filter(({ path }) => path.startsWith(pathPrefix));
    const { items, position } = iamPage(roles, ({ name }) => name, input);
    return { output: { Roles: items.map(detailedRoleOutput), ...position } };
  },
};

/** Characters of a trust policy without white space. */
const TRUST_POLICY_SIZE = 2048;

function checkTrustPolicy(service: Service, document: string): void {
  readPolicy(document, "trust");
  checkQuota(service, "ACLSizePerRole", TRUST_POLICY_SIZE, policySize(document));
}

function roleOutput(role: RoleRecord): Readonly<Record<string, XmlValue>> {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: iamTime(role.createdAt),
    AssumeRolePolicyDocument: encodedDocument(role.assumeRolePolicyDocument),
    Tags: role.tags?.map(({ key, value }) => ({ Key: key, Value: value })),
  };
}

function detailedRoleOutput(role: RoleRecord): Readonly<Record<string, XmlValue>> {
  return {
    ...roleOutput(role),
    Description: role.description,
    MaxSessionDuration: role.maxSessionDurationSeconds,
  };
}
