// runtimes: node20 node deno bun workerd
import {
  ACCOUNT,
  assertRefused,
  type EmulatedAccount,
  emulatedAccount,
  policy,
  TRUSTS_ACCOUNT,
} from "../../../support/emulated-account.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/emulator/routes/iam-role-policies");

const READS = policy({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" });
const RoleName = "Edge";

async function withRole(): Promise<EmulatedAccount> {
  const made = emulatedAccount();
  await made.query("CreateRole", { RoleName, AssumeRolePolicyDocument: TRUSTS_ACCOUNT });
  return made;
}

test("PutRolePolicy puts and replaces, GetRolePolicy shows, DeleteRolePolicy removes", async () => {
  const { query } = await withRole();
  for (const document of ['{"Statement":[]}', READS]) {
    const put = await query("PutRolePolicy", { RoleName, PolicyName: "reads", PolicyDocument: document });
    if (document === READS) assert.is(put.status, 200, put.text);
    else assertRefused(put, 400, "MalformedPolicyDocument");
  }
  const shown = await query("GetRolePolicy", { RoleName, PolicyName: "reads" });
  assert.is(decodeURIComponent(shown.element("PolicyDocument")!), READS);
  assert.is(shown.element("PolicyName"), "reads");
  await query("PutRolePolicy", { RoleName, PolicyName: "__proto__", PolicyDocument: READS });
  assert.equal((await query("ListRolePolicies", { RoleName })).elements("member"), ["__proto__", "reads"]);
  const page = await query("ListRolePolicies", { RoleName, MaxItems: "1" });
  assert.is(page.element("IsTruncated"), "true");
  const rest = await query("ListRolePolicies", { RoleName, Marker: page.element("Marker") });
  assert.equal(rest.elements("member"), ["reads"]);
  assert.is((await query("DeleteRolePolicy", { RoleName, PolicyName: "reads" })).status, 200);
  assertRefused(await query("GetRolePolicy", { RoleName, PolicyName: "reads" }), 404, "NoSuchEntity");
  assertRefused(await query("DeleteRolePolicy", { RoleName, PolicyName: "reads" }), 404, "NoSuchEntity");
});

test("inline policies of a role are held to 10,240 characters without white space", async () => {
  const { query } = await withRole();
  const large = policy(...Array.from({ length: 40 }, (_, i) => (
    { Sid: `S${i}`, Effect: "Allow", Action: "s3:GetObject", Resource: `arn:aws:s3:::${"b".repeat(60)}${i}/*` }
  )));
  assert.ok(large.length < 10_240);
  const spaced = large.replaceAll(",", ",          ");
  assert.is((await query("PutRolePolicy", { RoleName, PolicyName: "one", PolicyDocument: spaced })).status, 200);
  const message = assertRefused(
    await query("PutRolePolicy", { RoleName, PolicyName: "two", PolicyDocument: large }),
    409,
    "LimitExceeded",
  );
  assert.is(message, "Maximum policy size of 10240 bytes exceeded for role Edge");
  assert.is((await query("PutRolePolicy", { RoleName, PolicyName: "one", PolicyDocument: large })).status, 200);
});

test("AttachRolePolicy attaches policies of the account and of AWS, ten at most", async () => {
  const { query } = await withRole();
  const arnOf = (name: string): string => `arn:aws:iam::${ACCOUNT}:policy/${name}`;
  for (let i = 0; i < 11; i++) {
    await query("CreatePolicy", { PolicyName: `p${i}`, PolicyDocument: READS });
    const attached = await query("AttachRolePolicy", { RoleName, PolicyArn: arnOf(`p${i}`) });
    if (i < 10) assert.is(attached.status, 200, attached.text);
    else assert.match(assertRefused(attached, 409, "LimitExceeded"), "PoliciesPerRole: 10");
  }
  assert.is((await query("AttachRolePolicy", { RoleName, PolicyArn: arnOf("p3") })).status, 200);
  assert.is((await query("DetachRolePolicy", { RoleName, PolicyArn: arnOf("p0") })).status, 200);
  const aws = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
  assert.is((await query("AttachRolePolicy", { RoleName, PolicyArn: aws })).status, 200);
  const listed = await query("ListAttachedRolePolicies", { RoleName });
  assert.is(listed.elements("PolicyArn").length, 10);
  assert.ok(listed.elements("PolicyName").includes("AmazonS3ReadOnlyAccess"));
  assert.is(
    (await query("ListAttachedRolePolicies", { RoleName, PathPrefix: "/team/" })).elements("PolicyArn").length,
    0,
  );
  assertRefused(await query("DetachRolePolicy", { RoleName, PolicyArn: arnOf("p0") }), 404, "NoSuchEntity");
  for (
    const PolicyArn of [
      arnOf("missing"),
      "arn:aws:iam::aws:policy/NoSuchPolicyAtAll",
      "arn:aws:iam::aws:policy/toString",
    ]
  ) {
    assertRefused(await query("AttachRolePolicy", { RoleName, PolicyArn }), 404, "NoSuchEntity");
  }
});

test("attached policies allow, and stop when they are detached", async () => {
  const made = await withRole();
  const PolicyArn = "arn:aws:iam::aws:policy/AmazonS3FullAccess";
  await made.query("AttachRolePolicy", { RoleName, PolicyArn });
  const credentials = await made.assume(RoleName);
  assert.is((await made.s3({ method: "PUT", path: "/bucket" }, { credentials })).status, 200);
  await made.query("DetachRolePolicy", { RoleName, PolicyArn });
  const refused = await made.s3({ method: "DELETE", path: "/bucket" }, { credentials });
  assert.match(
    assertRefused(refused, 403, "AccessDenied"),
    "because no identity-based policy allows the s3:DeleteBucket",
  );
});

test("operations on a role's policies refuse roles that are not there and members out of bounds", async () => {
  const { query } = await withRole();
  const arn = "arn:aws:iam::aws:policy/AdministratorAccess";
  const operations: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ["PutRolePolicy", { PolicyName: "p", PolicyDocument: READS }],
    ["GetRolePolicy", { PolicyName: "p" }],
    ["DeleteRolePolicy", { PolicyName: "p" }],
    ["ListRolePolicies", {}],
    ["AttachRolePolicy", { PolicyArn: arn }],
    ["DetachRolePolicy", { PolicyArn: arn }],
    ["ListAttachedRolePolicies", {}],
  ];
  for (const [action, parameters] of operations) {
    assertRefused(await query(action, { ...parameters, RoleName: "Missing" }), 404, "NoSuchEntity");
    assertRefused(await query(action, { ...parameters }), 400, "ValidationError");
    assertRefused(await query(action, { ...parameters, RoleName: "<script>" }), 400, "ValidationError");
    for (const name of Object.keys(parameters)) {
      assertRefused(await query(action, { ...parameters, RoleName, [name]: "" }), 400, "ValidationError");
    }
  }
});

test.run();
