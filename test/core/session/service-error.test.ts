import { clean } from "../../../core/session/attempt-text.ts";
import { readRefusal, type Refusal, ServiceError } from "../../../core/session/service-error.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/session/service-error");

const headers = (fields: Record<string, string> = {}) => ({ get: (name: string) => fields[name] ?? null });
const context = { attempts: 1, clockSkewMs: 0 };
const refused = (serviceCode: string, serviceMessage: string, status = 403): ServiceError =>
  new ServiceError({ status, serviceCode, serviceMessage, requestId: "r", decoded: true }, context);

test("readRefusal() takes the code of the header, else of code, else of __type, cut at : and behind #", () => {
  const cases: [Record<string, string>, string, string][] = [
    [{ "x-amzn-errortype": "A" }, '{"code":"B","__type":"C"}', "A"],
    [{ "x-amzn-errortype": "A:http://internal.amazon.com/x#y" }, "{}", "A"],
    [{}, '{"code":"B","__type":"C"}', "B"],
    [{}, '{"__type":"com.amazon#C"}', "C"],
    [{}, '{"__type":"com.amazon#C:http://x"}', "C"],
    [{}, '{"code":7}', "UnknownError"],
    [{}, "{}", "UnknownError"],
    [{}, "<html>", "UnknownError"],
  ];
  for (const [fields, body, code] of cases) assert.is(readRefusal(403, headers(fields), body).serviceCode, code, body);
});

test("readRefusal() takes the message in any case, and the request id", () => {
  assert.is(readRefusal(403, headers(), '{"message":"a"}').serviceMessage, "a");
  assert.is(readRefusal(403, headers(), '{"Message":"a"}').serviceMessage, "a");
  assert.is(readRefusal(403, headers(), '{"message":{}}').serviceMessage, "UnknownError");
  assert.is(readRefusal(403, headers({ "x-amzn-requestid": "id" }), undefined).requestId, "id");
  assert.is(readRefusal(403, headers(), "[]").decoded, false);
});

test("clean() makes one line of a stranger's text, without controls and long hexadecimal", () => {
  assert.is(clean("a\r\n\u001b[31mb\u0000\u202ec", 100), "a [31mb c");
  assert.is(clean(`x ${"AB".repeat(48)} y`, 100), "x [hex] y");
  assert.is(clean("x".repeat(50), 10), `${"x".repeat(10)}…`);
});

test("ServiceError has the text of the AWS SDKs for codes of the model", () => {
  const error = refused("AccessDeniedException", "Nobody knows this one");
  assert.is(
    error.message,
    "Cannot create session: operation error RolesAnywhere: CreateSession, https response error StatusCode: 403, " +
      "RequestID: r, AccessDeniedException: Nobody knows this one",
  );
  assert.is(error.advice, undefined);
});

test("ServiceError has the text of the AWS SDKs for other codes, exhausted attempts and undecodable bodies", () => {
  assert.match(refused("toString", "m").message, "RequestID: r, api error toString: m");
  const html: Refusal = readRefusal(502, headers(), "<html>");
  assert.is(
    new ServiceError(html, { attempts: 3, exhausted: 3, clockSkewMs: 0 }).message,
    "Cannot create session: operation error RolesAnywhere: CreateSession, exceeded maximum number of attempts, 3, " +
      "https response error StatusCode: 502, RequestID: , deserialization failed, failed to decode response body, " +
      "the answer is not JSON (this does not look like the service: check the endpoint and proxies)",
  );
});

test("ServiceError has a code for each kind of refusal", () => {
  assert.is(refused("AccessDeniedException", "m").code, "ERR_SERVICE_ACCESS_DENIED");
  assert.is(refused("ValidationException", "m", 400).code, "ERR_SERVICE_VALIDATION");
  assert.is(refused("ResourceNotFoundException", "m", 404).code, "ERR_SERVICE_RESOURCE_NOT_FOUND");
  assert.is(refused("ThrottlingException", "Rate exceeded", 400).code, "ERR_SERVICE_THROTTLED");
  assert.is(refused("UnknownError", "m", 429).code, "ERR_SERVICE_THROTTLED");
  assert.is(refused("InternalFailure", "m", 500).code, "ERR_SERVICE_UNAVAILABLE");
  assert.is(refused("hasOwnProperty", "m", 418).code, "ERR_SERVICE_OTHER");
});

test("ServiceError advises on every known message of the service", () => {
  const messages: [string, string][] = [
    ["Invalid signature", "the private key belongs to the certificate"],
    ["Untrusted signing certificate", "intermediate"],
    ["Untrusted certificate. Insufficient certificate", "digitalSignature"],
    ["Certificate revoked", "new one"],
    ["Specified Trust Anchor wasn't found.", "trust anchor ARN"],
    ["Trust anchor is disabled", "enable the trust anchor"],
    ["Invalid or empty profile provided.", "profile ARN"],
    ["Profile is disabled", "enable the profile"],
    ["Requested Role isn't one of those listed in the Profile.", "to the profile"],
    ["Not authorized to set roleSessionName.", "accept role session names"],
    ["Unable to assume role for arn:aws:iam::1:role/r.", "trust policy"],
    [
      "Unable to assume role for arn:aws:iam::1:role/r.  The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
      "shorter session",
    ],
    [
      "Unable to assume role for arn:aws:iam::1:role/r. Some attributes failed to be mapped into session tags. Issuer: [ CN ]",
      "attribute mapping",
    ],
    [
      "Unable to assume role for x. Packed size of session tags consumes 142% of allotted space.",
      "session tags are too large",
    ],
  ];
  for (const [message, advice] of messages) {
    const error = refused("AccessDeniedException", message);
    assert.match(error.advice ?? "", advice);
    assert.match(error.message, `AccessDeniedException: ${message} (`);
  }
  assert.match(refused("ThrottlingException", "Rate exceeded", 429).advice ?? "", "10 sessions a second");
});

test.run();
