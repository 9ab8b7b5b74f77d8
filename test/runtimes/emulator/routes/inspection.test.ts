// runtimes: node20 node deno bun workerd
import { portableProvider } from "../../../../core/crypto/portable/mod.ts";
import { encodePem } from "../../../../core/pem/pem.ts";
import { signRequest, type SigV4Credentials } from "../../../../core/sigv4/mod.ts";
import { createEmulator, type Emulator, type EmulatorOptions, type Fault } from "../../../../runtimes/emulator/mod.ts";
import { assert, assertRejects, suite } from "../../../support/suite.ts";
import {
  CA_EXTENSIONS,
  CLIENT_EXTENSIONS,
  commonName,
  NOW,
  PROFILE_ARN,
  ROLE_ARN,
  signedSessionRequest,
  testCertificate,
  testKey,
  testRandom,
  TRUST_ANCHOR_ARN,
} from "../../../support/test-authority.ts";

const test = suite("runtimes/emulator/inspection");

const crypto = portableProvider({ random: testRandom("inspection") });
const HOSTILE = `</td><script>alert("1")</script>`;

async function emulate(options: Partial<EmulatorOptions> = {}, subject = "Root"): Promise<Emulator> {
  const root = await testCertificate({
    subject: commonName(subject),
    issuer: commonName(subject),
    publicKey: (await testKey("Root")).publicKey,
    signer: await testKey("Root"),
    extensions: CA_EXTENSIONS,
  });
  return createEmulator({
    trustAnchors: [{ arn: TRUST_ANCHOR_ARN, certificates: encodePem("CERTIFICATE", root.der) }],
    profiles: [{ arn: PROFILE_ARN, roleArns: [ROLE_ARN] }],
    roles: [{ arn: ROLE_ARN, id: "AROAEXAMPLEEXAMPLE123" }],
    now: () => NOW,
    crypto,
    ...options,
  });
}

/** CreateSession by a certificate of the root. */
async function openSession(emulator: Emulator, subject = "edge-7", timeMs = NOW): Promise<Response> {
  const { headers, body } = await signedSessionRequest({
    certificate: await testCertificate({
      subject: commonName(subject),
      issuer: commonName("Root"),
      publicKey: (await testKey("edge-7")).publicKey,
      signer: await testKey("Root"),
      extensions: CLIENT_EXTENSIONS,
    }),
    signer: await testKey("edge-7"),
    timeMs,
  });
  return await emulator.fetch(
    new Request("http://127.0.0.1:8080/sessions", {
      method: "POST",
      headers: headers.map(([name, value]) => [name, value] as [string, string]),
      body,
    }),
  );
}

interface SessionBody {
  readonly credentialSet: readonly [{
    readonly credentials: SigV4Credentials & { readonly sessionToken: string; readonly expiration: string };
  }];
}

async function credentialsOf(response: Response): Promise<SessionBody["credentialSet"][0]["credentials"]> {
  assert.is(response.status, 201);
  return (await response.json() as SessionBody).credentialSet[0].credentials;
}

async function callerIdentity(emulator: Emulator, credentials: SigV4Credentials, timeMs = NOW): Promise<Response> {
  const headers = { host: "127.0.0.1:8080", "content-type": "application/x-www-form-urlencoded" };
  const body = "Action=GetCallerIdentity&Version=2011-06-15";
  const signed = signRequest({ method: "POST", path: "/", headers, body }, {
    credentials,
    timeMs,
    region: "us-east-1",
    service: "sts",
  });
  return await emulator.fetch(
    new Request("http://127.0.0.1:8080/", { method: "POST", headers: { ...headers, ...signed.headers }, body }),
  );
}

function tell(emulator: Emulator, method: string, path: string, body?: unknown, headers = {}): Promise<Response> {
  const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
  return emulator.fetch(new Request(`http://localhost:8080/_emulator/${path}`, init));
}

async function json(response: Response): Promise<Record<string, unknown>> {
  return await response.json() as Record<string, unknown>;
}

test("/_emulator/clock moves, stops and starts the clock", async () => {
  const emulator = await emulate();
  assert.equal(await json(await tell(emulator, "GET", "clock")), { now: "2026-06-01T12:00:00.000Z", offsetSeconds: 0 });
  const cases: readonly (readonly [object, string])[] = [
    [{ offsetSeconds: 3600 }, "2026-06-01T13:00:00.000Z"],
    [{ advanceSeconds: 60 }, "2026-06-01T13:01:00.000Z"],
    [{ fixed: "2030-01-01T00:00:00Z" }, "2030-01-01T00:00:00.000Z"],
    [{ advanceSeconds: -1 }, "2029-12-31T23:59:59.000Z"],
    [{ offsetSeconds: -0.5 }, "2026-06-01T11:59:59.500Z"],
  ];
  for (const [command, now] of cases) {
    const answer = await tell(emulator, "PUT", "clock", command);
    assert.is((await json(answer))["now"], now);
    assert.is(answer.headers.get("date"), new Date(now).toUTCString());
  }
  for (
    const wrong of [
      {},
      { offsetSeconds: "1" },
      { fixed: "noon" },
      { fixed: "2026-06-01T12:00:00" },
      { offsetSeconds: 1, advanceSeconds: 1 },
      { offsetSeconds: -1e10 },
      { advanceSeconds: 1e300 },
    ]
  ) {
    const answer = await tell(emulator, "PUT", "clock", wrong);
    assert.is(answer.status, 400, JSON.stringify(wrong));
    assert.is((await json(answer))["__type"], "ValidationException");
  }
  assert.is((await emulator.fetch(new Request("http://localhost/_emulator/clock", { method: "PUT" }))).status, 400);
});

test("createEmulator() lets credentials end by its clock", async () => {
  const emulator = await emulate({ clock: { fixed: "2026-06-01T12:00:00Z" } });
  const credentials = await credentialsOf(await openSession(emulator));
  assert.is((await callerIdentity(emulator, credentials)).status, 200);
  await emulator.setClock({ advanceSeconds: 3600 });
  const late = await callerIdentity(emulator, credentials, NOW + 3_600_000);
  assert.match(await late.text(), "<Code>ExpiredToken</Code>");
});

test("createEmulator() keeps to the documented rates with the preset, by its clock, and to none without", async () => {
  const emulator = await emulate({ preset: "documented" });
  const statuses = async (count: number) => {
    const answers = [];
    for (let i = 0; i < count; i++) answers.push((await openSession(emulator)).status);
    return answers;
  };
  assert.equal(await statuses(11), [...Array.from({ length: 10 }, () => 201), 429]);
  await emulator.setClock({ advanceSeconds: 0.2 });
  assert.equal(await statuses(3), [201, 201, 429]);
  const refused = await openSession(emulator);
  assert.is(refused.headers.get("x-amzn-ErrorType"), "ThrottlingException");
  assert.equal(await json(refused), { __type: "ThrottlingException", message: "Rate exceeded" });
  const free = await emulate();
  for (let i = 0; i < 20; i++) assert.is((await openSession(free)).status, 201);
  const slow = await emulate({ rates: { sessions: 0.5 } });
  assert.is((await openSession(slow)).status, 201);
  await slow.setClock({ advanceSeconds: 1 });
  assert.is((await openSession(slow)).status, 429);
  await slow.setClock({ advanceSeconds: 1 });
  assert.is((await openSession(slow)).status, 201);
});

test("createEmulator() gives the same identifiers for the same seed", async () => {
  const ids = async (seed: string) => {
    const emulator = await emulate({ seed });
    return [await openSession(emulator), await openSession(emulator)].map((answer) =>
      answer.headers.get("x-amzn-RequestId")
    );
  };
  const first = await ids("a");
  assert.equal(await ids("a"), first);
  assert.is.not(first[0], first[1]);
  assert.is.not((await ids("b"))[0], first[0]);
});

test("/_emulator/faults fails the calls that it is told to, as often as it is told to", async () => {
  const emulator = await emulate();
  const put = async (...faults: readonly object[]) => {
    const answer = await tell(emulator, "PUT", "faults", { faults });
    assert.is(answer.status, 200, await answer.clone().text());
  };
  await put({ kind: "throttle", operation: "CreateSession", count: 2 });
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push((await openSession(emulator)).status);
  assert.equal(statuses, [429, 429, 201]);
  assert.equal((await json(await tell(emulator, "GET", "faults")))["faults"], [
    { kind: "throttle", operation: "CreateSession", count: 2, injected: 2 },
  ]);

  await put({ kind: "error" });
  const failed = await openSession(emulator);
  assert.equal([failed.status, failed.headers.get("x-amzn-ErrorType")], [500, "InternalFailure"]);
  await put({ kind: "error", status: 503, code: "ServiceUnavailable" });
  assert.is((await openSession(emulator)).status, 503);

  await put({ kind: "skew", offsetSeconds: -3600 });
  assert.is((await openSession(emulator)).headers.get("date"), "Mon, 01 Jun 2026 11:00:00 GMT");

  await put({ kind: "near-expiry", seconds: 90 });
  const credentials = await credentialsOf(await openSession(emulator));
  assert.is(credentials.expiration, "2026-06-01T12:01:30Z");
  await emulator.setClock({ advanceSeconds: 90 });
  assert.match(await (await callerIdentity(emulator, credentials)).text(), "ExpiredToken");
  await emulator.setClock({ offsetSeconds: 0 });

  await put({ kind: "revoked" });
  assert.match(await (await callerIdentity(emulator, credentials)).text(), "<Code>AccessDenied</Code>");
  const revoked = await openSession(emulator);
  assert.equal([revoked.status, (await json(revoked))["message"]], [403, "Certificate revoked"]);

  await tell(emulator, "DELETE", "faults");
  assert.is((await callerIdentity(emulator, credentials)).status, 200);
});

test("/_emulator/faults delays an answer, and cuts one that was made", async () => {
  const waits: number[] = [];
  const emulator = await emulate({
    sleep: async (ms) => {
      waits.push(ms);
      if (ms > 10_000) await new Promise(() => {});
    },
  });
  emulator.setFaults([{ kind: "slow", delayMs: 1500 }, { kind: "slow", delayMs: 250, count: 1 }]);
  assert.is((await openSession(emulator)).status, 201);
  assert.equal(waits.filter((ms) => ms < 10_000), [1750]);
  emulator.setFaults([{ kind: "reset" }]);
  const cut = await openSession(emulator);
  assert.match(await cut.text().then(() => "whole", String), "cut the connection");
  assert.is(emulator.decisions().at(-1)?.outcome, "allow");
});

test("/_emulator/faults meets a share of the calls, the same ones for the same seed", async () => {
  const pattern = async (seed: string) => {
    const emulator = await emulate({ seed, faults: [{ kind: "throttle", probability: 0.5 }] });
    const answers = [];
    for (let i = 0; i < 24; i++) answers.push((await openSession(emulator)).status === 429 ? "x" : ".");
    return answers.join("");
  };
  const first = await pattern("a");
  assert.match(first, "x");
  assert.match(first, ".");
  assert.is(await pattern("a"), first);
  assert.is.not(await pattern("b"), first);
});

test("createEmulator() refuses faults that make no sense", async () => {
  const cases: readonly (readonly [unknown, string])[] = [
    [{ kind: "flood" }, '"kind" of a fault'],
    [{ kind: "slow" }, '"delayMs" of a fault must be a number'],
    [{ kind: "slow", delayMs: -1 }, '"delayMs" of a fault must be 0 to 600000'],
    [{ kind: "reset", status: 500 }, 'a fault "reset" has no "status"'],
    [{ kind: "reset", probability: 0 }, '"probability"'],
    [{ kind: "reset", count: 1.5 }, '"count"'],
    [{ kind: "error", status: 200 }, '"status"'],
    [null, "a fault is an object"],
  ];
  const emulator = await emulate();
  for (const [fault, message] of cases) {
    assert.throws(() => emulator.setFaults([fault as Fault]), (error: Error) => error.message.includes(message));
  }
  for (const body of [{}, { faults: 1 }, { faults: [{ kind: "flood" }] }]) {
    assert.is((await tell(emulator, "PUT", "faults", body)).status, 400);
  }
});

test("/_emulator/events shows calls as CloudTrail does, and no secret", async () => {
  const seen: unknown[] = [];
  const emulator = await emulate({ onEvent: (event) => seen.push(event) });
  const credentials = await credentialsOf(await openSession(emulator));
  await callerIdentity(emulator, credentials);
  await emulator.fetch(new Request("http://127.0.0.1:8080/", { method: "POST", body: "Action=GetCallerIdentity" }));
  const { Records } = await json(await tell(emulator, "GET", "events")) as {
    readonly Records: readonly Record<string, unknown>[];
  };
  assert.equal(Records.map(({ eventName, errorCode }) => [eventName, errorCode]), [
    ["CreateSession", undefined],
    ["AssumeRole", undefined],
    ["GetCallerIdentity", undefined],
    ["GetCallerIdentity", "MissingAuthenticationToken"],
  ]);
  const [session, role, identity] = Records;
  assert.is(session?.["eventTime"], "2026-06-01T12:00:00Z");
  assert.is(session?.["eventSource"], "rolesanywhere.amazonaws.com");
  assert.is((session?.["requestParameters"] as { trustAnchorArn: string }).trustAnchorArn, TRUST_ANCHOR_ARN);
  assert.equal(role?.["userIdentity"], { type: "AWSService", invokedBy: "rolesanywhere.amazonaws.com" });
  assert.is((role?.["requestParameters"] as { sourceIdentity: string }).sourceIdentity, "CN=edge-7");
  assert.is(role?.["requestID"], session?.["requestID"]);
  const { sessionContext } = identity?.["userIdentity"] as { sessionContext: Record<string, unknown> };
  assert.is(sessionContext["sourceIdentity"], "CN=edge-7");
  const text = JSON.stringify(Records);
  assert.not.match(text, credentials.secretAccessKey);
  assert.not.match(text, credentials.sessionToken);
  assert.equal(JSON.parse(JSON.stringify(seen)), JSON.parse(text));
  assert.equal(JSON.parse(JSON.stringify(emulator.events())), JSON.parse(text));
});

test("/_emulator/events leaves out what is too large", async () => {
  const emulator = await emulate({ authentication: "permissive" });
  const name = "a".repeat(20_000);
  await emulator.fetch(
    new Request("http://127.0.0.1:8080/", {
      method: "POST",
      body: new URLSearchParams({
        Action: "CreateRole",
        Version: "2010-05-08",
        RoleName: "Large",
        AssumeRolePolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { Service: "rolesanywhere.amazonaws.com" }, Action: "sts:*" }],
        }),
        Description: name,
      }),
    }),
  );
  assert.ok(JSON.stringify(emulator.events()).length < 20_000);
});

test("/_emulator/metrics counts in Prometheus's format", async () => {
  const emulator = await emulate();
  await openSession(emulator);
  await openSession(emulator);
  emulator.setFaults([{ kind: "throttle" }]);
  await openSession(emulator);
  const answer = await tell(emulator, "GET", "metrics");
  assert.is(answer.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  const lines = (await answer.text()).split("\n");
  for (
    const line of [
      `aws_rolesanywhere_success_total{Operation="CreateSession",TrustAnchorArn="${TRUST_ANCHOR_ARN}"} 2`,
      'aws_rolesanywhere_failure_total{Operation="CreateSession",ErrorType="ThrottlingException"} 1',
      'emulator_calls_total{service="rolesanywhere",operation="CreateSession",error=""} 2',
    ]
  ) assert.ok(lines.includes(line), line);
  const days = /^aws_rolesanywhere_days_to_expiry\{.*\} (\d+)$/m;
  const before = Number(days.exec(lines.join("\n"))?.[1]);
  await emulator.setClock({ advanceSeconds: 86_400 });
  assert.is(Number(days.exec(await (await tell(emulator, "GET", "metrics")).text())?.[1]), before - 1);
  await emulator.setClock({ advanceSeconds: -365 * 86_400 });
  assert.not.match(await (await tell(emulator, "GET", "metrics")).text(), days);
});

test("/_emulator/reset goes back to the beginning", async () => {
  const emulator = await emulate({ clock: { offsetSeconds: 60 } });
  const key = await emulator.administratorKey();
  await openSession(emulator, "edge-7", NOW + 60_000);
  assert.is((await tell(emulator, "POST", "reset")).status, 200);
  assert.equal([emulator.decisions().length, emulator.events().length], [0, 0]);
  assert.is((await json(await tell(emulator, "GET", "clock")))["offsetSeconds"], 0);
  assert.equal(await emulator.administratorKey(), key);
  assert.is((await openSession(emulator)).status, 201);
});

test("/_emulator answers nobody whom another site sent", async () => {
  const emulator = await emulate({ inspectionHosts: ["emulator.test"] });
  const status = async (url: string, init: RequestInit = {}) =>
    (await emulator.fetch(new Request(`${url}/_emulator/faults`, init))).status;
  for (const host of ["127.0.0.1", "127.1.2.3:99", "[::1]", "localhost:1", "a.localhost", "emulator.test"]) {
    assert.is(await status(`http://${host}`), 200, host);
  }
  for (const host of ["attacker.test", "127.0.0.1.attacker.test", "localhost.attacker.test", "10.0.0.1"]) {
    assert.is(await status(`http://${host}`), 403, host);
  }
  const remove = (headers: Record<string, string>) => status("http://localhost:8080", { method: "DELETE", headers });
  assert.is(await remove({}), 200);
  assert.is(await remove({ origin: "http://localhost:8080" }), 200);
  for (const origin of ["http://attacker.test", "null", "http://localhost:8081", "https://localhost:8080"]) {
    assert.is(await remove({ origin }), 403, origin);
  }
  assert.is(await remove({ "sec-fetch-site": "cross-site" }), 403);
});

test("/_emulator/ shows everything as text, whatever a certificate says", async () => {
  const emulator = await emulate({ faults: [{ kind: "skew", offsetSeconds: 1, operation: HOSTILE }] }, HOSTILE);
  await openSession(emulator, HOSTILE);
  await openSession(await emulate());
  const answer = await tell(emulator, "GET", "");
  const page = await answer.text();
  assert.is(answer.status, 200);
  assert.match(answer.headers.get("content-type")!, "text/html");
  assert.match(answer.headers.get("content-security-policy")!, /^default-src 'none'; style-src 'unsafe-inline';/);
  assert.not.match(page, /<script/i);
  assert.match(page, "&lt;script&gt;alert(");
  for (const text of [TRUST_ANCHOR_ARN, PROFILE_ARN, ROLE_ARN, "Untrusted signing certificate"]) {
    assert.ok(page.includes(text), text);
  }
});

test("/_emulator has no other pages, and refuses malformed bodies in its own words", async () => {
  const emulator = await emulate();
  assert.is((await tell(emulator, "GET", "nothing")).status, 404);
  for (const body of ["", "{", "[]", "1", "\xff"]) {
    const answer = await emulator.fetch(new Request("http://localhost/_emulator/faults", { method: "PUT", body }));
    assert.is(answer.status, 400);
    assert.is((await json(answer))["__type"], "SerializationException");
  }
});

test("createEmulator() makes a server certificate whose authority it keeps", async () => {
  const emulator = await emulate();
  const first = await emulator.serverTls(["rolesanywhere.eu-central-1.amazonaws.com", "10.1.2.3"]);
  const second = await emulator.serverTls([]);
  assert.is(second.authority, first.authority);
  assert.is.not(second.certificate, first.certificate);
  assert.match(first.privateKey, /^-----BEGIN PRIVATE KEY-----/);
});

test("createEmulator() keeps clock and administrator from one start to the next", async () => {
  const kept: unknown[] = [];
  const state = () => ({
    kept: JSON.parse(JSON.stringify(kept)),
    log: { append: async (changes: readonly unknown[]) => void kept.push(...changes) },
  });
  const first = await emulate({ state: state(), seed: "a" });
  const key = await first.administratorKey();
  await first.setClock({ offsetSeconds: 7 });
  const second = await emulate({ state: state(), seed: "a" });
  assert.equal(await second.administratorKey(), key);
  assert.is((await json(await tell(second, "GET", "clock")))["offsetSeconds"], 7);
  const ids = [await openSession(first), await openSession(second)].map(({ headers }) =>
    headers.get("x-amzn-RequestId")
  );
  assert.is.not(ids[0], ids[1]);
});

test("createEmulator() answers 503 and changes nothing when its state cannot be written", async () => {
  let full = false;
  const append = () => full ? Promise.reject(new Error("the disk is full")) : Promise.resolve();
  const emulator = await emulate({ state: { kept: [], log: { append } } });
  full = true;
  const refused = await openSession(emulator);
  assert.is(refused.status, 503);
  assert.is((await tell(emulator, "PUT", "clock", { offsetSeconds: 1 })).status, 503);
  assert.is((await json(await tell(emulator, "GET", "clock")))["offsetSeconds"], 0);
  const failure = await assertRejects(
    emulator.reset().catch((error) => {
      throw Object.assign(error, { code: error.failure.code });
    }),
    "ServiceUnavailable",
  );
  assert.match(failure.message, "only reads until it is restarted");
});

test.run();
