// runtimes: node20 node deno bun workerd
import { encodeBase64 } from "../../../core/bytes/base64.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import type { SessionRequest } from "../../../core/decision/mod.ts";
import { encodePem } from "../../../core/pem/pem.ts";
import { createSession } from "../../../core/session/mod.ts";
import { presignRequest, signRequest, type SigV4Credentials } from "../../../core/sigv4/mod.ts";
import type { Certificate } from "../../../core/x509/certificate.ts";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../../runtimes/emulator/mod.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
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
} from "../../support/test-authority.ts";

const test = suite("runtimes/emulator/create-emulator");

const crypto = portableProvider({ random: testRandom("emulator") });

async function certificate(subject: string, issuer: string): Promise<Certificate> {
  return await testCertificate({
    subject: commonName(subject),
    issuer: commonName(issuer),
    publicKey: (await testKey(subject)).publicKey,
    signer: await testKey(issuer),
    extensions: subject === issuer ? CA_EXTENSIONS : CLIENT_EXTENSIONS,
  });
}

async function emulate(options: Partial<EmulatorOptions> = {}): Promise<Emulator> {
  return createEmulator({
    trustAnchors: [{
      arn: TRUST_ANCHOR_ARN,
      certificates: encodePem("CERTIFICATE", (await certificate("Root", "Root")).der),
    }],
    profiles: [{ arn: PROFILE_ARN, roleArns: [ROLE_ARN] }],
    roles: [{ arn: ROLE_ARN, id: "AROAEXAMPLEEXAMPLE123" }],
    now: () => NOW,
    crypto,
    ...options,
  });
}

async function sessionRequest(issuer = "Root"): Promise<SessionRequest> {
  return await signedSessionRequest({
    certificate: await certificate("edge-7", issuer),
    signer: await testKey("edge-7"),
  });
}

function post(path: string, request: Pick<SessionRequest, "headers" | "body">): Request {
  const headers = new Headers(request.headers.map(([name, value]) => [name, value] as [string, string]));
  return new Request(`http://127.0.0.1:8080${path}`, { method: "POST", headers, body: request.body });
}

interface SessionBody {
  readonly credentialSet: readonly [{
    readonly assumedRoleUser: { readonly arn: string; readonly assumedRoleId: string };
    readonly credentials: SigV4Credentials & { readonly sessionToken: string; readonly expiration: string };
    readonly packedPolicySize: number;
    readonly roleArn: string;
    readonly sourceIdentity: string;
  }];
  readonly subjectArn: string;
}

async function credentialsOf(emulator: Emulator): Promise<SessionBody["credentialSet"][0]["credentials"]> {
  const response = await emulator.fetch(post("/sessions", await sessionRequest()));
  assert.is(response.status, 201);
  return (await response.json() as SessionBody).credentialSet[0].credentials;
}

const IDENTITY_FORM = "Action=GetCallerIdentity&Version=2011-06-15";

function callerIdentity(credentials: SigV4Credentials, timeMs = NOW, form = IDENTITY_FORM): Request {
  const headers = {
    host: "sts.us-east-1.amazonaws.com",
    "content-type": "application/x-www-form-urlencoded; charset=utf-8",
  };
  const signed = signRequest({ method: "POST", path: "/", headers, body: form }, {
    credentials,
    timeMs,
    region: "us-east-1",
    service: "sts",
  });
  return new Request("http://127.0.0.1:8080/", {
    method: "POST",
    headers: { ...headers, ...signed.headers },
    body: form,
  });
}

test("createEmulator() answers CreateSession as the service does", async () => {
  const emulator = await emulate();
  const response = await emulator.fetch(post("/sessions", await sessionRequest()));
  assert.is(response.status, 201);
  assert.is(response.headers.get("content-type"), "application/json");
  assert.is(response.headers.get("date"), "Mon, 01 Jun 2026 12:00:00 GMT");
  assert.is(response.headers.get("cache-control"), "no-store");
  assert.match(
    response.headers.get("x-amzn-RequestId")!,
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  const { credentialSet: [set], subjectArn } = await response.json() as SessionBody;
  assert.equal(set.assumedRoleUser, {
    arn: "arn:aws:sts::123456789012:assumed-role/ExampleRole/0123",
    assumedRoleId: "AROAEXAMPLEEXAMPLE123:0123",
  });
  assert.match(set.credentials.accessKeyId, /^ASIA[A-Z0-9]{16}$/);
  assert.match(set.credentials.secretAccessKey, /^[A-Za-z0-9+/]{40}$/);
  assert.ok(set.credentials.sessionToken.length < 4096);
  assert.is(set.credentials.expiration, "2026-06-01T13:00:00Z");
  assert.is(set.roleArn, ROLE_ARN);
  assert.is(set.sourceIdentity, "CN=edge-7");
  assert.is(set.packedPolicySize, 9);
  assert.match(
    subjectArn,
    /^arn:aws:rolesanywhere:us-east-1:123456789012:subject\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  );
});

test("createEmulator() refuses in the service's words and keeps the reason", async () => {
  const emulator = await emulate();
  const response = await emulator.fetch(post("/sessions", await sessionRequest("Stranger")));
  assert.is(response.status, 403);
  assert.is(response.headers.get("x-amzn-ErrorType"), "AccessDeniedException");
  assert.equal(await response.json(), { __type: "AccessDeniedException", message: "Untrusted signing certificate" });
  const [decision] = emulator.decisions();
  assert.is(decision?.requestId, response.headers.get("x-amzn-RequestId"));
  assert.is(decision?.outcome, "deny");
  assert.match(
    decision?.trace.find(({ outcome }) => outcome === "fail")?.detail ?? "",
    'its issuer "CN=Stranger" is neither a trust anchor nor among the given certificates',
  );
});

test("createEmulator() makes credentials that its STS recognises", async () => {
  const emulator = await emulate();
  const response = await emulator.fetch(callerIdentity(await credentialsOf(emulator)));
  assert.is(response.status, 200);
  assert.is(response.headers.get("content-type"), "text/xml");
  const xml = await response.text();
  assert.match(xml, "<Arn>arn:aws:sts::123456789012:assumed-role/ExampleRole/0123</Arn>");
  assert.match(xml, "<UserId>AROAEXAMPLEEXAMPLE123:0123</UserId>");
  assert.match(xml, "<Account>123456789012</Account>");
  assert.match(xml, `<RequestId>${response.headers.get("x-amzn-RequestId")}</RequestId>`);
});

test("createEmulator() answers a presigned GetCallerIdentity", async () => {
  const emulator = await emulate();
  const { query } = presignRequest({
    method: "GET",
    path: "/",
    query: IDENTITY_FORM,
    headers: { host: "127.0.0.1:8080" },
  }, {
    credentials: await credentialsOf(emulator),
    timeMs: NOW,
    expiresSeconds: 60,
    region: "us-east-1",
    service: "sts",
  });
  const response = await emulator.fetch(new Request(`http://127.0.0.1:8080/?${query}`));
  assert.is(response.status, 200, await response.text());
});

test("createEmulator() refuses credentials that are wrong, expired or another emulator's", async () => {
  let now = NOW;
  const emulator = await emulate({ now: () => now });
  const good = await credentialsOf(emulator);
  const refused = async (request: Request, status: number, code: string): Promise<void> => {
    const response = await emulator.fetch(request);
    const xml = await response.text();
    assert.is(response.status, status, xml);
    assert.match(xml, `<Type>Sender</Type><Code>${code}</Code>`);
  };
  const unsigned = new Request("http://127.0.0.1/", { method: "POST", body: IDENTITY_FORM });
  await refused(unsigned, 403, "MissingAuthenticationToken");
  await refused(callerIdentity({ ...good, accessKeyId: "ASIAAAAAAAAAAAAAAAAA" }), 403, "InvalidClientTokenId");
  await refused(callerIdentity({ ...good, secretAccessKey: "x".repeat(40) }), 403, "SignatureDoesNotMatch");
  const { accessKeyId, secretAccessKey } = good;
  await refused(callerIdentity({ accessKeyId, secretAccessKey }), 403, "InvalidClientTokenId");
  for (const sessionToken of ["", "x", encodeBase64(new Uint8Array(64)), `${good.sessionToken.slice(0, -5)}AAAA=`]) {
    await refused(callerIdentity({ ...good, sessionToken }), 403, "InvalidClientTokenId");
  }
  await refused(callerIdentity(await credentialsOf(await emulate())), 403, "InvalidClientTokenId");
  await refused(callerIdentity(good, NOW - 901_000), 403, "SignatureDoesNotMatch");
  now += 3_599_000;
  assert.is((await emulator.fetch(callerIdentity(good, now))).status, 200);
  now += 1000;
  await refused(callerIdentity(good, now), 400, "ExpiredToken");
});

test("createEmulator() answers unknown operations in the shape of their protocol", async () => {
  const emulator = await emulate();
  const sts = async (form: string): Promise<string> => {
    const response = await emulator.fetch(new Request("http://127.0.0.1/", { method: "POST", body: form }));
    assert.is(response.status, 400);
    return await response.text();
  };
  assert.match(await sts("Action=<b>&Version=1"), "Could not find operation &lt;b&gt; for version 1");
  assert.match(await sts(IDENTITY_FORM.replace("2011", "2010")), "<Code>InvalidAction</Code>");
  assert.match(await sts("\xff"), "<Code>MissingAction</Code>");
  for (
    const [method, path] of [["GET", "/"], ["GET", "/sessions"], ["PUT", "/"], ["POST", "/profile"], [
      "DELETE",
      "/x/../y",
    ]]
  ) {
    const response = await emulator.fetch(new Request(`http://127.0.0.1${path}`, { method: method! }));
    assert.is(response.status, 404, `${method} ${path}`);
    assert.is(response.headers.get("x-amzn-ErrorType"), "UnknownOperationException");
  }
});

test("createEmulator() refuses malformed and oversized requests without a stack trace", async () => {
  const emulator = await emulate();
  const good = await sessionRequest();
  const answer = async (change: Partial<SessionRequest>): Promise<readonly [number, string]> => {
    const response = await emulator.fetch(post("/sessions", { ...good, ...change }));
    const text = await response.text();
    assert.not.match(text, /\bat [A-Za-z]+ \(/);
    return [response.status, response.headers.get("x-amzn-ErrorType")!];
  };
  assert.equal(await answer({ body: new Uint8Array([0x7b]) }), [400, "ValidationException"]);
  assert.equal(await answer({ body: new Uint8Array([0x5b, 0x5d]) }), [400, "ValidationException"]);
  assert.equal(await answer({ body: new Uint8Array() }), [400, "ValidationException"]);
  assert.equal(await answer({ body: new Uint8Array(1024 * 1024 + 1) }), [413, "RequestEntityTooLargeException"]);
  const large = [...good.headers, ["x-large", "x".repeat(128 * 1024)] as const];
  assert.equal(await answer({ headers: large }), [431, "RequestHeaderFieldsTooLargeException"]);
  assert.equal(await answer({ headers: [] }), [403, "AccessDeniedException"]);
});

test("createEmulator() answers a failure of its own as InternalFailure and tells onError", async () => {
  const errors: unknown[] = [];
  const failing = { ...crypto, seal: () => Promise.reject(new Error("out of entropy")) };
  const emulator = await emulate({ crypto: failing, onError: (error) => errors.push(error) });
  const response = await emulator.fetch(post("/sessions", await sessionRequest()));
  assert.is(response.status, 500);
  assert.is(response.headers.get("x-amzn-ErrorType"), "InternalFailure");
  assert.not.match(await response.text(), "entropy");
  assert.is(errors.length, 1);
});

test("createEmulator() explains a request without answering it, and lists its decisions", async () => {
  const emulator = await emulate();
  const explained = await emulator.fetch(post("/_emulator/explain", await sessionRequest()));
  assert.is(explained.status, 200);
  const explanation = await explained.json() as { outcome: string; session: { tags: unknown }; trace: unknown[] };
  assert.is(explanation.outcome, "allow");
  assert.equal(explanation.session.tags, { "x509Issuer/CN": "Root", "x509Subject/CN": "edge-7" });
  assert.is(explanation.trace.length, 28);
  assert.is(emulator.decisions().length, 0);

  for (let i = 0; i < 3; i++) {
    await emulator.fetch(post("/sessions", { ...await sessionRequest(), body: new Uint8Array([i]) }));
  }
  const listed = await (await emulator.fetch(new Request("http://127.0.0.1/_emulator/decisions"))).json();
  assert.equal(listed, { decisions: JSON.parse(JSON.stringify(emulator.decisions())) });
  assert.is(emulator.decisions().length, 3);
  assert.not.match(JSON.stringify(listed), "secretAccessKey");
});

test("createEmulator() serves the session client, which corrects its clock by the answer", async () => {
  const emulator = await emulate();
  const identity = { certificate: await certificate("edge-7", "Root"), chain: [], signer: await testKey("edge-7") };
  const ports = (now: number) => ({
    fetch: (url: string, init: { method: string; headers: Readonly<Record<string, string>>; body?: unknown }) => {
      const { method, headers, body } = init;
      return emulator.fetch(new Request(url, { method, headers, body: body as BodyInit }));
    },
    now: () => now,
    sleep: () => new Promise<void>(() => {}),
    random: testRandom("client"),
  });
  const options = {
    identity,
    profileArn: PROFILE_ARN,
    roleArn: ROLE_ARN,
    trustAnchorArn: TRUST_ANCHOR_ARN,
    endpoint: "http://127.0.0.1:8080",
  };
  const session = await createSession(options, ports(NOW));
  assert.is((await emulator.fetch(callerIdentity(session.credentials))).status, 200);

  const late = await createSession(options, ports(NOW - 3_600_000));
  assert.is(late.attempts, 2);
  assert.is(late.clockSkewMs, 3_600_000);

  const stranger = { ...options, identity: { ...identity, certificate: await certificate("edge-7", "Stranger") } };
  const error = await assertRejects(createSession(stranger, ports(NOW)), "ERR_SERVICE_ACCESS_DENIED");
  assert.match(error.message, "Untrusted signing certificate");
});

test("createEmulator() refuses options that make no sense", async () => {
  const root = (await certificate("Root", "Root")).der;
  const leaf = (await certificate("edge-7", "Root")).der;
  const anchor = (certificates: Uint8Array<ArrayBuffer> | string) => ({ arn: TRUST_ANCHOR_ARN, certificates });
  const pem = encodePem("CERTIFICATE", root);
  const cases: readonly (readonly [Partial<Record<keyof EmulatorOptions | "clocks", unknown>>, RegExp])[] = [
    [{ clocks: 1 }, /no option "clocks"/],
    [{ clock: {} }, /the clock takes one of/],
    [{ trustAnchors: {} }, /"trustAnchors" of createEmulator\(\) must be a list/],
    [{ now: 1 }, /"now" of createEmulator\(\) must be a function/],
    [{ now: undefined }, /"now" of createEmulator\(\) must be given/],
    [{ crypto: null }, /"crypto" of createEmulator\(\) must be an object/],
    [{ clockWindowSeconds: "300" }, /"clockWindowSeconds" of createEmulator\(\) must be a number/],
    [{ authentication: "off" }, /"authentication" of createEmulator\(\) must be "strict" or "permissive"/],
    [{ profiles: [{ arn: PROFILE_ARN, roleArns: ROLE_ARN }] }, /"roleArns" of a profile must be a list/],
    [{ roles: [{ arn: ROLE_ARN, trustPolicy: {} }] }, /"trustPolicy" of a role must be a string/],
    [{ preset: "strict" }, /"preset" must be one of lenient, documented, paranoid: strict/],
    [{ rates: { sessions: 0 } }, /"rates" must be above 0/],
    [{ faults: [{ kind: "flood" }] }, /"kind" of a fault must be one of/],
    [{ trustAnchors: [anchor(leaf)] }, /Incorrect basic constraints for CA certificate/],
    [{ trustAnchors: [anchor(pem + pem + pem)] }, /at most two/],
    [{ trustAnchors: [anchor("no certificate")] }, /certificates?/],
    [{ trustAnchors: [{ ...anchor(root), arn: PROFILE_ARN }] }, /trust-anchor/],
    [{ profiles: [{ arn: PROFILE_ARN, roleArns: ["role"] }] }, /arn:/],
    [{ profiles: [{ arn: PROFILE_ARN, roleArns: [], durationSeconds: 899 }] }, /900 to 43200/],
    [{ roles: [{ arn: ROLE_ARN, maxSessionDurationSeconds: 900 }] }, /3600 to 43200/],
    [
      {
        profiles: [{
          arn: PROFILE_ARN,
          roleArns: [],
          attributeMappings: [{ certificateField: "x509SAN", mappingRules: [{ specifier: "*" }] }],
        }],
      },
      /x509SAN has no specifier "\*"/,
    ],
  ];
  for (const [options, message] of cases) {
    const error = await emulate(options as Partial<EmulatorOptions>).then(() => undefined, (reason) => reason);
    assert.match(String((error as Error | undefined)?.message), message);
  }
});

test.run();
