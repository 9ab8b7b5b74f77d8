// runtimes: node20 node deno bun workerd
import type { SigV4Credentials } from "../../../../core/sigv4/mod.ts";
import type { EmulatorOptions } from "../../../../runtimes/emulator/mod.ts";
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
import { NOW } from "../../../support/test-authority.ts";

const test = suite("runtimes/emulator/routes/sts-assume-role");

const ASSUMES = policy({ Effect: "Allow", Action: "sts:*", Resource: "*" });

const arnOf = (role: string): string => `arn:aws:iam::${ACCOUNT}:role/${role}`;

/** First may assume whatever trusts it; Next trusts the account. */
function account(
  trustPolicy = TRUSTS_ACCOUNT,
  policies: Readonly<Record<string, string>> = { ASSUMES },
  options: Partial<EmulatorOptions> = {},
): EmulatedAccount {
  return emulatedAccount({
    roles: [
      { arn: arnOf("First"), id: "AROAFIRSTFIRSTFIRSTFI", trustPolicy: TRUSTS_ACCOUNT, policies },
      { arn: arnOf("team/Next"), id: "AROANEXTNEXTNEXTNEXTN", trustPolicy, maxSessionDurationSeconds: 7200 },
    ],
    ...options,
  });
}

async function next(
  { query }: EmulatedAccount,
  credentials: SigV4Credentials | undefined,
  parameters: Readonly<Record<string, string | undefined>> = {},
) {
  const given = { RoleArn: arnOf("team/Next"), RoleSessionName: "next", ...parameters };
  return await query("AssumeRole", given, credentials === undefined ? {} : { credentials });
}

test("AssumeRole makes a session of a role for a user", async () => {
  const made = account();
  const answer = await next(made, undefined, { DurationSeconds: "7200" });
  assert.is(answer.status, 200, answer.text);
  assert.is(answer.element("Arn"), `arn:aws:sts::${ACCOUNT}:assumed-role/Next/next`);
  assert.is(answer.element("AssumedRoleId"), "AROANEXTNEXTNEXTNEXTN:next");
  assert.is(answer.element("Expiration"), "2026-06-01T14:00:00Z");
  assert.match(answer.element("AccessKeyId")!, /^ASIA[A-Z0-9]{16}$/);
  assert.is(answer.element("SourceIdentity"), undefined);
  assert.is(answer.element("PackedPolicySize"), undefined);
  const credentials = await made.assume("team/Next");
  const identity = await made.query("GetCallerIdentity", {}, { credentials });
  assert.is(identity.element("Arn"), `arn:aws:sts::${ACCOUNT}:assumed-role/Next/test`);
  assert.is(identity.element("UserId"), "AROANEXTNEXTNEXTNEXTN:test");
});

test("AssumeRole makes credentials that end", async () => {
  let now = NOW;
  const made = account(TRUSTS_ACCOUNT, { ASSUMES }, { now: () => now });
  const credentials = await made.assume("First", { DurationSeconds: "900" });
  now += 899_000;
  assert.is((await made.query("GetCallerIdentity", {}, { credentials, timeMs: now })).status, 200);
  now += 1000;
  assertRefused(await made.query("GetCallerIdentity", {}, { credentials, timeMs: now }), 400, "ExpiredToken");
  assertRefused(await made.s3({ method: "GET", path: "/" }, { credentials, timeMs: now }), 400, "ExpiredToken");
});

test("AssumeRole holds chained sessions to one hour", async () => {
  const made = account();
  const credentials = await made.assume("First");
  assert.is((await next(made, credentials, { DurationSeconds: "3600" })).status, 200);
  const message = assertRefused(await next(made, credentials, { DurationSeconds: "3601" }), 400, "ValidationError");
  assert.match(message, "exceeds the 1 hour session limit for roles assumed by role chaining");
  const direct = assertRefused(await next(made, undefined, { DurationSeconds: "7201" }), 400, "ValidationError");
  assert.match(direct, "exceeds the MaxSessionDuration set for this role");
});

test("AssumeRole carries a source identity along the chain and lets nobody change it", async () => {
  const made = account();
  const credentials = await made.assume("First", { SourceIdentity: "alice" });
  assert.is((await next(made, credentials)).element("SourceIdentity"), "alice");
  assert.is((await next(made, credentials, { SourceIdentity: "alice" })).status, 200);
  assertRefused(await next(made, credentials, { SourceIdentity: "bob" }), 403, "AccessDenied");
  assertRefused(await next(made, undefined, { SourceIdentity: "aws:bob" }), 400, "ValidationError");
});

test("AssumeRole hands on the tags that are transitive, and no others", async () => {
  const condition = { StringEquals: { "aws:RequestTag/team": "red" }, Null: { "aws:RequestTag/desk": "true" } };
  const made = account(trusting({ AWS: ACCOUNT }, condition));
  const tagged = await made.assume("First", {
    "Tags.member.1.Key": "team",
    "Tags.member.1.Value": "red",
    "Tags.member.2.Key": "desk",
    "Tags.member.2.Value": "7",
    "TransitiveTagKeys.member.1": "team",
  });
  const answer = await next(made, tagged);
  assert.is(answer.status, 200, answer.text);
  assert.is(answer.element("PackedPolicySize"), "2");
  assertRefused(await next(made, await made.assume("First")), 403, "AccessDenied");
  const replaced = { "Tags.member.1.Key": "TEAM", "Tags.member.1.Value": "blue" };
  assert.match(
    assertRefused(await next(made, tagged, replaced), 400, "InvalidParameterValue"),
    "conflicts with a transitive tag key",
  );
});

test("AssumeRole asks the trust policy about every action", async () => {
  const alone = policy({ Effect: "Allow", Principal: { AWS: ACCOUNT }, Action: "sts:AssumeRole" });
  const made = account(alone);
  assert.is((await next(made, undefined)).status, 200);
  assert.match(
    assertRefused(await next(made, undefined, { SourceIdentity: "alice" }), 403, "AccessDenied"),
    "is not authorized to perform: sts:SetSourceIdentity on resource: arn:aws:iam::123456789012:role/team/Next",
  );
  const tags = { "Tags.member.1.Key": "a", "Tags.member.1.Value": "" };
  assert.match(assertRefused(await next(made, undefined, tags), 403, "AccessDenied"), "sts:TagSession");
});

test("AssumeRole gives the trust policy name, external id and caller", async () => {
  const made = account(trusting({ AWS: ACCOUNT }, {
    StringEquals: { "sts:ExternalId": "shared secret:1", "sts:RoleSessionName": "next" },
    ArnEquals: { "aws:PrincipalArn": arnOf("First") },
  }));
  const credentials = await made.assume("First");
  assertRefused(await next(made, credentials), 403, "AccessDenied");
  assertRefused(await next(made, undefined, { ExternalId: "shared" }), 403, "AccessDenied");
  assertRefused(await next(made, credentials, { ExternalId: "shared secret:1" }), 400, "ValidationError");
  const spelt = account(trusting({ AWS: ACCOUNT }, {
    StringEquals: { "sts:ExternalId": "shared-1", "sts:RoleSessionName": "next" },
    ArnEquals: { "aws:PrincipalArn": arnOf("First") },
  }));
  const answer = await next(spelt, await spelt.assume("First"), { ExternalId: "shared-1" });
  assert.is(answer.status, 200, answer.text);
});

test("AssumeRole needs the caller's own permission when the trust policy names the account alone", async () => {
  const none = account(TRUSTS_ACCOUNT, {});
  assert.match(
    assertRefused(await next(none, await none.assume("First")), 403, "AccessDenied"),
    "because no identity-based policy allows the sts:AssumeRole action",
  );
  const session = `arn:aws:sts::${ACCOUNT}:assumed-role/First/test`;
  const reads = policy({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" });
  for (const [principal, restricted] of [[arnOf("First"), 403], [session, 200]] as const) {
    const named = account(trusting({ AWS: principal }), {});
    assert.is((await next(named, await named.assume("First"))).status, 200, principal);
    const answer = await next(named, await named.assume("First", { Policy: reads }));
    assert.is(answer.status, restricted, `${principal} ${answer.text}`);
  }
  const denies = policy({ Effect: "Deny", Action: "sts:AssumeRole", Resource: "*" });
  const denied = account(trusting({ AWS: session }), { denies });
  assert.match(
    assertRefused(await next(denied, await denied.assume("First")), 403, "AccessDenied"),
    "with an explicit deny in an identity-based policy",
  );
});

test("AssumeRole needs the caller's own permission across accounts, whomever the trust policy names", async () => {
  const foreign = "arn:aws:iam::999988887777:role/Foreign";
  const options = {
    roles: [{ arn: arnOf("First"), trustPolicy: TRUSTS_ACCOUNT }, {
      arn: foreign,
      trustPolicy: trusting({ AWS: arnOf("First") }),
    }],
  };
  const made = emulatedAccount(options);
  const answer = await next(made, await made.assume("First"), { RoleArn: foreign });
  assert.match(assertRefused(answer, 403, "AccessDenied"), "because no identity-based policy allows");
});

test("AssumeRole refuses roles that do not trust the caller, and roles that are not there", async () => {
  const made = account(trusting({ AWS: "999988887777" }));
  const wording = `User: arn:aws:iam::${ACCOUNT}:user/Administrator is not authorized to perform: sts:AssumeRole on ` +
    "resource: arn:aws:iam::123456789012:role/";
  assert.is(assertRefused(await next(made, undefined), 403, "AccessDenied"), `${wording}team/Next`);
  const missing = await next(made, undefined, { RoleArn: arnOf("Nobody") });
  assert.is(assertRefused(missing, 403, "AccessDenied"), `${wording}Nobody`);
  const deny = policy(
    { Effect: "Allow", Principal: "*", Action: "sts:*" },
    { Effect: "Deny", Principal: { AWS: arnOf("First") }, Action: "sts:AssumeRole" },
  );
  const denying = account(deny);
  assert.is((await next(denying, undefined)).status, 200);
  assertRefused(await next(denying, await denying.assume("First")), 403, "AccessDenied");
});

test("AssumeRole limits the session to the policies that are passed, the managed ones as they are now", async () => {
  const s3 = policy({ Effect: "Allow", Action: "s3:*", Resource: "*" });
  const made = account(TRUSTS_ACCOUNT, { s3 });
  await made.s3({ method: "PUT", path: "/bucket" });
  const reads = policy({ Effect: "Allow", Action: ["s3:GetObject", "s3:ListBucket"], Resource: "*" });
  await made.query("CreatePolicy", { PolicyName: "Reads", PolicyDocument: reads });
  const arn = `arn:aws:iam::${ACCOUNT}:policy/Reads`;
  const inline = await made.assume("First", { Policy: reads });
  const managed = await made.assume("First", { "PolicyArns.member.1.arn": arn });
  const list = { method: "GET", path: "/bucket", query: "list-type=2" };
  for (const credentials of [inline, managed]) {
    assert.is((await made.s3(list, { credentials })).status, 200);
    const refused = await made.s3({ method: "PUT", path: "/bucket/a" }, { credentials });
    assert.match(
      assertRefused(refused, 403, "AccessDenied"),
      "because no session policy allows the s3:PutObject action",
    );
  }
  assert.is((await made.query("DeletePolicy", { PolicyArn: arn })).status, 200);
  assertRefused(await made.s3(list, { credentials: managed }), 403, "AccessDenied");
  assertRefused(await made.s3({ method: "PUT", path: "/bucket/a" }, { credentials: managed }), 403, "AccessDenied");
});

test("AssumeRole refuses members that are out of bounds, all of them at once", async () => {
  const made = account();
  const cases: readonly (readonly [Readonly<Record<string, string | undefined>>, string, RegExp])[] = [
    [{ RoleArn: undefined }, "ValidationError", /Value null at 'roleArn' .* Member must not be null/],
    [{ RoleSessionName: "x" }, "ValidationError", /'roleSessionName' .* greater than or equal to 2/],
    [{ RoleSessionName: "a b", DurationSeconds: "1" }, "ValidationError", /^2 validation errors detected: /],
    [{ DurationSeconds: "43201" }, "ValidationError", /value less than or equal to 43200/],
    [{ DurationSeconds: "soon" }, "ValidationError", /'durationSeconds' .* an integer/],
    [{ RoleArn: "arn:aws:iam::123456789012:user/Someone" }, "ValidationError", /^Request ARN is invalid$/],
    [{ Policy: " ".repeat(2049) }, "ValidationError", /'policy' .* less than or equal to 2048/],
    [{ Policy: "{" }, "MalformedPolicyDocument", /Cannot read policy/],
    [{ Policy: '{"Statement":[{"Effect":"Allow","Action":"s3:*"}]}' }, "MalformedPolicyDocument", /\/Statement\/0/],
    [{ Policy: TRUSTS_ACCOUNT }, "MalformedPolicyDocument", /Cannot read policy/],
    [{ "PolicyArns.member.1.arn": arnOf("First") }, "ValidationError", /does not exist or is not attachable/],
    [{ "PolicyArns.member.1.arn": "x" }, "ValidationError", /'policyArns.1.member.arn'/],
    [
      { "Tags.member.1.Key": "<", "Tags.member.1.Value": "hidden-value" },
      "ValidationError",
      /Value at 'tags.1.member.key'/,
    ],
    [{ "Tags.member.1.Key": "k" }, "ValidationError", /'tags.1.member.value' .* must not be null/],
    [{ "Tags.member.1.Key": "aws:k", "Tags.member.1.Value": "" }, "InvalidParameterValue", /aws:/],
    [{ "TransitiveTagKeys.member.1": "k" }, "InvalidParameterValue", /must be included in the requested tags/],
    [{ Tags: "text" }, "ValidationError", /'tags' .* a list/],
    [{ ExternalId: "x" }, "ValidationError", /'externalId'/],
    [{ SourceIdentity: "a b" }, "ValidationError", /'sourceIdentity'/],
    [{ SerialNumber: "arn:aws:iam::123456789012:mfa/x", TokenCode: "123456" }, "AccessDenied", /MultiFactor/],
    [{ TokenCode: "1" }, "ValidationError", /Value at 'tokenCode'/],
    [
      {
        "Tags.member.1.Key": "k",
        "Tags.member.1.Value": "v".repeat(256),
        "Tags.member.2.Key": "l",
        "Tags.member.2.Value": "v".repeat(256),
      },
      "PackedPolicyTooLarge",
      /consumes 113% of allotted space/,
    ],
  ];
  for (const [parameters, code, message] of cases) {
    const answer = await next(made, undefined, parameters);
    assert.match(assertRefused(answer, code === "AccessDenied" ? 403 : 400, code), message, JSON.stringify(parameters));
    assert.not.match(answer.text, "hidden-value");
  }
  const twice = {
    "Tags.member.1.Key": "k",
    "Tags.member.1.Value": "",
    "Tags.member.2.Key": "K",
    "Tags.member.2.Value": "",
  };
  assertRefused(await next(made, undefined, twice), 400, "InvalidParameterValue");
  assert.is((await next(made, undefined, { Tags: "", PolicyArns: "" })).status, 200);
});

test("AssumeRole leaves no secret in the events", async () => {
  const made = account();
  const { accessKeyId, secretAccessKey, sessionToken } = await made.assume("First", {
    "Tags.member.1.Key": "hidden-key",
    "Tags.member.1.Value": "hidden-value",
  });
  const events = await (await made.emulator.fetch(new Request("http://127.0.0.1/_emulator/events"))).text();
  for (const secret of [secretAccessKey, sessionToken!, "hidden-key", "hidden-value"]) assert.not.match(events, secret);
  assert.match(events, "HIDDEN_DUE_TO_SECURITY_REASONS");
  assert.match(events, accessKeyId);
  assert.match(events, '"eventName":"AssumeRole"');
});

test.run();
