import { parseProfileArn, parseRoleArn, parseTrustAnchorArn } from "../../../core/aws/roles-anywhere-arn.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("core/aws/roles-anywhere-arn");

const UUID = "11111111-2222-3333-4444-555555555555";
const anchor = `arn:aws:rolesanywhere:us-east-1:000000000000:trust-anchor/${UUID}`;
const profile = `arn:aws-us-gov:rolesanywhere:us-gov-west-1:000000000000:profile/${UUID}`;

test("parseTrustAnchorArn() and parseProfileArn() read what the service issues", () => {
  assert.is(parseTrustAnchorArn(anchor).region, "us-east-1");
  assert.is(parseTrustAnchorArn(anchor).resource, `trust-anchor/${UUID}`);
  assert.is(parseProfileArn(profile).partition, "aws-us-gov");
});

test("parseRoleArn() keeps the path of the role, however odd", () => {
  assert.is(parseRoleArn("arn:aws:iam::000000000000:role/team a/Example+Role").resource, "role/team a/Example+Role");
});

test("parseTrustAnchorArn() refuses the ARN of a profile, and the other way round", () => {
  const error = assertThrows(() => parseTrustAnchorArn(profile), "ERR_ARN_RESOURCE");
  assert.match(error.message, "Cannot read trust anchor ARN");
  assert.match(error.message, 'should be "trust-anchor/…"');
  assertThrows(() => parseProfileArn(anchor), "ERR_ARN_RESOURCE");
});

test("parseTrustAnchorArn() names the section that is wrong", () => {
  const cases: [string, string][] = [
    ["arn:aws2:rolesanywhere:us-east-1:000000000000:trust-anchor/x", "ERR_ARN_PARTITION"],
    ["arn::rolesanywhere:us-east-1:000000000000:trust-anchor/x", "ERR_ARN_PARTITION"],
    ["arn:aws:iam:us-east-1:000000000000:trust-anchor/x", "ERR_ARN_SERVICE"],
    ["arn:aws:rolesanywhere::000000000000:trust-anchor/x", "ERR_ARN_REGION"],
    ["arn:aws:rolesanywhere:evil.example/#:000000000000:trust-anchor/x", "ERR_ARN_REGION"],
    ["arn:aws:rolesanywhere:us-east-1:12345:trust-anchor/x", "ERR_ARN_ACCOUNT"],
    ["arn:aws:rolesanywhere:us-east-1::trust-anchor/x", "ERR_ARN_ACCOUNT"],
    ["arn:aws:rolesanywhere:us-east-1:000000000000:trust-anchor/", "ERR_ARN_RESOURCE"],
    ["arn:aws:rolesanywhere:us-east-1:000000000000:trust-anchor", "ERR_ARN_RESOURCE"],
    ["arn:aws:rolesanywhere:us-east-1:000000000000", "ERR_ARN_SECTIONS"],
    [`${anchor}${"x".repeat(1000)}`, "ERR_ARN_LENGTH"],
    ["trust-anchor/x", "ERR_ARN_PREFIX"],
  ];
  for (const [text, code] of cases) assertThrows(() => parseTrustAnchorArn(text), code);
  const longest = anchor.padEnd(1011, "x");
  assert.is(parseTrustAnchorArn(longest).resource.length, longest.length - anchor.lastIndexOf(":") - 1);
  assertThrows(() => parseTrustAnchorArn(`${longest}x`), "ERR_ARN_LENGTH");
});

test("parseRoleArn() refuses users, regions and an empty name", () => {
  assertThrows(() => parseRoleArn("arn:aws:iam::000000000000:user/alice"), "ERR_ARN_RESOURCE");
  assertThrows(() => parseRoleArn("arn:aws:iam:us-east-1:000000000000:role/r"), "ERR_ARN_REGION");
  assertThrows(() => parseRoleArn("arn:aws:iam::000000000000:role/"), "ERR_ARN_RESOURCE");
  assertThrows(() => parseRoleArn("arn:aws:sts::000000000000:assumed-role/r/s"), "ERR_ARN_SERVICE");
});

test.run();
