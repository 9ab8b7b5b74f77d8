import type { FetchResponse } from "../../../core/ports.ts";
import { portableSha256 } from "../../../core/crypto/sha256.ts";
import { assumeRole, type AssumeRoleOptions } from "../../../core/session/assume-role.ts";
import type { Session } from "../../../core/session/create-session.ts";
import type { ServiceError } from "../../../core/session/service-error.ts";
import type { SessionError } from "../../../core/session/session-error.ts";
import { VERSION } from "../../../core/version.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { answer, fakeFetch, NOON, ports, SECRET, type Sent, TOKEN } from "./fake-service.ts";
import { VirtualClock } from "./virtual-clock.ts";

const test = suite("core/session/assume-role");

const ROLE = "arn:aws:iam::210987654321:role/team/Next";

const SESSION: Session = {
  credentials: {
    accessKeyId: "ASIAFIRST",
    secretAccessKey: "firstFIRSTfirst",
    sessionToken: "firstTOKEN",
    expiration: "2026-06-01T13:00:00Z",
    accountId: "123456789012",
  },
  expiresAtMs: NOON + 3_600_000,
  assumedRoleUser: { arn: "arn:aws:sts::123456789012:assumed-role/First/1267", assumedRoleId: "AROAX:1267" },
  roleArn: "arn:aws:iam::123456789012:role/First",
  sourceIdentity: "CN=Alice",
  subjectArn: "arn:aws:rolesanywhere:us-east-1:123456789012:subject/x",
  requestId: "req-1",
  attempts: 1,
  clockSkewMs: 0,
};

function body(expiration: string = "2026-06-01T13:00:00Z", extra: string = ""): string {
  return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>` +
    `<AccessKeyId>ASIANEXT</AccessKeyId><SecretAccessKey>${SECRET}</SecretAccessKey><SessionToken>${TOKEN}</SessionToken>` +
    `<Expiration>${expiration}</Expiration></Credentials><AssumedRoleUser><AssumedRoleId>AROAY:1267</AssumedRoleId>` +
    `<Arn>arn:aws:sts::210987654321:assumed-role/Next/1267</Arn></AssumedRoleUser>${extra}</AssumeRoleResult>` +
    `<ResponseMetadata><RequestId>req-3</RequestId></ResponseMetadata></AssumeRoleResponse>`;
}

const success = (text: string = body()): FetchResponse => answer(200, text, { "x-amzn-requestid": "req-3" });

function refused(status: number, code: string, message: string, headers: Record<string, string> = {}): FetchResponse {
  const text = `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type>` +
    `<Code>${code}</Code><Message>${message}</Message></Error><RequestId>req-4</RequestId></ErrorResponse>`;
  return answer(status, text, headers);
}

function attempt(answers: (FetchResponse | Error | "hang")[], extra: Partial<AssumeRoleOptions> = {}): {
  readonly clock: VirtualClock;
  readonly sent: Sent[];
  readonly outcome: Promise<Session>;
} {
  const clock = new VirtualClock(NOON);
  const { fetch, sent } = fakeFetch(...answers);
  const given: AssumeRoleOptions = { session: SESSION, roleArn: ROLE, region: "us-east-1", ...extra };
  const outcome = clock.run(assumeRole(given, ports(clock, fetch)));
  outcome.catch(() => {});
  return { clock, sent, outcome };
}

test("assumeRole() signs a request of the query protocol with the credentials of the session", async () => {
  const policy = '{"Version":"2012-10-17","Statement":[]}';
  const { sent, outcome } = attempt([success()], { externalId: "ext/1:2", policy, durationSeconds: 900 });
  await outcome;
  const { url, init } = sent[0]!;
  assert.is(url, "https://sts.us-east-1.amazonaws.com/");
  assert.is(init.method, "POST");
  assert.is(init.redirect, "manual");
  assert.is(
    init.body,
    "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A210987654321%3Arole%2Fteam%2FNext" +
      "&RoleSessionName=1267&DurationSeconds=900&ExternalId=ext%2F1%3A2" +
      "&Policy=%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%5D%7D",
  );
  const { headers } = init;
  assert.is(headers["content-type"], "application/x-www-form-urlencoded; charset=utf-8");
  assert.is(headers["user-agent"], `anyrole/${VERSION}`);
  assert.is(headers["x-amz-date"], "20260601T120000Z");
  assert.is(headers["x-amz-security-token"], "firstTOKEN");
  assert.is(headers["host"], undefined);
  assert.match(
    headers["authorization"]!,
    "AWS4-HMAC-SHA256 Credential=ASIAFIRST/20260601/us-east-1/sts/aws4_request, SignedHeaders=amz-sdk-invocation-id;" +
      "amz-sdk-request;content-type;host;x-amz-date;x-amz-security-token, Signature=",
  );
});

test("assumeRole() answers a session of the role that keeps what is known of the first", async () => {
  const { outcome } = attempt([success(body("2026-06-01T13:00:00Z", "<PackedPolicySize>12</PackedPolicySize>"))]);
  assert.equal(await outcome, {
    credentials: {
      accessKeyId: "ASIANEXT",
      secretAccessKey: SECRET,
      sessionToken: TOKEN,
      expiration: "2026-06-01T13:00:00Z",
      accountId: "210987654321",
    },
    expiresAtMs: NOON + 3_600_000,
    assumedRoleUser: { arn: "arn:aws:sts::210987654321:assumed-role/Next/1267", assumedRoleId: "AROAY:1267" },
    packedPolicySize: 12,
    roleArn: ROLE,
    sourceIdentity: "CN=Alice",
    subjectArn: SESSION.subjectArn,
    requestId: "req-3",
    attempts: 1,
    clockSkewMs: 0,
  });
});

test("assumeRole() sends to the variant of the endpoint, or to a custom one whose path it signs", async () => {
  const fips = attempt([success()], { region: "us-gov-west-1", fips: true, dualStack: true });
  await fips.outcome;
  assert.is(fips.sent[0]!.url, "https://sts-fips.us-gov-west-1.api.aws/");
  const custom = attempt([success()], { endpoint: "http://127.0.0.1:8080/sts" });
  await custom.outcome;
  assert.is(custom.sent[0]!.url, "http://127.0.0.1:8080/sts/");
});

test("assumeRole() signs with the service's time where the session had to", async () => {
  const { sent, outcome } = attempt([success()], { session: { ...SESSION, clockSkewMs: 600_000 } });
  assert.is((await outcome).clockSkewMs, 600_000);
  assert.is(sent[0]!.init.headers["x-amz-date"], "20260601T121000Z");
});

test("assumeRole() tries again when the service is throttling, failing or not there", async () => {
  const { sent, outcome } = attempt([
    refused(400, "Throttling", "Rate exceeded"),
    new Error("connection reset"),
    success(),
  ]);
  assert.is((await outcome).attempts, 3);
  assert.is(sent[2]!.init.headers["amz-sdk-request"], "attempt=3; max=3");
});

test("assumeRole() tells a refusal with its code, the role and what to do", async () => {
  const rows = [
    ["AccessDenied", 403, "ERR_SERVICE_ACCESS_DENIED", "trust policy lets the role before it do sts:AssumeRole"],
    ["ValidationError", 400, "ERR_SERVICE_VALIDATION", ""],
    ["MalformedPolicyDocument", 400, "ERR_SERVICE_VALIDATION", ""],
    ["PackedPolicyTooLarge", 400, "ERR_SERVICE_VALIDATION", "shorten the session policy"],
    ["RegionDisabledException", 403, "ERR_SERVICE_OTHER", "STS is not active in this region"],
    ["ExpiredToken", 403, "ERR_SERVICE_OTHER", ""],
  ] as const;
  for (const [serviceCode, status, code, advice] of rows) {
    const { outcome } = attempt([refused(status, serviceCode, "No &amp; never")]);
    const error = await assertRejects(outcome, code) as unknown as ServiceError;
    assert.is(error.serviceCode, serviceCode);
    assert.is(error.serviceMessage, "No & never");
    assert.is(error.requestId, "req-4");
    assert.is(error.assumedRoleArn, ROLE);
    assert.match(
      error.message,
      `Cannot assume role ${ROLE}: operation error STS: AssumeRole, https response error StatusCode: ${status}, ` +
        `RequestID: req-4, api error ${serviceCode}: No & never`,
    );
    assert.match(error.message, advice);
  }
});

test("assumeRole() refuses answers that are not those of STS, and tells nothing of them", async () => {
  const rows: [string, string][] = [
    ["", "ERR_SESSION_RESPONSE"],
    [`{"SecretAccessKey":"${SECRET}"}`, "ERR_SESSION_RESPONSE"],
    [body().replace("</AssumeRoleResult>", ""), "ERR_SESSION_RESPONSE"],
    [body().replaceAll("AssumeRoleResponse", "GetSessionTokenResponse"), "ERR_SESSION_RESPONSE"],
    [body().replace(/<AccessKeyId>.*<\/AccessKeyId>/, ""), "ERR_SESSION_INCOMPLETE_CREDENTIALS"],
    [body().replace(TOKEN, ""), "ERR_SESSION_INCOMPLETE_CREDENTIALS"],
    [body().replace(SECRET, `${SECRET}</SecretAccessKey><SecretAccessKey>x`), "ERR_SESSION_INCOMPLETE_CREDENTIALS"],
    [body("soon"), "ERR_SESSION_EXPIRATION"],
    [body("2026-06-01T11:00:00Z"), "ERR_SESSION_EXPIRATION"],
    ["x".repeat(1_048_577), "ERR_SESSION_RESPONSE_SIZE"],
  ];
  for (const [text, code] of rows) {
    const error = await assertRejects(attempt([success(text)]).outcome, code) as unknown as SessionError;
    assert.is(error.detail.assumedRoleArn, ROLE);
    assert.match(error.message, `Cannot assume role ${ROLE}: `);
    for (const secret of [SECRET, TOKEN]) assert.not.match(`${error.message} ${JSON.stringify(error)}`, secret);
  }
});

test("assumeRole() tells a refusal that is not XML", async () => {
  const error = await assertRejects(attempt([answer(403, "<html><p>Proxy</html>")]).outcome, "ERR_SERVICE_OTHER");
  assert.match(error.message, "the answer is not XML (this does not look like STS: check its endpoint and proxies)");
});

test("assumeRole() refuses what cannot be asked for, before anything is sent", async () => {
  const rows: [Partial<AssumeRoleOptions>, string][] = [
    [{ roleArn: "arn:aws:iam::1:role/x" }, "ERR_ARN_ACCOUNT"],
    [{ durationSeconds: 899 }, "ERR_SESSION_DURATION"],
    [{ durationSeconds: 3601 }, "ERR_SESSION_DURATION"],
    [{ durationSeconds: 1000.5 }, "ERR_SESSION_DURATION"],
    [{ roleSessionName: "a" }, "ERR_SESSION_ROLE_SESSION_NAME"],
    [{ roleSessionName: "a b" }, "ERR_SESSION_ROLE_SESSION_NAME"],
    [{ externalId: "x" }, "ERR_SESSION_EXTERNAL_ID"],
    [{ externalId: "ä".repeat(3) }, "ERR_SESSION_EXTERNAL_ID"],
    [{ policy: "" }, "ERR_SESSION_POLICY"],
    [{ policy: "[]" }, "ERR_SESSION_POLICY"],
    [{ region: "no region" }, "ERR_ENDPOINT_REGION"],
    [{ endpoint: "sts.example" }, "ERR_ENDPOINT_SYNTAX"],
  ];
  for (const [extra, code] of rows) {
    const { sent, outcome } = attempt([success()], extra);
    await assertRejects(outcome, code);
    assert.is(sent.length, 0);
  }
  const nameless = { ...SESSION };
  delete (nameless as { assumedRoleUser?: unknown }).assumedRoleUser;
  await assertRejects(attempt([success()], { session: nameless }).outcome, "ERR_SESSION_ROLE_SESSION_NAME");
  const rejection = async (extra: object): Promise<unknown> => await attempt([], extra).outcome.catch((error) => error);
  assert.match(String(await rejection({ polcy: "{}" })), /^TypeError: assumeRole\(\) has no option "polcy"$/);
  assert.match(String(await rejection({ maxAttempts: 0 })), /^RangeError: "maxAttempts"/);
});

test("assumeRole() uses the hash that it is given", async () => {
  const clock = new VirtualClock(NOON);
  const { fetch } = fakeFetch(success());
  let hashed = 0;
  const sha256 = {
    ...portableSha256,
    hex: (data: Parameters<typeof portableSha256.hex>[0]) => {
      hashed++;
      return portableSha256.hex(data);
    },
  };
  await clock.run(
    assumeRole({ session: SESSION, roleArn: ROLE, region: "us-east-1" }, { ...ports(clock, fetch), sha256 }),
  );
  assert.ok(hashed > 0);
});

test.run();
