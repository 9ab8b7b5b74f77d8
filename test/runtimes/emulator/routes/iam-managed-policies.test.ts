// runtimes: node20 node deno bun workerd
import { ACCOUNT, assertRefused, emulatedAccount, policy, TRUSTS_ACCOUNT } from "../../../support/emulated-account.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/emulator/routes/iam-managed-policies");

const READS = policy({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" });
const ARN = `arn:aws:iam::${ACCOUNT}:policy/team/Reads`;
const INPUT = { PolicyName: "Reads", Path: "/team/", Description: "reads", PolicyDocument: READS };

test("CreatePolicy makes a policy that GetPolicy and GetPolicyVersion show and DeletePolicy removes", async () => {
  const { query } = emulatedAccount();
  const made = await query("CreatePolicy", INPUT);
  assert.is(made.status, 200, made.text);
  assert.is(made.element("Arn"), ARN);
  assert.match(made.element("PolicyId")!, /^ANPA[A-Z2-7]{17}$/);
  const shown = await query("GetPolicy", { PolicyArn: ARN });
  assert.equal(
    ["PolicyName", "DefaultVersionId", "AttachmentCount", "Description", "Path"].map((name) => shown.element(name)),
    ["Reads", "v1", "0", "reads", "/team/"],
  );
  const version = await query("GetPolicyVersion", { PolicyArn: ARN, VersionId: "v1" });
  assert.is(decodeURIComponent(version.element("Document")!), READS);
  assert.is(version.element("IsDefaultVersion"), "true");
  assertRefused(await query("GetPolicyVersion", { PolicyArn: ARN, VersionId: "v2" }), 404, "NoSuchEntity");
  assertRefused(await query("GetPolicyVersion", { PolicyArn: ARN, VersionId: "1" }), 400, "ValidationError");
  assertRefused(await query("CreatePolicy", { ...INPUT, PolicyName: "READS" }), 409, "EntityAlreadyExists");
  await query("CreateRole", { RoleName: "Edge", AssumeRolePolicyDocument: TRUSTS_ACCOUNT });
  await query("AttachRolePolicy", { RoleName: "Edge", PolicyArn: ARN });
  assert.is((await query("GetPolicy", { PolicyArn: ARN })).element("AttachmentCount"), "1");
  assertRefused(await query("DeletePolicy", { PolicyArn: ARN }), 409, "DeleteConflict");
  await query("DetachRolePolicy", { RoleName: "Edge", PolicyArn: ARN });
  assert.is((await query("DeletePolicy", { PolicyArn: ARN })).status, 200);
  for (const action of ["GetPolicy", "DeletePolicy"]) {
    assertRefused(await query(action, { PolicyArn: ARN }), 404, "NoSuchEntity");
  }
});

test("GetPolicy shows policies of AWS, which nobody deletes", async () => {
  const { query } = emulatedAccount();
  const PolicyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
  assert.is((await query("GetPolicy", { PolicyArn })).element("PolicyName"), "AdministratorAccess");
  const document = (await query("GetPolicyVersion", { PolicyArn, VersionId: "v1" })).element("Document")!;
  assert.match(decodeURIComponent(document), '"Action":["*"]');
  assertRefused(await query("DeletePolicy", { PolicyArn }), 404, "NoSuchEntity");
});

test("CreatePolicy refuses what is out of bounds or no permissions policy", async () => {
  const { query } = emulatedAccount();
  const large = policy(...Array.from({ length: 60 }, () => (
    { Effect: "Allow", Action: "s3:GetObject", Resource: `arn:aws:s3:::${"b".repeat(60)}/*` }
  )));
  const cases: readonly (readonly [Readonly<Record<string, string | undefined>>, number, string])[] = [
    [{ PolicyName: undefined }, 400, "ValidationError"],
    [{ PolicyName: "a/b" }, 400, "ValidationError"],
    [{ PolicyDocument: undefined }, 400, "ValidationError"],
    [{ PolicyDocument: "\u{1f600}" }, 400, "ValidationError"],
    [{ PolicyDocument: "{}" }, 400, "MalformedPolicyDocument"],
    [{ PolicyDocument: TRUSTS_ACCOUNT }, 400, "MalformedPolicyDocument"],
    [{ PolicyDocument: large }, 409, "LimitExceeded"],
    [{ Path: "x" }, 400, "ValidationError"],
  ];
  for (const [change, status, code] of cases) {
    assertRefused(await query("CreatePolicy", { ...INPUT, ...change }), status, code);
  }
  for (const action of ["GetPolicy", "GetPolicyVersion", "DeletePolicy"]) {
    assertRefused(await query(action), 400, "ValidationError");
  }
});

test("operations on managed policies need permission", async () => {
  const made = emulatedAccount();
  await made.query("CreateRole", { RoleName: "Edge", AssumeRolePolicyDocument: TRUSTS_ACCOUNT });
  const credentials = await made.assume("Edge");
  assertRefused(await made.query("CreatePolicy", INPUT, { credentials }), 403, "AccessDenied");
  for (const action of ["GetPolicy", "DeletePolicy"]) {
    assertRefused(await made.query(action, { PolicyArn: ARN }, { credentials }), 403, "AccessDenied");
  }
});

test.run();
