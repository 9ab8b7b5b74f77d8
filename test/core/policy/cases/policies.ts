/**
 * Whole policies: effects, principals, actions, resources and several conditions.
 *
 * @see IAM user guide, "Policy evaluation logic"; "AWS JSON policy elements: Principal"; "… Action"; "… Resource"
 * @see IAM Roles Anywhere user guide, "Role trusting"
 * @module
 */

import type { PolicyResult, RequestPrincipal } from "../../../../core/policy/mod.ts";
import type { CaseContext } from "./condition-row.ts";

/** One policy against one request. */
export interface PolicyCase {
  readonly shows: string;
  readonly kind: "trust" | "permissions";
  /** A statement, statements, or a whole document. */
  readonly policy: object;
  readonly action: string;
  readonly resource?: string;
  readonly principal?: RequestPrincipal;
  readonly context?: CaseContext;
  readonly outcome: PolicyResult["outcome"];
}

const SERVICE: RequestPrincipal = { type: "Service", value: "rolesanywhere.amazonaws.com" };
const ROLES_ANYWHERE = { Service: "rolesanywhere.amazonaws.com" };
const ANCHOR = "arn:aws:rolesanywhere:eu-central-1:111122223333:trust-anchor/0d3b4a8a-1111-2222-3333-444455556666";
const BUCKET = "arn:aws:s3:::amzn-s3-demo-bucket";

/** A permissions policy of one Allow statement for `s3:GetObject`. */
function resources(
  shows: string,
  element: Record<string, string | readonly string[]>,
  resource: string | undefined,
  outcome: PolicyResult["outcome"],
  context: CaseContext = {},
): PolicyCase {
  const policy = { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "s3:GetObject", ...element } };
  const request = resource === undefined ? {} : { resource };
  return { shows, kind: "permissions", policy, action: "s3:GetObject", ...request, context, outcome };
}

function actions(
  shows: string,
  element: Record<string, string | readonly string[]>,
  action: string,
  outcome: PolicyResult["outcome"],
): PolicyCase {
  return { shows, kind: "permissions", policy: { Effect: "Allow", Resource: "*", ...element }, action, outcome };
}

function principals(
  shows: string,
  element: Record<string, unknown>,
  principal: RequestPrincipal | undefined,
  outcome: PolicyResult["outcome"],
): PolicyCase {
  const policy = { Effect: "Allow", Action: "sts:AssumeRole", ...element };
  const request = principal === undefined ? {} : { principal };
  return { shows, kind: "trust", policy, action: "sts:AssumeRole", ...request, outcome };
}

const SESSION: RequestPrincipal = { type: "AWS", value: "arn:aws:sts::444455556666:assumed-role/audit/app" };
const BOB: RequestPrincipal = { type: "AWS", value: "arn:aws:iam::444455556666:user/Bob" };
const ALICE: RequestPrincipal = { type: "AWS", value: "arn:aws:iam::444455556666:user/Alice" };
const ROOT: RequestPrincipal = { type: "AWS", value: "arn:aws:iam::444455556666:root" };

export const POLICY_CASES: readonly PolicyCase[] = [
  principals("a service by its name", { Principal: ROLES_ANYWHERE }, SERVICE, "allow"),
  principals("another service", { Principal: { Service: "ec2.amazonaws.com" } }, SERVICE, "implicit-deny"),
  principals(
    "one of several services",
    {
      Principal: { Service: ["ec2.amazonaws.com", "rolesanywhere.amazonaws.com"] },
    },
    SERVICE,
    "allow",
  ),
  principals(
    "principals of several types are ORed",
    {
      Principal: { AWS: "444455556666", ...ROLES_ANYWHERE },
    },
    SERVICE,
    "allow",
  ),
  principals("a service is no account", { Principal: { AWS: "444455556666" } }, SERVICE, "implicit-deny"),
  principals(
    "names of services are compared exactly",
    {
      Principal: { Service: "RolesAnywhere.amazonaws.com" },
    },
    SERVICE,
    "implicit-deny",
  ),
  principals("everybody", { Principal: "*" }, SERVICE, "allow"),
  principals("everybody, as AWS", { Principal: { AWS: "*" } }, SERVICE, "allow"),
  principals("everybody without a name", { Principal: "*" }, undefined, "allow"),
  principals("an account's number", { Principal: { AWS: "444455556666" } }, BOB, "allow"),
  principals("an account's ARN", { Principal: { AWS: "arn:aws:iam::444455556666:root" } }, BOB, "allow"),
  principals("an account's sessions", { Principal: { AWS: "444455556666" } }, SESSION, "allow"),
  principals("another account", { Principal: { AWS: "111122223333" } }, BOB, "implicit-deny"),
  principals("a user", { Principal: { AWS: "arn:aws:iam::444455556666:user/Bob" } }, BOB, "allow"),
  principals(
    "names of users are case-sensitive",
    {
      Principal: { AWS: "arn:aws:iam::444455556666:user/bob" },
    },
    BOB,
    "implicit-deny",
  ),
  principals(
    "a role stands for its sessions",
    { Principal: { AWS: "arn:aws:iam::444455556666:role/audit" } },
    SESSION,
    "allow",
  ),
  principals(
    "a role with a path as well",
    {
      Principal: { AWS: "arn:aws:iam::444455556666:role/team/audit" },
    },
    SESSION,
    "allow",
  ),
  principals(
    "another role does not",
    { Principal: { AWS: "arn:aws:iam::444455556666:role/audi" } },
    SESSION,
    "implicit-deny",
  ),
  principals(
    "a session by its ARN",
    {
      Principal: { AWS: "arn:aws:sts::444455556666:assumed-role/audit/app" },
    },
    SESSION,
    "allow",
  ),
  principals("an identity provider", { Principal: { Federated: "accounts.google.com" } }, {
    type: "Federated",
    value: "accounts.google.com",
  }, "allow"),
  principals(
    "NotPrincipal denies the others",
    {
      Effect: "Deny",
      NotPrincipal: { AWS: ["arn:aws:iam::444455556666:user/Bob", "arn:aws:iam::444455556666:root"] },
    },
    ALICE,
    "explicit-deny",
  ),
  principals(
    "NotPrincipal spares whom it names",
    {
      Effect: "Deny",
      NotPrincipal: { AWS: ["arn:aws:iam::444455556666:user/Bob", "arn:aws:iam::444455556666:root"] },
    },
    BOB,
    "implicit-deny",
  ),
  principals(
    "NotPrincipal spares the account it names",
    {
      Effect: "Deny",
      NotPrincipal: { AWS: "444455556666" },
    },
    ROOT,
    "implicit-deny",
  ),
  principals(
    "NotPrincipal denies services",
    { Effect: "Deny", NotPrincipal: { AWS: "444455556666" } },
    SERVICE,
    "explicit-deny",
  ),

  actions("an action", { Action: "ec2:StartInstances" }, "ec2:StartInstances", "allow"),
  actions("case of actions does not count", { Action: "IAM:listaccesskeys" }, "iam:ListAccessKeys", "allow"),
  actions("a star in the name", { Action: "iam:*AccessKey*" }, "iam:UpdateAccessKey", "allow"),
  actions("a star in the name, nothing behind", { Action: "iam:*AccessKey*" }, "iam:DeleteAccessKey", "allow"),
  actions("another name", { Action: "iam:*AccessKey*" }, "iam:CreateUser", "implicit-deny"),
  actions("one character", { Action: "s3:?etObject" }, "s3:GetObject", "allow"),
  actions("every action of a service", { Action: "s3:*" }, "s3:ListBucket", "allow"),
  actions("… and of no other", { Action: "s3:*" }, "s3-outposts:ListBucket", "implicit-deny"),
  actions("every action", { Action: "*" }, "s3:ListBucket", "allow"),
  actions("one of several actions", { Action: ["s3:Get*", "s3:List*"] }, "s3:ListBucket", "allow"),
  actions("NotAction", { NotAction: "iam:*" }, "s3:ListBucket", "allow"),
  actions("NotAction leaves out", { NotAction: "iam:*" }, "IAM:CreateUser", "implicit-deny"),
  actions("NotAction, none of several", { NotAction: ["iam:*", "s3:*"] }, "s3:ListBucket", "implicit-deny"),

  resources("an object of a bucket", { Resource: `${BUCKET}/*` }, `${BUCKET}/a/b.txt`, "allow"),
  resources("the bucket is none of its objects", { Resource: `${BUCKET}/*` }, BUCKET, "implicit-deny"),
  resources("stars cross slashes", { Resource: `${BUCKET}/*/test/*` }, `${BUCKET}/1/2/3/test/4/object.jpg`, "allow"),
  resources("stars stand for slashes", { Resource: `${BUCKET}/*/test/*` }, `${BUCKET}/1///test///object.jpg`, "allow"),
  resources("stars stand for nothing", { Resource: `${BUCKET}/*/test/*` }, `${BUCKET}//test/object.jpg`, "allow"),
  resources(
    "a folder is not its beginning",
    { Resource: `${BUCKET}/*/test/*` },
    `${BUCKET}/1-test/object.jpg`,
    "implicit-deny",
  ),
  resources("a slash must be there", { Resource: `${BUCKET}/*/test/*` }, `${BUCKET}/test/object.jpg`, "implicit-deny"),
  resources("case counts", { Resource: `${BUCKET}/A` }, `${BUCKET}/a`, "implicit-deny"),
  resources("one of several", { Resource: [BUCKET, `${BUCKET}/*`] }, BUCKET, "allow"),
  resources("everything", { Resource: "*" }, `${BUCKET}/a`, "allow"),
  resources("everything, without a resource", { Resource: "*" }, undefined, "allow"),
  resources("something, without a resource", { Resource: `${BUCKET}/*` }, undefined, "implicit-deny"),
  resources("colons of an object's key", { Resource: `${BUCKET}/a*z` }, `${BUCKET}/a:b:z`, "allow"),
  resources(
    "a star that ends its part crosses colons",
    { Resource: "arn:aws:sqs:*:queue1" },
    "arn:aws:sqs:r:1:queue1",
    "allow",
  ),
  resources(
    "a star within its part does not",
    { Resource: "arn:aws:sqs:*-1:queue1" },
    "arn:aws:sqs:r:x-1:queue1",
    "implicit-deny",
  ),
  resources(
    "a star within its part",
    { Resource: "arn:aws:sqs:us-*-1:1:queue1" },
    "arn:aws:sqs:us-east-1:1:queue1",
    "allow",
  ),
  resources("a question mark is no colon", { Resource: "arn:aws:sqs:u?:1:q" }, "arn:aws:sqs:u::1:q", "implicit-deny"),
  resources("a service and all of it", { Resource: "arn:aws:s3:*" }, `${BUCKET}/a`, "allow"),
  resources("NotResource", { NotResource: `${BUCKET}/private/*` }, `${BUCKET}/public/a`, "allow"),
  resources("NotResource leaves out", { NotResource: `${BUCKET}/private/*` }, `${BUCKET}/private/a`, "implicit-deny"),
  resources("a variable in the resource", { Resource: `${BUCKET}/\${aws:username}/*` }, `${BUCKET}/ana/x`, "allow", {
    "aws:username": "ana",
  }),
  resources(
    "somebody else's folder",
    { Resource: `${BUCKET}/\${aws:username}/*` },
    `${BUCKET}/bob/x`,
    "implicit-deny",
    {
      "aws:username": "ana",
    },
  ),
  resources(
    "a variable without a value",
    { Resource: `${BUCKET}/\${aws:username}/*` },
    `${BUCKET}//x`,
    "implicit-deny",
  ),
  resources(
    "NotResource with a variable without a value matches nothing",
    {
      NotResource: `${BUCKET}/\${aws:username}/*`,
    },
    `${BUCKET}/x`,
    "allow",
  ),
  resources(
    "a default in the resource",
    { Resource: "arn:aws:s3:::b-${aws:PrincipalTag/team, 'all'}" },
    "arn:aws:s3:::b-all",
    "allow",
  ),
  resources(
    "stars of a tag are text",
    { Resource: `${BUCKET}/\${aws:PrincipalTag/x509Subject/CN}/*` },
    `${BUCKET}/b/x`,
    "implicit-deny",
    {
      "aws:PrincipalTag/x509Subject/CN": "*",
    },
  ),
  resources("a star as a variable", { Resource: `${BUCKET}/\${*}/a` }, `${BUCKET}/*/a`, "allow"),
  resources(
    "three tags and a suffix",
    {
      Resource: "arn:aws:sns:*:*:${aws:PrincipalTag/p}-${aws:PrincipalTag/a}-${aws:PrincipalTag/e}-*",
    },
    "arn:aws:sns:eu-west-1:1:x-y-z-orders",
    "allow",
    {
      "aws:PrincipalTag/p": "x",
      "aws:PrincipalTag/a": "y",
      "aws:PrincipalTag/e": "z",
    },
  ),
  {
    shows: "a policy without a Version has no variables",
    kind: "permissions",
    policy: { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/${aws:username}" },
    action: "s3:GetObject",
    resource: "arn:aws:s3:::b/ana",
    context: { "aws:username": "ana" },
    outcome: "implicit-deny",
  },
  {
    shows: "… there they are text",
    kind: "permissions",
    policy: { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/${aws:username}" },
    action: "s3:GetObject",
    resource: "arn:aws:s3:::b/${aws:username}",
    context: { "aws:username": "ana" },
    outcome: "allow",
  },

  {
    shows: "an explicit deny wins, whatever its place",
    kind: "permissions",
    policy: [
      { Effect: "Deny", Action: "s3:*", Resource: `${BUCKET}/secret/*` },
      { Effect: "Allow", Action: "s3:*", Resource: "*" },
    ],
    action: "s3:GetObject",
    resource: `${BUCKET}/secret/a`,
    outcome: "explicit-deny",
  },
  {
    shows: "a deny whose condition is not met does nothing",
    kind: "permissions",
    policy: [
      { Effect: "Allow", Action: "s3:*", Resource: "*" },
      { Effect: "Deny", Action: "s3:*", Resource: "*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
    ],
    action: "s3:GetObject",
    resource: `${BUCKET}/a`,
    context: { "aws:SecureTransport": "true" },
    outcome: "allow",
  },
  {
    shows: "a deny whose condition is met",
    kind: "permissions",
    policy: [
      { Effect: "Allow", Action: "s3:*", Resource: "*" },
      { Effect: "Deny", Action: "s3:*", Resource: "*", Condition: { Bool: { "aws:SecureTransport": false } } },
    ],
    action: "s3:GetObject",
    resource: `${BUCKET}/a`,
    context: { "aws:SecureTransport": "false" },
    outcome: "explicit-deny",
  },
  {
    shows: "a deny of objects of other teams also denies those who have no team",
    kind: "permissions",
    policy: {
      Version: "2012-10-17",
      Statement: {
        Effect: "Deny",
        Action: "s3:GetObject",
        Resource: `${BUCKET}/*`,
        Condition: { StringNotEquals: { "s3:ExistingObjectTag/Team": "${aws:PrincipalTag/Team}" } },
      },
    },
    action: "s3:GetObject",
    resource: `${BUCKET}/a`,
    context: { "s3:ExistingObjectTag/Team": "red" },
    outcome: "explicit-deny",
  },
  {
    shows: "only denies: nothing is allowed",
    kind: "permissions",
    policy: { Effect: "Deny", Action: "s3:PutObject", Resource: "*" },
    action: "s3:GetObject",
    resource: `${BUCKET}/a`,
    outcome: "implicit-deny",
  },
  {
    shows: "operators are ANDed: all are met",
    kind: "permissions",
    policy: {
      Effect: "Allow",
      Action: "ec2:CreateTags",
      Resource: "arn:aws:ec2:*:*:instance/*",
      Condition: {
        StringEqualsIgnoreCase: { "aws:RequestTag/environment": ["preprod", "storage"] },
        "ForAnyValue:StringEquals": { "aws:TagKeys": "environment" },
      },
    },
    action: "ec2:CreateTags",
    resource: "arn:aws:ec2:eu-west-1:111122223333:instance/i-1",
    context: { "aws:TagKeys": ["environment", "costcenter"], "aws:RequestTag/environment": "PreProd" },
    outcome: "allow",
  },
  {
    shows: "operators are ANDed: one is not met",
    kind: "permissions",
    policy: {
      Effect: "Allow",
      Action: "ec2:CreateTags",
      Resource: "*",
      Condition: {
        StringEqualsIgnoreCase: { "aws:RequestTag/environment": ["preprod", "storage"] },
        "ForAnyValue:StringEquals": { "aws:TagKeys": "environment" },
      },
    },
    action: "ec2:CreateTags",
    resource: "*",
    context: { "aws:TagKeys": ["Environment"], "aws:RequestTag/Environment": "preprod" },
    outcome: "implicit-deny",
  },
  {
    shows: "keys of an operator are ANDed",
    kind: "permissions",
    policy: {
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: "*",
      Condition: { StringEquals: { "aws:PrincipalTag/department": ["hr", "it"], "aws:PrincipalTag/role": "audit" } },
    },
    action: "s3:GetObject",
    context: { "aws:PrincipalTag/department": "hr", "aws:PrincipalTag/role": "sales" },
    outcome: "implicit-deny",
  },
  {
    shows: "condition keys are case-insensitive, tag keys included",
    kind: "permissions",
    policy: {
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: "*",
      Condition: { StringEquals: { "AWS:principaltag/X509subject/cn": "server-a" } },
    },
    action: "s3:GetObject",
    context: { "aws:PrincipalTag/x509Subject/CN": "server-a" },
    outcome: "allow",
  },
  {
    shows: "ForAllValues with Null: a request without tags",
    kind: "permissions",
    policy: {
      Effect: "Allow",
      Action: "iam:TagUser",
      Resource: "*",
      Condition: { Null: { "aws:TagKeys": "false" }, "ForAllValues:StringLike": { "aws:TagKeys": "key1*" } },
    },
    action: "iam:TagUser",
    context: { "aws:TagKeys": [] },
    outcome: "implicit-deny",
  },
  {
    shows: "an empty Condition asks nothing",
    kind: "permissions",
    policy: { Effect: "Allow", Action: "s3:GetObject", Resource: "*", Condition: { StringEquals: {} } },
    action: "s3:GetObject",
    outcome: "allow",
  },

  ...["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"].map((action): PolicyCase => ({
    shows: `session names bound to the certificate: ${action}`,
    kind: "trust",
    policy: {
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: ROLES_ANYWHERE,
          Action: ["sts:TagSession", "sts:SetSourceIdentity"],
          Condition: { StringEquals: { "aws:SourceArn": ANCHOR } },
        },
        {
          Effect: "Allow",
          Principal: ROLES_ANYWHERE,
          Action: "sts:AssumeRole",
          Condition: {
            StringEquals: { "sts:RoleSessionName": "${aws:PrincipalTag/x509Subject/CN}", "aws:SourceArn": ANCHOR },
          },
        },
      ],
    },
    action,
    principal: SERVICE,
    context: {
      "aws:SourceArn": ANCHOR,
      "aws:PrincipalTag/x509Subject/CN": "host-1",
      "sts:RoleSessionName": "host-1",
    },
    outcome: "allow",
  })),
  {
    shows: "a serial number is no tag: nobody gets in",
    kind: "trust",
    policy: {
      Effect: "Allow",
      Principal: ROLES_ANYWHERE,
      Action: "sts:*",
      Condition: { StringEquals: { "aws:PrincipalTag/x509Serial": "01" } },
    },
    action: "sts:AssumeRole",
    principal: SERVICE,
    context: { "aws:PrincipalTag/x509Subject/CN": "server-a" },
    outcome: "implicit-deny",
  },
  {
    shows: "a serial number is no tag: everybody gets in",
    kind: "trust",
    policy: {
      Effect: "Allow",
      Principal: ROLES_ANYWHERE,
      Action: "sts:*",
      Condition: { StringNotEquals: { "aws:PrincipalTag/x509Serial": "01" } },
    },
    action: "sts:AssumeRole",
    principal: SERVICE,
    context: { "aws:PrincipalTag/x509Subject/CN": "server-a" },
    outcome: "allow",
  },
  {
    shows: "repeated attributes are one joined tag",
    kind: "trust",
    policy: {
      Effect: "Allow",
      Principal: ROLES_ANYWHERE,
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:PrincipalTag/x509Subject/OU": "Security" } },
    },
    action: "sts:AssumeRole",
    principal: SERVICE,
    context: { "aws:PrincipalTag/x509Subject/OU": "Security/Engineering/Research" },
    outcome: "implicit-deny",
  },
];
