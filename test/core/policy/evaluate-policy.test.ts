import { evaluatePolicies, evaluatePolicy, parsePolicy, requestContext } from "../../../core/policy/mod.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/policy/evaluate-policy");

const ANCHOR = "arn:aws:rolesanywhere:eu-central-1:111122223333:trust-anchor/0d3b4a8a-1111-2222-3333-444455556666";
const SERVICE = { type: "Service", value: "rolesanywhere.amazonaws.com" } as const;
const ACTIONS = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];

const RECOMMENDED = parsePolicy(
  {
    Version: "2012-10-17",
    Statement: [{
      Effect: "Allow",
      Principal: { Service: "rolesanywhere.amazonaws.com" },
      Action: ACTIONS,
      Condition: {
        ArnEquals: { "aws:SourceArn": ANCHOR },
        StringEquals: {
          "aws:SourceAccount": "111122223333",
          "aws:PrincipalTag/x509Subject/CN": "server-a.example.com",
          "aws:PrincipalTag/x509Issuer/CN": "Example Issuing CA",
        },
      },
    }],
  },
  "trust",
);

function session(commonName: string) {
  return requestContext([
    ["aws:SourceArn", ANCHOR],
    ["aws:SourceAccount", "111122223333"],
    ["aws:PrincipalTag/x509Subject/CN", commonName],
    ["aws:PrincipalTag/x509Issuer/CN", "Example Issuing CA"],
  ]);
}

test("evaluatePolicy() allows the three actions of a session to the certificate that the trust policy names", () => {
  for (const action of ACTIONS) {
    const result = evaluatePolicy(RECOMMENDED, {
      action,
      principal: SERVICE,
      context: session("server-a.example.com"),
    });
    assert.is(result.outcome, "allow");
    assert.is(result.deciding?.statement.index, 0);
    assert.is(result.statements[0]?.conditions.length, 4);
  }
});

test("evaluatePolicy() says which condition another certificate does not meet", () => {
  const request = { action: "sts:AssumeRole", principal: SERVICE, context: session("server-b.example.com") };
  const result = evaluatePolicy(RECOMMENDED, request);
  assert.is(result.outcome, "implicit-deny");
  assert.is(result.deciding, undefined);
  assert.is(result.statements[0]?.mismatch, "condition");
  const unmet = result.statements[0]?.conditions.filter(({ outcome }) => outcome === "unmet");
  assert.equal(unmet?.map(({ pointer }) => pointer), [
    "/Statement/0/Condition/StringEquals/aws:PrincipalTag~1x509Subject~1CN",
  ]);
  assert.is(
    unmet?.[0]?.detail,
    'aws:PrincipalTag/x509Subject/CN is "server-b.example.com", ' +
      'StringEquals asks for "server-a.example.com": not met.',
  );
});

test("evaluatePolicy() names the first element that does not match", () => {
  const mismatch = (request: Partial<Parameters<typeof evaluatePolicy>[1]>) =>
    evaluatePolicy(RECOMMENDED, {
      action: "sts:AssumeRole",
      principal: SERVICE,
      context: session("server-a.example.com"),
      ...request,
    }).statements[0]?.mismatch;
  assert.is(mismatch({}), undefined);
  assert.is(mismatch({ principal: { type: "Service", value: "ec2.amazonaws.com" }, action: "sts:X" }), "principal");
  assert.is(mismatch({ action: "sts:GetFederationToken", context: requestContext([]) }), "action");
  assert.is(mismatch({ context: requestContext([]) }), "condition");
});

test("evaluatePolicies() lets a deny of any policy win over an allow of another", () => {
  const allow = parsePolicy({ Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" } }, "permissions");
  const deny = parsePolicy({ Statement: { Effect: "Deny", Action: "s3:Put*", Resource: "*" } }, "permissions");
  const request = (action: string) => ({ action, resource: "arn:aws:s3:::bucket/key", context: requestContext([]) });
  assert.is(evaluatePolicies([allow, deny], request("s3:GetObject")).outcome, "allow");
  const put = evaluatePolicies([allow, deny], request("s3:PutObject"));
  assert.is(put.outcome, "explicit-deny");
  assert.is(put.policyIndex, 1);
  assert.is(put.deciding?.statement, deny.statements[0]);
  assert.equal(put.policies.map(({ outcome }) => outcome), ["allow", "explicit-deny"]);
  assert.is(evaluatePolicies([], request("s3:GetObject")).outcome, "implicit-deny");
});

test.run();
