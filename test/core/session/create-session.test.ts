import { createSession, type Session, type SessionOptions } from "../../../core/session/create-session.ts";
import type { SessionPorts } from "../../../core/session/service-call.ts";
import { ED25519 } from "../../../core/crypto/signature-algorithm.ts";
import type { FetchResponse } from "../../../core/ports.ts";
import { VERSION } from "../../../core/version.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import {
  answer,
  ARNS,
  fakeFetch,
  identity,
  NOON,
  options,
  ports,
  refusal,
  SECRET,
  type Sent,
  success,
  successBody,
  TOKEN,
} from "./fake-service.ts";
import { idle, VirtualClock } from "./virtual-clock.ts";

const test = suite("core/session/create-session");

interface Trial {
  readonly clock: VirtualClock;
  readonly sent: Sent[];
  readonly outcome: Promise<Session>;
}

function attempt(
  answers: (FetchResponse | Error | "hang")[],
  extra: Partial<SessionOptions> = {},
  extraPorts: Partial<SessionPorts> = {},
): Trial {
  const clock = new VirtualClock(NOON);
  const { fetch, sent } = fakeFetch(...answers);
  const outcome = clock.run(createSession(options(extra), { ...ports(clock, fetch), ...extraPorts }));
  outcome.catch(() => {});
  return { clock, sent, outcome };
}

const header = (sent: Sent, name: string): string | undefined => sent.init.headers[name];
const httpDate = (ms: number): string => new Date(ms).toUTCString();

test("createSession() sends what the service expects, and follows no redirect", async () => {
  const { sent, outcome } = attempt([success()], { durationSeconds: 900, roleSessionName: "a.b@c" });
  await outcome;
  const { url, init } = sent[0]!;
  assert.is(
    url,
    "https://rolesanywhere.us-east-1.amazonaws.com/sessions" +
      "?profileArn=arn%3Aaws%3Arolesanywhere%3Aus-east-1%3A000000000000%3Aprofile%2F11111111-2222-3333-4444-555555555555" +
      "&roleArn=arn%3Aaws%3Aiam%3A%3A000000000000%3Arole%2Fteam%20a%2FExample%2BRole" +
      "&trustAnchorArn=arn%3Aaws%3Arolesanywhere%3Aus-east-1%3A000000000000%3Atrust-anchor%2F66666666-7777-8888-9999-000000000000",
  );
  assert.is(init.method, "POST");
  assert.is(init.redirect, "manual");
  assert.is(init.body, '{"durationSeconds":900,"roleSessionName":"a.b@c"}');
  assert.is(init.headers["user-agent"], `anyrole/${VERSION}`);
  assert.is(init.headers["content-type"], "application/json");
  assert.is(init.headers["amz-sdk-invocation-id"], "80808080-8080-4080-8080-808080808080");
  assert.is(init.headers["amz-sdk-request"], "attempt=1; max=3");
  assert.is(init.headers["x-amz-date"], "20260601T120000Z");
  assert.is(init.headers["x-amz-x509"], "MAA=");
  assert.is(init.headers["host"], undefined);
  assert.is(
    init.headers["authorization"],
    "AWS4-X509-ECDSA-SHA256 Credential=4711/20260601/us-east-1/rolesanywhere/aws4_request, " +
      "SignedHeaders=amz-sdk-invocation-id;amz-sdk-request;content-type;host;x-amz-date;x-amz-x509, " +
      `Signature=${"ab".repeat(70)}`,
  );
});

test("createSession() answers everything that the service said", async () => {
  const session = await attempt([success()]).outcome;
  assert.equal(session, {
    credentials: {
      accessKeyId: "ASIAEXAMPLE",
      secretAccessKey: SECRET,
      sessionToken: TOKEN,
      expiration: "2026-06-01T13:00:00Z",
      accountId: "123456789012",
    },
    expiresAtMs: NOON + 3_600_000,
    assumedRoleUser: successBody().credentialSet[0]!.assumedRoleUser,
    packedPolicySize: 37,
    roleArn: ARNS.roleArn,
    sourceIdentity: "CN=Alice",
    subjectArn: "arn:aws:rolesanywhere:us-east-1:123456789012:subject/x",
    requestId: "req-1",
    attempts: 1,
    clockSkewMs: 0,
  });
});

test("createSession() leaves no timer behind", async () => {
  const { clock, outcome } = attempt([success()]);
  await outcome;
  await idle();
  assert.is(clock.pending, 0);
});

test("createSession() asks for an hour and no session name by default, also for an empty name", async () => {
  for (const extra of [{}, { roleSessionName: "" }]) {
    const { sent, outcome } = attempt([success()], extra);
    await outcome;
    assert.is(sent[0]!.init.body, '{"durationSeconds":3600}');
  }
});

test("createSession() puts the path of a custom endpoint before /sessions without signing it", async () => {
  const messages: string[] = [];
  const signing = identity((message) => {
    messages.push(String.fromCharCode(...message));
    return new Uint8Array(1);
  });
  const direct = attempt([success()], { identity: signing, endpoint: "http://127.0.0.1:8080" });
  await direct.outcome;
  const behindPath = attempt([success()], { identity: signing, endpoint: "http://127.0.0.1:8080/pre/" });
  await behindPath.outcome;
  assert.ok(behindPath.sent[0]!.url.startsWith("http://127.0.0.1:8080/pre/sessions?profileArn="));
  assert.is(messages[0], messages[1]);
});

test("createSession() signs for the plain region of a FIPS pseudo-region", async () => {
  const { sent, outcome } = attempt([success()], { region: "fips-us-east-1" });
  await outcome;
  assert.ok(sent[0]!.url.startsWith("https://rolesanywhere-fips.us-east-1.amazonaws.com/sessions?"));
  assert.match(header(sent[0]!, "authorization")!, "/20260601/us-east-1/rolesanywhere/aws4_request");
});

test("createSession() checks ARNs, regions, duration, session name and endpoint before anything is signed or sent", async () => {
  const cases: [Partial<SessionOptions>, string][] = [
    [{ trustAnchorArn: "" }, "ERR_ARN_PREFIX"],
    [{ profileArn: "arn:aws:rolesanywhere" }, "ERR_ARN_SECTIONS"],
    [{ roleArn: "arn:aws:iam::000000000000:user/u" }, "ERR_ARN_RESOURCE"],
    [{ profileArn: ARNS.profileArn.replace("us-east-1", "eu-west-1") }, "ERR_SESSION_REGION_MISMATCH"],
    [{ durationSeconds: 899 }, "ERR_SESSION_DURATION"],
    [{ durationSeconds: 43_201 }, "ERR_SESSION_DURATION"],
    [{ durationSeconds: 900.5 }, "ERR_SESSION_DURATION"],
    [{ durationSeconds: NaN }, "ERR_SESSION_DURATION"],
    [{ roleSessionName: "x" }, "ERR_SESSION_ROLE_SESSION_NAME"],
    [{ roleSessionName: "x".repeat(65) }, "ERR_SESSION_ROLE_SESSION_NAME"],
    [{ roleSessionName: "a b" }, "ERR_SESSION_ROLE_SESSION_NAME"],
    [{ roleSessionName: "ab\n" }, "ERR_SESSION_ROLE_SESSION_NAME"],
    [{ endpoint: "127.0.0.1:8080" }, "ERR_ENDPOINT_SYNTAX"],
    [{ region: "a/b" }, "ERR_ENDPOINT_REGION"],
  ];
  for (const [extra, code] of cases) {
    let signed = 0;
    const signing = identity(() => {
      signed++;
      return new Uint8Array(1);
    });
    const { sent, outcome } = attempt([success()], { identity: signing, ...extra });
    await assertRejects(outcome, code);
    assert.is(sent.length + signed, 0, code);
  }
});

test("createSession() names both regions of a mismatch", async () => {
  const profileArn = ARNS.profileArn.replace("us-east-1", "eu-west-1");
  const error = await assertRejects(attempt([success()], { profileArn }).outcome, "ERR_SESSION_REGION_MISMATCH");
  assert.match(error.message, "trust anchor and profile regions don't match: us-east-1 and eu-west-1");
});

test("createSession() refuses a certificate that is not valid now, unless told to leave that to the service", async () => {
  const years: [number, string][] = [
    [2025, "ERR_SESSION_CERTIFICATE_NOT_YET_VALID"],
    [2028, "ERR_SESSION_CERTIFICATE_EXPIRED"],
  ];
  for (const [year, code] of years) {
    const clock = new VirtualClock(Date.UTC(year, 0, 1));
    const { fetch, sent } = fakeFetch(success("2030-01-01T00:00:00Z"));
    const error = await assertRejects(createSession(options(), ports(clock, fetch)), code);
    assert.match(error.message, `it is ${year}-01-01T00:00:00Z by this machine's clock`);
    assert.is(sent.length, 0);
    await clock.run(createSession(options({ certificateValidity: "leave-to-service" }), ports(clock, fetch)));
    assert.is(sent.length, 1);
  }
});

test("createSession() counts both ends of the validity as valid", async () => {
  for (const time of [Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1) + 999]) {
    const clock = new VirtualClock(time);
    await clock.run(createSession(options(), ports(clock, fakeFetch(success("2030-01-01T00:00:00Z")).fetch)));
  }
});

test("createSession() throws TypeError and RangeError for options that do not exist or are out of bounds", async () => {
  const throws = async (extra: object, pattern: RegExp) => {
    try {
      await attempt([success()], extra as Partial<SessionOptions>).outcome;
    } catch (error) {
      assert.match(String(error), pattern);
      return;
    }
    assert.unreachable();
  };
  await throws({ trustAnchor: "x" }, /TypeError: createSession\(\) has no option "trustAnchor"/);
  await throws({ certificateValidity: "ignore" }, /TypeError: "certificateValidity"/);
  await throws({ maxAttempts: 0 }, /RangeError: "maxAttempts"/);
  await throws({ maxAttempts: 11 }, /RangeError: "maxAttempts"/);
  await throws({ attemptTimeoutMs: 0 }, /RangeError: "attemptTimeoutMs"/);
  await throws({ deadlineMs: NaN }, /RangeError: "deadlineMs"/);
  // Timers that are set to more end at once.
  await throws({ deadlineMs: 2 ** 31 }, /RangeError: "deadlineMs" .* at most 2147483647 milliseconds, or Infinity/);
  await attempt([success()], { deadlineMs: 2 ** 31 - 1, attemptTimeoutMs: Infinity }).outcome;
});

test("createSession() wraps a failure of the signer and does not try again", async () => {
  const later = () => Promise.reject(new Error("CKR_PIN_INCORRECT"));
  const atOnce = () => {
    throw new Error("CKR_PIN_INCORRECT");
  };
  for (const sign of [later, atOnce]) {
    const { sent, outcome } = attempt([success()], { identity: identity(sign) });
    const error = await assertRejects(outcome, "ERR_SESSION_SIGNING");
    assert.is(error.message, "Cannot create session: could not sign request: CKR_PIN_INCORRECT");
    assert.is((error["cause"] as Error).message, "CKR_PIN_INCORRECT");
    assert.is(sent.length, 0);
  }
});

test("createSession() refuses a signer whose algorithm the service does not know", async () => {
  const plain = identity();
  const odd = { ...plain, signer: { ...plain.signer, algorithm: ED25519 } };
  await assertRejects(attempt([success()], { identity: odd }).outcome, "ERR_SESSION_SIGNING");
});

test("createSession() tries three times, signs each attempt afresh and waits with full jitter", async () => {
  const { clock, sent, outcome } = attempt([answer(503, "busy"), answer(500, "{}"), success()]);
  const session = await outcome;
  assert.is(session.attempts, 3);
  const [first, second] = clock.slept as [number, number];
  // All random octets are 0x80: a little over half of [0, 2) and [0, 4) seconds.
  assert.ok(first > 1000 && first < 1010, String(first));
  assert.ok(second > 2000 && second < 2020, String(second));
  assert.equal(sent.map((each) => header(each, "amz-sdk-request")), [1, 2, 3].map((n) => `attempt=${n}; max=3`));
  const dates = sent.map((each) => header(each, "x-amz-date"));
  assert.equal(dates, ["20260601T120000Z", "20260601T120001Z", "20260601T120003Z"]);
  assert.is(new Set(sent.map((each) => header(each, "amz-sdk-invocation-id"))).size, 1);
});

test("createSession() repeats what may pass and nothing else", async () => {
  const failed = (code: string): Error => Object.assign(new Error("x"), { code });
  const rows: [FetchResponse | Error, string, number][] = [
    [answer(500, ""), "ERR_SERVICE_UNAVAILABLE", 3],
    [answer(501, ""), "ERR_SERVICE_UNAVAILABLE", 1],
    [answer(502, ""), "ERR_SERVICE_UNAVAILABLE", 3],
    [answer(503, ""), "ERR_SERVICE_UNAVAILABLE", 3],
    [answer(504, ""), "ERR_SERVICE_UNAVAILABLE", 3],
    [answer(429, ""), "ERR_SERVICE_THROTTLED", 3],
    [refusal(429, "ThrottlingException", "Rate exceeded"), "ERR_SERVICE_THROTTLED", 3],
    [refusal(400, "SlowDown", "x"), "ERR_SERVICE_THROTTLED", 3],
    [refusal(400, "RequestTimeout", "x"), "ERR_SERVICE_OTHER", 3],
    [refusal(403, "AccessDeniedException", "Untrusted signing certificate"), "ERR_SERVICE_ACCESS_DENIED", 1],
    [refusal(400, "ValidationException", "1 validation error detected"), "ERR_SERVICE_VALIDATION", 1],
    [refusal(404, "ResourceNotFoundException", "x"), "ERR_SERVICE_RESOURCE_NOT_FOUND", 1],
    [answer(403, "<html>proxy</html>"), "ERR_SERVICE_OTHER", 1],
    [answer(404, "{}"), "ERR_SERVICE_OTHER", 1],
    [new TypeError("fetch failed"), "ERR_SESSION_NETWORK", 3],
    [failed("EAI_AGAIN"), "ERR_SESSION_NETWORK", 3],
    [new TypeError("fetch failed", { cause: failed("ENOTFOUND") }), "ERR_SESSION_NETWORK", 1],
    [failed("DEPTH_ZERO_SELF_SIGNED_CERT"), "ERR_SESSION_NETWORK", 1],
    [failed("ERR_PROXY"), "ERR_SESSION_NETWORK", 3],
    [failed("ERR_PROXY_SETTING"), "ERR_SESSION_NETWORK", 1],
  ];
  for (const [outcomeOfFetch, code, requests] of rows) {
    const { sent, outcome } = attempt([outcomeOfFetch]);
    await assertRejects(outcome, code);
    assert.is(sent.length, requests, `${code} ${String(outcomeOfFetch)}`);
  }
});

test("createSession() respects maxAttempts and caps each wait at 20 seconds", async () => {
  const { clock, sent, outcome } = attempt([answer(503, "")], { maxAttempts: 10, deadlineMs: Infinity });
  const error = await assertRejects(outcome, "ERR_SERVICE_UNAVAILABLE");
  assert.is(sent.length, 10);
  assert.match(error.message, "CreateSession, exceeded maximum number of attempts, 10, https response error");
  assert.is(Math.max(...clock.slept), 20_000);
  const once = attempt([answer(503, "")], { maxAttempts: 1 });
  await assertRejects(once.outcome, "ERR_SERVICE_UNAVAILABLE");
  assert.is(once.sent.length, 1);
});

test("createSession() tells a broken connection in the SDKs' words, with Node's own reason", async () => {
  const cause = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:1"), { code: "ECONNREFUSED" });
  const { outcome } = attempt([new TypeError("fetch failed", { cause })], { endpoint: "http://127.0.0.1:1" });
  const error = await assertRejects(outcome, "ERR_SESSION_NETWORK");
  assert.is(
    error.message,
    "Cannot create session: operation error RolesAnywhere: CreateSession, exceeded maximum number of attempts, 3, " +
      "https response error StatusCode: 0, RequestID: , request send failed, " +
      'Post "http://127.0.0.1:1/sessions": fetch failed: connect ECONNREFUSED 127.0.0.1:1',
  );
  assert.equal(error["detail"], { attempts: 3 });
});

for (const hours of [1, -1]) {
  const name = hours > 0 ? "slow" : "fast";
  test(`createSession() signs again with the service's time when our clock is an hour ${name}`, async () => {
    const theirs = NOON + hours * 3_600_000;
    const denied = refusal(403, "AccessDeniedException", "Invalid signature", { date: httpDate(theirs) });
    const { clock, sent, outcome } = attempt([denied, success("2026-06-01T14:00:00Z")]);
    const session = await outcome;
    assert.is(session.clockSkewMs, hours * 3_600_000);
    assert.equal(clock.slept, []);
    assert.equal(sent.map((each) => header(each, "x-amz-date")), [
      "20260601T120000Z",
      hours > 0 ? "20260601T130000Z" : "20260601T110000Z",
    ]);
    assert.is(header(sent[1]!, "amz-sdk-request"), "attempt=1; max=3");
  });
}

test("createSession() corrects its clock once, and tells the skew when that does not help", async () => {
  const denied = refusal(403, "AccessDeniedException", "Invalid signature", { date: httpDate(NOON + 3_600_000) });
  const { sent, outcome } = attempt([denied], { maxAttempts: 1 });
  const error = await assertRejects(outcome, "ERR_SERVICE_ACCESS_DENIED");
  assert.is(sent.length, 2);
  assert.is(error["clockSkewMs"], 3_600_000);
  assert.is(error["attempts"], 2);
  assert.match(error.message, "this machine's clock is 60 minutes slow");
});

test("createSession() does not sign again when the clocks agree within four minutes", async () => {
  for (const date of [httpDate(NOON + 239_000), "garbage", ""]) {
    const denied = refusal(403, "AccessDeniedException", "Invalid signature", { date });
    const { sent, outcome } = attempt([denied]);
    const error = await assertRejects(outcome, "ERR_SERVICE_ACCESS_DENIED");
    assert.is(sent.length, 1);
    assert.is(error["clockSkewMs"], 0);
  }
});

test("createSession() signs no time that is further than a day from ours, whatever the service says, but tells it", async () => {
  for (const days of [-1, 1, 3650]) {
    const date = httpDate(NOON + days * 86_400_000 + Math.sign(days) * 1000);
    const denied = refusal(403, "AccessDeniedException", "Invalid signature", { date });
    const { sent, outcome } = attempt([denied]);
    const error = await assertRejects(outcome, "ERR_SERVICE_ACCESS_DENIED");
    assert.is(sent.length, 1);
    assert.is(error["clockSkewMs"], days * 86_400_000 + Math.sign(days) * 1000);
    assert.match(error.message, new RegExp(`clock is ${Math.abs(days) * 1440} minutes ${days > 0 ? "slow" : "fast"}`));
    const busy = attempt([answer(503, "", { date }), success()]);
    await busy.outcome;
    assert.is(header(busy.sent[1]!, "x-amz-date")?.slice(0, 11), "20260601T12");
  }
});

test("createSession() uses the service's time in ordinary retries as well", async () => {
  const busy = answer(503, "", { date: httpDate(NOON - 3_600_000) });
  const { sent, outcome } = attempt([busy, success()]);
  await outcome;
  assert.is(header(sent[1]!, "x-amz-date"), "20260601T110001Z");
});

test("createSession() keeps to the service's time when a later answer does not tell it", async () => {
  const date = { date: httpDate(NOON + 3_600_000) };
  const late = refusal(403, "AccessDeniedException", "Invalid signature", date);
  const { sent, outcome } = attempt([late, answer(502, "bad gateway"), success("2026-06-01T14:00:00Z")]);
  assert.is((await outcome).clockSkewMs, 3_600_000);
  assert.equal(sent.map((each) => header(each, "x-amz-date")?.slice(9, 11)), ["12", "13", "13"]);
});

test("createSession() ignores the Date of a success: the service accepted our time", async () => {
  const late = answer(201, successBody(), { date: httpDate(NOON + 7 * 86_400_000) });
  assert.is((await attempt([late]).outcome).clockSkewMs, 0);
});

test("createSession() gives up an attempt that takes too long, and tries again", async () => {
  const { clock, sent, outcome } = attempt(["hang", success()], { attemptTimeoutMs: 5_000 });
  await outcome;
  assert.is(sent.length, 2);
  assert.is(clock.slept[0], 5_000);
  assert.ok(sent[0]!.init.signal.aborted, "the connection of the first attempt is given up");
});

test("createSession() ends with a timeout when no attempt is answered", async () => {
  const { sent, outcome } = attempt(["hang"], { attemptTimeoutMs: 5_000 });
  const error = await assertRejects(outcome, "ERR_SESSION_TIMEOUT");
  assert.match(error.message, "no answer within 5000 ms");
  assert.is(sent.length, 3);
});

test("createSession() ends at the deadline, whatever it is doing", async () => {
  const hanging = attempt(["hang"], { deadlineMs: 7_000 });
  await assertRejects(hanging.outcome, "ERR_SESSION_DEADLINE");
  assert.is(hanging.clock.time, NOON + 7_000);
  assert.is(hanging.clock.pending, 0);

  const waiting = attempt([answer(503, "")], { deadlineMs: 2_500 });
  const error = await assertRejects(waiting.outcome, "ERR_SESSION_DEADLINE");
  assert.match(error.message, "it took longer than 2500 ms; the last attempt: ");
  assert.is((error["cause"] as { code: string }).code, "ERR_SERVICE_UNAVAILABLE");

  const signing = attempt([success()], { identity: identity(() => new Promise(() => {})), deadlineMs: 1_000 });
  await assertRejects(signing.outcome, "ERR_SESSION_DEADLINE");
  assert.is(signing.sent.length, 0);
});

test("createSession() gives up a body that never ends", async () => {
  const stuck: FetchResponse = { ...success(), text: () => new Promise(() => {}) };
  await assertRejects(attempt([stuck], { maxAttempts: 1 }).outcome, "ERR_SESSION_TIMEOUT");
});

test("createSession() starts no timer when there are no limits", async () => {
  const limits = { attemptTimeoutMs: Infinity, deadlineMs: Infinity };
  const { fetch } = fakeFetch(success());
  const sleep = () => Promise.resolve();
  await createSession(options(limits), { ...ports(new VirtualClock(NOON), fetch), sleep });
});

test("createSession() rejects with the signal's reason, at every stage", async () => {
  const reason = new Error("stop");
  const rejection = async (promise: Promise<unknown>): Promise<unknown> => {
    try {
      await promise;
    } catch (error) {
      return error;
    }
    throw new Error("not rejected");
  };
  const before = new AbortController();
  before.abort(reason);
  const unsent = attempt([success()], {}, { signal: before.signal });
  assert.is(await rejection(unsent.outcome), reason);
  assert.is(unsent.sent.length, 0);

  // While signing, sending, reading and waiting: abort as soon as everything that can run has run.
  const bodyHangs: FetchResponse = { ...success(), text: () => new Promise(() => {}) };
  const stages: [(FetchResponse | "hang"), Partial<SessionOptions>][] = [
    [success(), { identity: identity(() => new Promise(() => {})) }],
    ["hang", {}],
    [bodyHangs, {}],
    [answer(503, ""), {}],
  ];
  for (const [first, extra] of stages) {
    const controller = new AbortController();
    const clock = new VirtualClock(NOON);
    const { fetch } = fakeFetch(first);
    const outcome = createSession(options(extra), { ...ports(clock, fetch), signal: controller.signal });
    outcome.catch(() => {});
    await idle();
    controller.abort(reason);
    assert.is(await rejection(outcome), reason);
    await idle();
    assert.is(clock.pending, 0, "no timer is left");
  }
});

test("createSession() has a coded error for a signal without a reason", async () => {
  const signal = { aborted: true, addEventListener() {}, removeEventListener() {} };
  await assertRejects(attempt([success()], {}, { signal }).outcome, "ERR_SESSION_ABORTED");
});

test("createSession() refuses redirects and tells only the host", async () => {
  const locations: [string, string | undefined][] = [
    ["https://alice:hunter2@other.example:8443/x?y=z", "other.example:8443"],
    ["//third.example/", "third.example"],
    ["/elsewhere", undefined],
  ];
  for (const [location, host] of locations) {
    for (const status of [301, 302, 307, 308]) {
      const { sent, outcome } = attempt([answer(status, "", { location })]);
      const error = await assertRejects(outcome, "ERR_SESSION_REDIRECT");
      assert.is(sent.length, 1);
      assert.is((error["detail"] as { location?: string }).location, host);
      assert.not.match(error.message, "hunter2");
      assert.not.match(error.message, "y=z");
    }
  }
  await assertRejects(attempt([answer(0, "")]).outcome, "ERR_SESSION_REDIRECT");
});

test("createSession() keeps the request's signature and the credentials out of every error", async () => {
  const leaks = [`ab`.repeat(70), SECRET, TOKEN];
  const echo = `Authorization: AWS4-X509-ECDSA-SHA256 Credential=4711, Signature=${"ab".repeat(70)}`;
  const body = successBody() as { credentialSet: { credentials: Record<string, string> }[] };
  delete body.credentialSet[0]!.credentials["expiration"];
  const answers: FetchResponse[] = [
    refusal(403, "AccessDeniedException", echo),
    answer(201, body),
    answer(201, JSON.stringify(successBody()).slice(0, -5)),
    answer(201, successBody("tomorrow")),
    answer(418, successBody()),
  ];
  for (const each of answers) {
    try {
      await attempt([each]).outcome;
    } catch (error) {
      const { stack, cause } = error as Error;
      const all = [String(error), JSON.stringify(error), stack, String(cause)].join(" ");
      for (const leak of leaks) assert.not.match(all, leak);
      continue;
    }
    assert.unreachable();
  }
});

test.run();
