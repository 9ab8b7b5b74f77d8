// runtimes: node20 node deno bun workerd
import {
  ACCOUNT,
  assertRefused,
  type EmulatedAccount,
  emulatedAccount,
  policy,
  trusting,
  TRUSTS_ACCOUNT,
} from "../../../support/emulated-account.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/emulator/routes/iam-roles");

const arnOf = (role: string): string => `arn:aws:iam::${ACCOUNT}:role/${role}`;

async function withRoles(...names: readonly string[]): Promise<EmulatedAccount> {
  const made = emulatedAccount();
  for (const RoleName of names) {
    const answer = await made.query("CreateRole", { RoleName, AssumeRolePolicyDocument: TRUSTS_ACCOUNT });
    assert.is(answer.status, 200, answer.text);
  }
  return made;
}

test("CreateRole makes a role that GetRole shows", async () => {
  const { query } = emulatedAccount();
  const made = await query("CreateRole", {
    RoleName: "Edge",
    Path: "/team/",
    Description: "for <edges> & more",
    MaxSessionDuration: "7200",
    AssumeRolePolicyDocument: TRUSTS_ACCOUNT,
    "Tags.member.1.Key": "team",
    "Tags.member.1.Value": "edge",
  });
  assert.is(made.status, 200, made.text);
  assert.match(
    made.text,
    '<CreateRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><CreateRoleResult><Role>',
  );
  assert.is(made.element("Arn"), arnOf("team/Edge"));
  assert.match(made.element("RoleId")!, /^AROA[A-Z2-7]{17}$/);
  assert.is(made.element("CreateDate"), "2026-06-01T12:00:00Z");
  const shown = await query("GetRole", { RoleName: "edge" });
  assert.is(shown.element("RoleId"), made.element("RoleId"));
  assert.is(shown.element("RoleName"), "Edge");
  assert.is(shown.element("Path"), "/team/");
  assert.is(shown.element("Description"), "for <edges> & more");
  assert.is(shown.element("MaxSessionDuration"), "7200");
  assert.is(decodeURIComponent(shown.element("AssumeRolePolicyDocument")!), TRUSTS_ACCOUNT);
  assert.match(shown.text, "<Tags><member><Key>team</Key><Value>edge</Value></member></Tags>");
});

test("CreateRole refuses a name that is taken, in whatever case and path", async () => {
  const { query } = await withRoles("Edge");
  const again = { RoleName: "EDGE", Path: "/other/", AssumeRolePolicyDocument: TRUSTS_ACCOUNT };
  assert.is(
    assertRefused(await query("CreateRole", again), 409, "EntityAlreadyExists"),
    "Role with name EDGE already exists.",
  );
});

test("CreateRole refuses what is out of bounds or no trust policy", async () => {
  const { query } = emulatedAccount();
  const good = { RoleName: "Edge", AssumeRolePolicyDocument: TRUSTS_ACCOUNT };
  const long = trusting({ AWS: Array.from({ length: 200 }, () => ACCOUNT) });
  const cases: readonly (readonly [Readonly<Record<string, string | undefined>>, number, string, RegExp])[] = [
    [{ RoleName: undefined }, 400, "ValidationError", /Value null at 'roleName'/],
    [{ RoleName: "a b" }, 400, "ValidationError", /'roleName' .* pattern: \[\\w\+=,\.@-\]\*/],
    [{ RoleName: "x".repeat(65) }, 400, "ValidationError", /less than or equal to 64/],
    [{ Path: "team" }, 400, "ValidationError", /'path'/],
    [{ MaxSessionDuration: "3599" }, 400, "ValidationError", /greater than or equal to 3600/],
    [{ MaxSessionDuration: "43201" }, 400, "ValidationError", /less than or equal to 43200/],
    [{ Description: "x".repeat(1001) }, 400, "ValidationError", /'description'/],
    [{ AssumeRolePolicyDocument: "" }, 400, "ValidationError", /'assumeRolePolicyDocument'/],
    [{ AssumeRolePolicyDocument: "no JSON" }, 400, "MalformedPolicyDocument", /Cannot read policy/],
    [
      { AssumeRolePolicyDocument: policy({ Effect: "allow", Principal: "*", Action: "sts:AssumeRole" }) },
      400,
      "MalformedPolicyDocument",
      /at \/Statement\/0\/Effect/,
    ],
    [
      { AssumeRolePolicyDocument: policy({ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" }) },
      400,
      "MalformedPolicyDocument",
      /at \/Statement\/0/,
    ],
    [{ AssumeRolePolicyDocument: long }, 409, "LimitExceeded", /Cannot exceed quota for ACLSizePerRole: 2048/],
    [{ PermissionsBoundary: "arn:aws:iam::aws:policy/AdministratorAccess" }, 400, "InvalidInput", /Boundary/],
    [{ "Tags.member.1.Key": "k" }, 400, "ValidationError", /tags\.1\.member\.value/],
  ];
  for (const [change, status, code, message] of cases) {
    const answer = await query("CreateRole", { ...good, ...change });
    assert.match(assertRefused(answer, status, code), message, JSON.stringify(change).slice(0, 200));
  }
  assertRefused(await query("GetRole", { RoleName: "Edge" }), 404, "NoSuchEntity");
  assert.is(
    (await emulatedAccount({ quotas: "ignore" }).query("CreateRole", { ...good, AssumeRolePolicyDocument: long }))
      .status,
    200,
  );
});

test("UpdateAssumeRolePolicy and UpdateRole change what counts from then on", async () => {
  const made = await withRoles("Edge");
  const { query } = made;
  const assume = { RoleArn: arnOf("Edge"), RoleSessionName: "test", DurationSeconds: "7200" };
  assertRefused(await query("AssumeRole", assume), 400, "ValidationError");
  assert.is(
    (await query("UpdateRole", { RoleName: "Edge", MaxSessionDuration: "7200", Description: "d" })).status,
    200,
  );
  assert.is((await query("AssumeRole", assume)).status, 200);
  const stranger = trusting({ AWS: "999988887777" });
  const changed = await query("UpdateAssumeRolePolicy", { RoleName: "Edge", PolicyDocument: stranger });
  assert.is(changed.status, 200, changed.text);
  assertRefused(await query("AssumeRole", assume), 403, "AccessDenied");
  assertRefused(
    await query("UpdateAssumeRolePolicy", { RoleName: "Edge", PolicyDocument: "[]" }),
    400,
    "MalformedPolicyDocument",
  );
  assertRefused(await query("UpdateAssumeRolePolicy", { RoleName: "Edge" }), 400, "ValidationError");
  assertRefused(
    await query("UpdateAssumeRolePolicy", { RoleName: "No", PolicyDocument: stranger }),
    404,
    "NoSuchEntity",
  );
  assertRefused(await query("UpdateRole", { RoleName: "No" }), 404, "NoSuchEntity");
  assertRefused(await query("UpdateRole", { RoleName: "Edge", MaxSessionDuration: "1" }), 400, "ValidationError");
});

test("DeleteRole removes a role without policies, and its sessions lose everything", async () => {
  const made = await withRoles("Edge");
  const { query } = made;
  const all = policy({ Effect: "Allow", Action: "*", Resource: "*" });
  await query("PutRolePolicy", { RoleName: "Edge", PolicyName: "all", PolicyDocument: all });
  const managed = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
  await query("AttachRolePolicy", { RoleName: "Edge", PolicyArn: managed });
  const credentials = await made.assume("Edge");
  assert.is((await query("ListRoles", {}, { credentials })).status, 200);
  assert.match(assertRefused(await query("DeleteRole", { RoleName: "Edge" }), 409, "DeleteConflict"), "detach");
  await query("DetachRolePolicy", { RoleName: "Edge", PolicyArn: managed });
  assert.match(
    assertRefused(await query("DeleteRole", { RoleName: "Edge" }), 409, "DeleteConflict"),
    "delete policies",
  );
  await query("DeleteRolePolicy", { RoleName: "Edge", PolicyName: "all" });
  assert.is((await query("DeleteRole", { RoleName: "Edge" })).status, 200);
  assertRefused(await query("GetRole", { RoleName: "Edge" }), 404, "NoSuchEntity");
  assertRefused(await query("DeleteRole", { RoleName: "Edge" }), 404, "NoSuchEntity");
  assertRefused(await query("ListRoles", {}, { credentials }), 403, "AccessDenied");
  assert.is((await query("GetCallerIdentity", {}, { credentials })).status, 200);
});

test("ListRoles lists by name, in pages, below a path", async () => {
  const { query } = await withRoles("c", "a", "b");
  await query("CreateRole", { RoleName: "d", Path: "/team/", AssumeRolePolicyDocument: TRUSTS_ACCOUNT });
  assert.equal((await query("ListRoles")).elements("RoleName"), ["a", "b", "c", "d"]);
  assert.equal((await query("ListRoles", { PathPrefix: "/team" })).elements("RoleName"), ["d"]);
  const seen: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await query("ListRoles", { MaxItems: "3", Marker });
    seen.push(...page.elements("RoleName"));
    Marker = page.element("Marker");
    assert.is(page.element("IsTruncated"), String(Marker !== undefined));
  } while (Marker !== undefined);
  assert.equal(seen, ["a", "b", "c", "d"]);
  assertRefused(await query("ListRoles", { Marker: "*" }), 400, "ValidationError");
  assertRefused(await query("ListRoles", { MaxItems: "0" }), 400, "ValidationError");
  assertRefused(await query("ListRoles", { MaxItems: "1001" }), 400, "ValidationError");
  assertRefused(await query("ListRoles", { PathPrefix: "team" }), 400, "ValidationError");
});

test("IAM does for sessions what their policies allow", async () => {
  const made = await withRoles("Reader", "Other");
  const reads = policy({ Effect: "Allow", Action: "iam:GetRole", Resource: arnOf("Reader") });
  await made.query("PutRolePolicy", { RoleName: "Reader", PolicyName: "reads", PolicyDocument: reads });
  const credentials = await made.assume("Reader");
  assert.is((await made.query("GetRole", { RoleName: "Reader" }, { credentials })).status, 200);
  const calls: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
    ["GetRole", { RoleName: "Other" }],
    ["GetRole", { RoleName: "Missing" }],
    ["DeleteRole", { RoleName: "Reader" }],
    ["UpdateRole", { RoleName: "Reader" }],
    ["UpdateAssumeRolePolicy", { RoleName: "Reader", PolicyDocument: TRUSTS_ACCOUNT }],
    ["ListRoles", {}],
    ["CreateRole", { RoleName: "New", AssumeRolePolicyDocument: TRUSTS_ACCOUNT }],
  ];
  for (const [action, parameters] of calls) {
    const message = assertRefused(await made.query(action, parameters, { credentials }), 403, "AccessDenied");
    assert.match(message, `is not authorized to perform: iam:${action} on resource: arn:aws:iam::${ACCOUNT}:role`);
  }
});

test("IAM answers forms that make no sense in its own shape", async () => {
  const made = emulatedAccount();
  assertRefused(await made.query("CreateUser"), 400, "InvalidAction");
  assertRefused(
    await made.query("GetRole", { RoleName: "x" }, { credentials: null }),
    403,
    "MissingAuthenticationToken",
  );
  const raw = (body: string | Uint8Array<ArrayBuffer>) =>
    made.emulator.fetch(new Request("http://iam.amazonaws.com/", { method: "POST", body }));
  for (
    const [body, code] of [
      ["Version=2010-05-08", "MissingAction"],
      ["Action=GetRole&Action=GetRole", "MalformedQueryString"],
      [new Uint8Array([0xff]), "MalformedQueryString"],
      ["Action=%00<x>&Version=2010-05-08", "InvalidAction"],
    ] as const
  ) assert.match(await (await raw(body)).text(), `<Code>${code}</Code>`);
  const nested = await made.query("GetRole", { "RoleName.member.1.x.y": "a", [`${"a.".repeat(40)}b`]: "c", ".": "d" });
  assertRefused(nested, 400, "ValidationError");
  assertRefused(await made.query("GetRole", { RoleName: "__proto__" }), 404, "NoSuchEntity");
  assertRefused(await made.query("GetRole", { "__proto__.RoleName": "x" }), 400, "ValidationError");
});

test.run();
