import {
  decidePermission,
  evaluatePolicy,
  explainPolicy,
  type NamedPolicy,
  parsePolicy,
  type PolicyRequest,
  requestContext,
} from "../../../core/policy/mod.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/policy/session-permissions");

function policy(name: string, ...statements: object[]): NamedPolicy {
  const Statement = statements.map((one) => ({ Effect: "Allow", Resource: "*", ...one }));
  return { name, document: parsePolicy({ Version: "2012-10-17", Statement }, "permissions") };
}

function request(
  action: string,
  resource: string = "arn:aws:s3:::bucket/server-a/log",
  commonName = "server-a",
): PolicyRequest {
  return { action, resource, context: requestContext([["aws:PrincipalTag/x509Subject/CN", commonName]]) };
}

const EVERYTHING = policy("everything", { Action: "s3:*" });
const READ = policy("read", { Sid: "Read", Action: "s3:GetObject" });

test("decidePermission() lets the role's policies decide where the session has none", () => {
  const decision = decidePermission({ rolePolicies: [READ, EVERYTHING], sessionPolicies: [] }, request("s3:PutObject"));
  assert.is(decision.outcome, "allow");
  assert.is(decision.decidedBy?.policy, "everything");
  assert.is(decision.decidedBy?.source, "role");
  assert.is(decision.session, undefined);
  assert.equal(decision.explanation, [
    'Role policy "everything": Statement 1 allows s3:PutObject on arn:aws:s3:::bucket/server-a/log without a condition.',
  ]);
});

test("decidePermission() needs both: s3:* of the role with s3:GetObject of the session refuses PutObject", () => {
  const sources = { rolePolicies: [EVERYTHING], sessionPolicies: [READ] };
  assert.is(decidePermission(sources, request("s3:GetObject")).outcome, "allow");
  const put = decidePermission(sources, request("s3:PutObject"));
  assert.is(put.outcome, "implicit-deny");
  assert.is(put.decidedBy, undefined);
  assert.equal(put.explanation, [
    'Role policy "everything": Statement 1 allows s3:PutObject on arn:aws:s3:::bucket/server-a/log without a condition.',
    "Session policies: Nothing allows s3:PutObject on arn:aws:s3:::bucket/server-a/log: " +
    'statement "Read" does not apply, because its Action leaves out s3:PutObject.',
  ]);
});

test("decidePermission() takes inline and managed session policies for one set", () => {
  const write = policy("arn:aws:iam::aws:policy/Write", { Action: "s3:PutObject" });
  const sources = { rolePolicies: [EVERYTHING], sessionPolicies: [READ, write] };
  assert.is(decidePermission(sources, request("s3:GetObject")).outcome, "allow");
  assert.is(decidePermission(sources, request("s3:PutObject")).outcome, "allow");
  assert.is(decidePermission(sources, request("s3:DeleteObject")).outcome, "implicit-deny");
});

test("decidePermission() gives a session no right that the role lacks", () => {
  const sources = { rolePolicies: [READ], sessionPolicies: [EVERYTHING] };
  assert.is(decidePermission(sources, request("s3:PutObject")).outcome, "implicit-deny");
  assert.is(
    decidePermission({ rolePolicies: [], sessionPolicies: [] }, request("s3:GetObject")).outcome,
    "implicit-deny",
  );
  assert.is(
    decidePermission({ rolePolicies: [], sessionPolicies: [READ] }, request("s3:GetObject")).outcome,
    "implicit-deny",
  );
});

test("decidePermission() lets a deny of either side win", () => {
  const never = policy("never", { Effect: "Deny", Action: "s3:PutObject" });
  const ofRole = decidePermission(
    { rolePolicies: [EVERYTHING, never], sessionPolicies: [EVERYTHING] },
    request("s3:PutObject"),
  );
  assert.is(ofRole.outcome, "explicit-deny");
  assert.equal([ofRole.decidedBy?.policy, ofRole.decidedBy?.source], ["never", "role"]);
  const ofSession = decidePermission(
    { rolePolicies: [EVERYTHING], sessionPolicies: [EVERYTHING, never] },
    request("s3:PutObject"),
  );
  assert.is(ofSession.outcome, "explicit-deny");
  assert.equal([ofSession.decidedBy?.policy, ofSession.decidedBy?.source], ["never", "session"]);
  const ofNobody = decidePermission({ rolePolicies: [], sessionPolicies: [never] }, request("s3:PutObject"));
  assert.is(ofNobody.outcome, "explicit-deny");
});

test("decidePermission() lets a certificate write under its own name only", () => {
  const own = policy("own", {
    Action: "s3:PutObject",
    Resource: "arn:aws:s3:::bucket/${aws:PrincipalTag/x509Subject/CN}/*",
  });
  const outcome = (resource: string, commonName: string) =>
    decidePermission({ rolePolicies: [own], sessionPolicies: [] }, request("s3:PutObject", resource, commonName))
      .outcome;
  assert.is(outcome("arn:aws:s3:::bucket/server-a/log", "server-a"), "allow");
  assert.is(outcome("arn:aws:s3:::bucket/server-b/log", "server-a"), "implicit-deny");
  assert.is(outcome("arn:aws:s3:::bucket/server-ab/log", "server-a"), "implicit-deny");
  assert.is(outcome("arn:aws:s3:::bucket/server-b/log", "*"), "implicit-deny");
  assert.is(outcome("arn:aws:s3:::bucket/server-b/log", "server-?"), "implicit-deny");
});

test("decidePermission() throws a TypeError for a trust policy", () => {
  const Statement = { Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" };
  const trust = { name: "trust", document: parsePolicy({ Statement }, "trust") };
  for (
    const sources of [{ rolePolicies: [trust], sessionPolicies: [] }, { rolePolicies: [], sessionPolicies: [trust] }]
  ) {
    assert.throws(
      () => decidePermission(sources, request("s3:GetObject")),
      /Policy "trust" must be of kind "permissions"/,
    );
  }
});

test("explainPolicy() names the statement that decides, and what its conditions came to", () => {
  const explain = (statements: object[], action = "s3:GetObject") => {
    const { document } = policy("any", ...statements);
    const asked = { action, context: requestContext([["a:b", "c"]]) };
    return explainPolicy(evaluatePolicy(document, asked), asked);
  };
  const met = { StringEquals: { "a:b": "c" } };
  assert.is(explain([{ Action: "s3:*", Condition: met }]), "Statement 1 allows s3:GetObject, its condition is met.");
  assert.is(
    explain([{ Action: "*" }, {
      Sid: "No",
      Effect: "Deny",
      Action: "*",
      Condition: { ...met, Null: { "a:x": true } },
    }]),
    'Statement "No" explicitly denies s3:GetObject, its 2 conditions are met.',
  );
  assert.is(
    explain([{ Effect: "Deny", Action: "iam:*" }]),
    "Nothing allows s3:GetObject: there is no Allow statement.",
  );
  assert.is(
    explain([
      { Action: "iam:*" },
      { Action: "s3:*", Condition: { StringEquals: { "a:b": "d", "a:x": "y" } } },
      { Action: "s3:*", Condition: { StringEquals: { "a:b": ["c"], "a:x": "z" } } },
      { Action: "s3:*", Resource: "arn:aws:s3:::x" },
    ]),
    "Nothing allows s3:GetObject: statement 3 does not apply, because a:x is not in the request, " +
      'StringEquals asks for "z": not met.',
  );
  assert.is(
    explain([{ Action: "s3:*", Condition: { StringEquals: { "a:b": "d", "a:x": "y" } } }]),
    'Nothing allows s3:GetObject: statement 1 does not apply, because a:b is "c", StringEquals asks for "d": ' +
      "not met (and 1 more).",
  );
  assert.match(
    explain([{ Action: "s3:*", Resource: "arn:aws:s3:::x" }]),
    /its Resource leaves out requests without a resource/,
  );
  assert.match(explain([{ Action: undefined, NotAction: "s3:*" }]), /its NotAction leaves out s3:GetObject/);
});

test("explainPolicy() names the principal that a trust policy leaves out", () => {
  const Statement = { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" };
  const asked: PolicyRequest = {
    action: "sts:AssumeRole",
    principal: { type: "Service", value: "rolesanywhere.amazonaws.com" },
    context: requestContext([]),
  };
  const result = evaluatePolicy(parsePolicy({ Statement }, "trust"), asked);
  assert.is(
    explainPolicy(result, asked),
    "Nothing allows sts:AssumeRole: statement 1 does not apply, because its Principal leaves out " +
      "Service rolesanywhere.amazonaws.com.",
  );
});

test.run();
