/**
 * Managed policies of IAM, each with its one version.
 *
 * @see IAM API reference, "CreatePolicy", "GetPolicy", "GetPolicyVersion", "DeletePolicy"
 * @module
 */

import { authorize } from "../access/authorize.ts";
import type { Call } from "../aws-service.ts";
import {
  checkQuota,
  deleteConflict,
  encodedDocument,
  entityAlreadyExists,
  iamArn,
  iamTime,
  noSuchEntity,
  ownPolicies,
  ownRoles,
} from "../access/iam-scope.ts";
import { awsManagedPolicy } from "../access/managed-policy.ts";
import { ARN, DESCRIPTION, PATH, POLICY_DOCUMENT, POLICY_NAME } from "../members/account-members.ts";
import { structureMember } from "../members/compound-members.ts";
import type { Member } from "../members/member.ts";
import { textMember } from "../members/scalar-members.ts";
import { policySize, readPolicy } from "../access/policy-text.ts";
import type { QueryOperation } from "../protocols/query-protocol.ts";
import { resourceTime } from "../roles-anywhere/resource-time.ts";
import type { Service } from "../service.ts";
import type { ManagedPolicyRecord } from "../store/records.ts";
import type { XmlValue } from "../protocols/xml.ts";

interface CreatePolicyInput {
  readonly policyName: string;
  readonly policyDocument: string;
  readonly path?: string;
  readonly description?: string;
}

/** Makes a managed policy. */
export const CREATE_POLICY: QueryOperation<CreatePolicyInput> = {
  name: "CreatePolicy",
  readOnly: false,
  input: /* @__PURE__ */ structureMember<CreatePolicyInput>({
    policyName: POLICY_NAME,
    policyDocument: POLICY_DOCUMENT,
    path: PATH,
    description: DESCRIPTION,
  }, ["policyName", "policyDocument"]),
  async run(service, call, { policyName: name, policyDocument: document, path = "/", description }) {
    const arn = iamArn(call, `policy${path}${name}`);
    authorize(service, call, "iam:CreatePolicy", arn);
    readPolicy(document, "permissions");
    checkQuota(service, "PolicySize", MANAGED_POLICY_SIZE, policySize(document));
    if (ownPolicies(service, call).some((policy) => policy.name.toLowerCase() === name.toLowerCase())) {
      throw entityAlreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
    }
    const policy: ManagedPolicyRecord = {
      arn,
      id: service.identifiers.unique("ANPA", 17),
      name,
      path,
      ...(description === undefined ? {} : { description }),
      document,
      createdAt: resourceTime(service.now()),
    };
    await service.store.commit([{ table: "managedPolicies", key: arn, record: policy }]);
    return {
      output: { Policy: policyOutput(service, call, policy) },
      logged: { policy: { arn, policyName: name, policyId: policy.id } },
    };
  },
};

interface PolicyArnInput {
  readonly policyArn: string;
}

const POLICY_ARN_INPUT: Member<PolicyArnInput> = /* @__PURE__ */ structureMember<PolicyArnInput>(
  { policyArn: ARN },
  ["policyArn"],
);

/** Shows a managed policy. */
export const GET_POLICY: QueryOperation<PolicyArnInput> = {
  name: "GetPolicy",
  readOnly: true,
  input: POLICY_ARN_INPUT,
  run(service, call, { policyArn }) {
    const policy = permittedPolicy(service, call, "iam:GetPolicy", policyArn);
    const Description = policy.description;
    return { output: { Policy: { ...policyOutput(service, call, policy), Description } } };
  },
};

interface PolicyVersionInput extends PolicyArnInput {
  readonly versionId: string;
}

/** Shows the document of a managed policy. */
export const GET_POLICY_VERSION: QueryOperation<PolicyVersionInput> = {
  name: "GetPolicyVersion",
  readOnly: true,
  input: /* @__PURE__ */ structureMember<PolicyVersionInput>({
    policyArn: ARN,
    versionId: /* @__PURE__ */ textMember({
      most: 32,
      pattern: "v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?",
      matches: (text) => /^v[1-9][0-9]*(\.[A-Za-z0-9-]*)?$/.test(text),
    }),
  }, ["policyArn", "versionId"]),
  run(service, call, { policyArn, versionId }) {
    const policy = permittedPolicy(service, call, "iam:GetPolicyVersion", policyArn);
    if (versionId !== VERSION_ID) {
      throw noSuchEntity(`Policy ${policyArn} version ${versionId} does not exist or is not attachable.`);
    }
    return {
      output: {
        PolicyVersion: {
          Document: encodedDocument(policy.document),
          VersionId: VERSION_ID,
          IsDefaultVersion: true,
          CreateDate: iamTime(policy.createdAt),
        },
      },
    };
  },
};

/** Removes a managed policy that is attached to nothing. */
export const DELETE_POLICY: QueryOperation<PolicyArnInput> = {
  name: "DeletePolicy",
  readOnly: false,
  input: POLICY_ARN_INPUT,
  async run(service, call, { policyArn }) {
    authorize(service, call, "iam:DeletePolicy", policyArn);
    const policy = ownPolicies(service, call).find(({ arn }) => arn === policyArn);
    if (policy === undefined) throw noSuchEntity(`Policy ${policyArn} was not found.`);
    if (attachments(service, call, policyArn) > 0) {
      throw deleteConflict("Cannot delete a policy attached to entities.");
    }
    await service.store.commit([{ table: "managedPolicies", key: policyArn }]);
    return {};
  },
};

/** Characters of a managed policy without white space. */
const MANAGED_POLICY_SIZE = 6144;

/** The one version that a policy has here. */
const VERSION_ID = "v1";

function permittedPolicy(service: Service, call: Call, action: string, arn: string): ManagedPolicyRecord {
  authorize(service, call, action, arn);
  const own = ownPolicies(service, call).find((policy) => policy.arn === arn);
  if (own !== undefined) return own;
  const { name, document } = awsManagedPolicy(arn) ?? {};
  if (name === undefined || document === undefined) throw noSuchEntity(`Policy ${arn} was not found.`);
  // AWS made its policies long ago; identifier and time are the emulator's own.
  const id = `ANPA${name.toUpperCase().replace(/[^A-Z]/g, "").slice(0, 17).padEnd(17, "A")}`;
  return { arn, id, name, path: "/", document, createdAt: "2015-02-06T18:39:46.000000Z" };
}

function attachments(service: Service, call: Call, arn: string): number {
  return ownRoles(service, call).filter(({ attachedPolicyArns }) => attachedPolicyArns.includes(arn)).length;
}

function policyOutput(
  service: Service,
  call: Call,
  policy: ManagedPolicyRecord,
): Readonly<Record<string, XmlValue>> {
  const { arn, id, name, path, createdAt } = policy;
  return {
    PolicyName: name,
    PolicyId: id,
    Arn: arn,
    Path: path,
    DefaultVersionId: VERSION_ID,
    AttachmentCount: attachments(service, call, arn),
    PermissionsBoundaryUsageCount: 0,
    IsAttachable: true,
    CreateDate: iamTime(createdAt),
    UpdateDate: iamTime(createdAt),
  };
}
