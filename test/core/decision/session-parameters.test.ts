import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { parseSessionParameters } from "../../../core/decision/session-parameters.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";
import { PROFILE_ARN, ROLE_ARN, TRUST_ANCHOR_ARN } from "../../support/test-authority.ts";

const test = suite("core/decision/session-parameters");

const ARNS = { profileArn: PROFILE_ARN, roleArn: ROLE_ARN, trustAnchorArn: TRUST_ANCHOR_ARN };
const QUERY = Object.entries(ARNS).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");

const parse = (query: string, body: string | Record<string, unknown> = "") =>
  parseSessionParameters(query, encodeUtf8(typeof body === "string" ? body : JSON.stringify(body)));

const refusal = (query: string, body: string | Record<string, unknown> = "") =>
  assertThrows(() => parse(query, body), "ValidationException").message;

test("parseSessionParameters() reads them from the body, from the query, and from both", () => {
  const expected = { ...ARNS, durationSeconds: undefined, roleSessionName: undefined, instanceProperties: {} };
  assert.equal(parse("", { ...ARNS }), expected);
  assert.equal(parse(QUERY), expected);
  assert.equal(parse(QUERY, { profileArn: PROFILE_ARN, durationSeconds: 900 }), { ...expected, durationSeconds: 900 });
  assert.equal(parse(`${QUERY}&durationSeconds=43200&roleSessionName=edge-7`), {
    ...expected,
    durationSeconds: 43_200,
    roleSessionName: "edge-7",
  });
  assert.equal(parse("", { ...ARNS, instanceProperties: { rack: "7" } }).instanceProperties, { rack: "7" });
});

test("parseSessionParameters() ignores what the service ignores", () => {
  const body = { ...ARNS, sessionName: "old", cert: "x", unknown: { deep: [1] }, roleSessionName: null, __proto__: 1 };
  assert.is(parse("color=red&&flag", body).roleSessionName, undefined);
});

test("parseSessionParameters() reads odd but legal ARNs", () => {
  const roleArn = "arn:aws-us-gov:iam::000000000000:role/team a/Example+Role";
  assert.is(parse(`${QUERY.replace(/roleArn=[^&]*/, `roleArn=${encodeURIComponent(roleArn)}`)}`).roleArn, roleArn);
  assert.is(parse("", { ...ARNS, roleArn: "arn:aws:iam:::role" }).roleArn, "arn:aws:iam:::role");
});

test("parseSessionParameters() lists every broken constraint in one message", () => {
  assert.is(
    refusal("", { durationSeconds: 899, roleSessionName: "x" }),
    "5 validation errors detected: " +
      "Value null at 'profileArn' failed to satisfy constraint: Member must not be null; " +
      "Value null at 'roleArn' failed to satisfy constraint: Member must not be null; " +
      "Value null at 'trustAnchorArn' failed to satisfy constraint: Member must not be null; " +
      "Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900; " +
      "Value 'x' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2",
  );
});

test("parseSessionParameters() refuses values outside their limits", () => {
  const one = "1 validation error detected: ";
  const failed = "failed to satisfy constraint: Member must";
  assert.is(
    refusal("", { ...ARNS, durationSeconds: 43_201 }),
    `${one}Value '43201' at 'durationSeconds' ${failed} have value less than or equal to 43200`,
  );
  assert.is(
    refusal("", { ...ARNS, durationSeconds: 3600.5 }),
    `${one}Value '3600.5' at 'durationSeconds' ${failed} be an integer`,
  );
  assert.is(
    refusal("", { ...ARNS, durationSeconds: [3600] }),
    `${one}Value '[…]' at 'durationSeconds' ${failed} be an integer`,
  );
  assert.is(refusal("", { ...ARNS, roleArn: 5 }), `${one}Value '5' at 'roleArn' ${failed} be a string`);
  assert.is(
    refusal("", { ...ARNS, roleSessionName: "a b" }),
    `${one}Value 'a b' at 'roleSessionName' ${failed} satisfy regular expression pattern: [\\w+=,.@-]*`,
  );
  assert.is(
    refusal("", { ...ARNS, roleSessionName: "n".repeat(65) }),
    `${one}Value '${"n".repeat(65)}' at 'roleSessionName' ${failed} have length less than or equal to 64`,
  );
  assert.match(refusal("", { ...ARNS, instanceProperties: "x" }), "at 'instanceProperties' failed");
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, "v"]));
  assert.match(refusal("", { ...ARNS, instanceProperties: many }), "length less than or equal to 50");
  assert.match(
    refusal("", { ...ARNS, instanceProperties: { k: "v".repeat(201) } }),
    "length less than or equal to 200",
  );
});

test("parseSessionParameters() holds ARNs to the patterns of the API, whole and in linear time", () => {
  const pattern = "arn:aws(-[^:]+)?:rolesanywhere(:.*){2}(:profile.*)";
  for (
    const profileArn of [
      "",
      "profile/1",
      ROLE_ARN,
      TRUST_ANCHOR_ARN,
      "arn:aws:rolesanywhere:us-east-1:profile/1",
      `x${PROFILE_ARN}`,
      "arn:awsx:rolesanywhere:us-east-1:123456789012:profile/1",
      "arn:aws:rolesanywhere:us-east-1:123456789012:profile/1\n",
    ]
  ) {
    assert.match(
      refusal("", { ...ARNS, profileArn }),
      `Value '${profileArn}' at 'profileArn' failed to satisfy constraint: Member must satisfy regular expression pattern: ${pattern}`,
    );
  }
  assert.match(
    refusal("", { ...ARNS, roleArn: TRUST_ANCHOR_ARN }),
    "pattern: arn:aws(-[^:]+)?:iam(:.*){2}(:role.*)",
  );
  assert.match(
    refusal("", { ...ARNS, trustAnchorArn: PROFILE_ARN }),
    "pattern: arn:aws(-[^:]+)?:rolesanywhere(:.*){2}(:trust-anchor.*)",
  );
  assert.match(refusal("", { ...ARNS, profileArn: `arn:aws:rolesanywhere${":".repeat(50_000)}` }), "pattern");
});

test("parseSessionParameters() refuses a parameter that is given twice with different values", () => {
  const message = "Parameter 'profileArn' is given twice with different values";
  const other = `${PROFILE_ARN}0`;
  assert.is(refusal(`${QUERY}&profileArn=${other}`), message);
  assert.is(refusal(QUERY, { profileArn: other }), message);
  assert.is(refusal(QUERY, { profileArn: [PROFILE_ARN] }), message);
  assert.is(
    parse(`${QUERY}&profileArn=${PROFILE_ARN}&durationSeconds=900`, { durationSeconds: 900 }).durationSeconds,
    900,
  );
});

test("parseSessionParameters() refuses what cannot be parsed", () => {
  assert.is(refusal(QUERY, "{"), "Cannot parse the request body: it is not JSON");
  assert.is(refusal(QUERY, "\ufeff{}"), "Cannot parse the request body: it is not JSON");
  for (const body of ["[]", "null", "3", '"x"']) {
    assert.is(refusal(QUERY, body), "Cannot parse the request body: it is not a JSON object");
  }
  assert.is(
    assertThrows(() => parseSessionParameters(QUERY, new Uint8Array([0x7b, 0xff, 0x7d])), "ValidationException")
      .message,
    "Cannot parse the request body: it is not UTF-8",
  );
  for (const query of ["profileArn=%", "profileArn=%zz", "%e=1"]) {
    assert.is(refusal(query), "Cannot parse the query: a percent escape is malformed");
  }
  assert.is(refusal("profileArn=%ff"), "Cannot parse the query: it is not UTF-8");
  assert.is(refusal(QUERY, "[".repeat(100_000)), "Cannot parse the request body: it is not JSON");
});

test.run();
