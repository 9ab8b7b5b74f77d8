/**
 * Managed policies by their ARN: those of the account, and a few of AWS's own.
 *
 * @see {@link https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html | AWS managed policies}
 * @module
 */

import type { EmulatorStore } from "../store/emulator-store.ts";

/** The document of a managed policy, JSON text; undefined when there is none. */
export function managedPolicyDocument(store: EmulatorStore, arn: string): string | undefined {
  return store.get("managedPolicies", arn)?.document ?? awsManagedPolicy(arn)?.document;
}

/** A managed policy of AWS. */
export interface AwsManagedPolicy {
  readonly name: string;
  /** JSON text. */
  readonly document: string;
}

/** A managed policy of AWS by its ARN, in whatever partition; undefined when the emulator does not know it. */
export function awsManagedPolicy(arn: string): AwsManagedPolicy | undefined {
  const name = /^arn:aws[a-z-]*:iam::aws:policy\/([\w+=,.@-]+)$/.exec(arn)?.[1];
  const actions = name === undefined ? undefined : AWS_MANAGED.get(name);
  if (name === undefined || actions === undefined) return undefined;
  const statement = { Effect: "Allow", Action: actions, Resource: "*" };
  return { name, document: JSON.stringify({ Version: "2012-10-17", Statement: [statement] }) };
}

/** What the policies of AWS allow on every resource; only those that are one such statement. */
const AWS_MANAGED: ReadonlyMap<string, readonly string[]> = /* @__PURE__ */ new Map([
  ["AdministratorAccess", ["*"]],
  ["IAMFullAccess", ["iam:*", "organizations:DescribeAccount", "organizations:DescribeOrganization"]],
  ["AmazonS3FullAccess", ["s3:*", "s3-object-lambda:*"]],
  [
    "AmazonS3ReadOnlyAccess",
    ["s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*", "s3-object-lambda:List*"],
  ],
  ["AWSPrivateCAFullAccess", ["acm-pca:*"]],
]);
