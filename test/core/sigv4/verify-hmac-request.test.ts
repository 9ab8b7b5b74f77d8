import fc from "fast-check";
import { portableSha256 } from "../../../core/crypto/sha256.ts";
import { deriveSigningKey } from "../../../core/sigv4/hmac-scheme.ts";
import {
  createHmacSigner,
  type SigV4Request,
  type VerifyHmacOptions,
  verifyHmacRequest,
} from "../../../core/sigv4/mod.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("core/sigv4/verify-hmac-request");

const TIME = Date.UTC(2026, 5, 1, 12);
const CREDENTIALS = { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "secret", sessionToken: "token/1=" };
const OPTIONS: VerifyHmacOptions = {
  timeMs: TIME,
  maxClockSkewSeconds: 300,
  region: "us-east-1",
  service: "sts",
  unsignedPayload: "deny",
  credentials: (id) => id === CREDENTIALS.accessKeyId ? CREDENTIALS : undefined,
};

interface Received extends SigV4Request {
  readonly headers: Record<string, string>;
  readonly query: string;
}

const REQUEST: Received = {
  method: "POST",
  path: "/a%20b",
  query: "Action=GetCallerIdentity&Version=2011-06-15",
  headers: { Host: "sts.us-east-1.amazonaws.com", "Content-Type": "text/plain" },
  body: "body",
};

const signer = (service = "sts") => createHmacSigner(CREDENTIALS, { region: "us-east-1", service });

function signed(request = REQUEST, service = "sts", timeMs = TIME): Received {
  return { ...request, headers: { ...request.headers, ...signer(service).sign(request, timeMs).headers } };
}

function presigned(request = REQUEST, service = "sts", timeMs = TIME): Received {
  return { ...request, query: signer(service).presign(request, timeMs, 600).query };
}

const header =
  (name: string, change: (value: string) => string | undefined) => ({ headers, ...rest }: Received): Received => {
    const { [name]: old, ...others } = headers;
    const value = change(old ?? "");
    return { ...rest, headers: value === undefined ? others : { ...others, [name]: value } };
  };

const query = (from: string | RegExp, to: string) => (request: Received): Received => {
  assert.ok(request.query.replace(from, to) !== request.query, `${from} occurs`);
  return { ...request, query: request.query.replace(from, to) };
};

test("verifyHmacRequest() accepts what was signed, by headers and by query, and says what is proven", async () => {
  const byHeaders = await verifyHmacRequest(signed(), OPTIONS);
  assert.is(byHeaders.presigned, false);
  assert.is(byHeaders.bodySigned, true);
  assert.is(byHeaders.signedAtMs, TIME);
  assert.is(byHeaders.authorization.credentialId, "ASIAEXAMPLE");
  assert.equal(byHeaders.authorization.signedHeaders, ["content-type", "host", "x-amz-date", "x-amz-security-token"]);
  assert.is(byHeaders.canonicalRequest, signer().sign(REQUEST, TIME).canonicalRequest);
  const byQuery = await verifyHmacRequest(presigned(), OPTIONS);
  assert.is(byQuery.presigned, true);
  assert.is(byQuery.stringToSign, signer().presign(REQUEST, TIME, 600).stringToSign);
});

test("verifyHmacRequest() accepts other spellings of the same request", async () => {
  const request = signed();
  await verifyHmacRequest({ ...request, query: "Version=2011%2d06-15&Action=GetCallerIdentity" }, OPTIONS);
  await verifyHmacRequest({ ...request, path: "/x/../a%20b" }, OPTIONS);
  await verifyHmacRequest({ ...request, headers: { ...request.headers, "X-Forwarded-For": "unsigned" } }, OPTIONS);
  await verifyHmacRequest(header("authorization", (text) => text.replaceAll(", ", ","))(request), OPTIONS);
  await verifyHmacRequest({ ...request, headers: new Headers(request.headers) }, {
    ...OPTIONS,
    region: "any",
    service: "any",
  });
});

test("verifyHmacRequest() refuses a request with any part changed, and says which", async () => {
  const mutations: [code: string, change: (request: Received) => Received][] = [
    ["ERR_SIGV4_SIGNATURE", (request) => ({ ...request, method: "PUT" })],
    ["ERR_SIGV4_SIGNATURE", (request) => ({ ...request, path: "/a%20c" })],
    ["ERR_SIGV4_SIGNATURE", (request) => ({ ...request, path: "/a%2520b" })],
    ["ERR_SIGV4_URI", (request) => ({ ...request, query: "a=%FF" })],
    ["ERR_SIGV4_SIGNATURE", query("GetCallerIdentity", "GetSessionToken")],
    ["ERR_SIGV4_SIGNATURE", (request) => ({ ...request, query: request.query + "&x=" })],
    ["ERR_SIGV4_SIGNATURE", (request) => ({ ...request, body: "Body" })],
    ["ERR_SIGV4_SIGNATURE", (request) => ({ ...request, body: undefined })],
    ["ERR_SIGV4_SIGNATURE", header("Host", () => "sts.us-west-2.amazonaws.com")],
    ["ERR_SIGV4_SIGNATURE", header("Content-Type", (text) => text + "; charset=utf-8")],
    ["ERR_SIGV4_MISSING_HEADER", header("Content-Type", () => undefined)],
    ["ERR_SIGV4_SIGNATURE", header("x-amz-date", () => "20260601T120001Z")],
    ["ERR_SIGV4_SCOPE", header("x-amz-date", () => "20260602T120000Z")],
    ["ERR_SIGV4_DATE", header("x-amz-date", () => "20260631T120000Z")],
    ["ERR_SIGV4_DATE", header("x-amz-date", () => "2026-06-01T12:00:00Z")],
    ["ERR_SIGV4_DATE", header("x-amz-date", () => undefined)],
    ["ERR_SIGV4_SESSION_TOKEN", header("x-amz-security-token", () => "token/2=")],
    ["ERR_SIGV4_MISSING_HEADER", header("x-amz-security-token", () => undefined)],
    ["ERR_SIGV4_PAYLOAD_HASH", header("x-amz-content-sha256", () => "0".repeat(64))],
    ["ERR_SIGV4_PAYLOAD_HASH", header("x-amz-content-sha256", () => "UNSIGNED-PAYLOAD")],
    ["ERR_SIGV4_PAYLOAD_HASH", header("x-amz-content-sha256", () => "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")],
    ["ERR_SIGV4_MISSING_AUTHORIZATION", header("authorization", () => undefined)],
    ["ERR_SIGV4_ALGORITHM", header("authorization", (text) => text.replace("HMAC", "ECDSA"))],
    ["ERR_SIGV4_CREDENTIAL", header("authorization", (text) => text.replace("ASIAEXAMPLE", "ASIAEXAMPLF"))],
    ["ERR_SIGV4_SCOPE", header("authorization", (text) => text.replace("20260601", "20260602"))],
    ["ERR_SIGV4_SCOPE", header("authorization", (text) => text.replace("us-east-1", "us-west-1"))],
    ["ERR_SIGV4_SCOPE", header("authorization", (text) => text.replace("/sts/", "/iam/"))],
    [
      "ERR_SIGV4_MALFORMED_AUTHORIZATION",
      header("authorization", (text) => text.replace("aws4_request", "aws5_request")),
    ],
    ["ERR_SIGV4_UNSIGNED_HEADER", header("authorization", (text) => text.replace("host;", ""))],
    ["ERR_SIGV4_UNSIGNED_HEADER", header("authorization", (text) => text.replace("x-amz-date;", ""))],
    ["ERR_SIGV4_SIGNATURE", header("authorization", (text) => text.replace("content-type;", ""))],
    [
      "ERR_SIGV4_MALFORMED_AUTHORIZATION",
      header("authorization", (text) => text.replace("host;x-amz-date", "x-amz-date;host")),
    ],
    ["ERR_SIGV4_MALFORMED_AUTHORIZATION", header("authorization", (text) => text.replace("host;", "host;host;"))],
    ["ERR_SIGV4_MALFORMED_AUTHORIZATION", header("authorization", (text) => text.replace("host", "Host"))],
    ["ERR_SIGV4_SIGNATURE", header("authorization", (text) => text.slice(0, -2) + (text.endsWith("00") ? "01" : "00"))],
    ["ERR_SIGV4_SIGNATURE", header("authorization", (text) => text.slice(0, -2))],
    ["ERR_SIGV4_SIGNATURE", header("authorization", (text) => text + "00")],
    ["ERR_SIGV4_MALFORMED_AUTHORIZATION", header("authorization", (text) => text.slice(0, -1))],
    ["ERR_SIGV4_MALFORMED_AUTHORIZATION", (request) => ({ ...request, query: presigned().query })],
  ];
  for (const [index, [code, change]] of mutations.entries()) {
    try {
      const error = await assertRejects(verifyHmacRequest(change(signed()), OPTIONS), code);
      assert.not.match(error.message, /secret|token\//);
    } catch (cause) {
      throw new Error(`mutation ${index}`, { cause });
    }
  }
});

test("verifyHmacRequest() refuses a presigned request with any part changed, and says which", async () => {
  const mutations: [code: string, change: (request: Received) => Received][] = [
    ["ERR_SIGV4_SIGNATURE", (request) => ({ ...request, method: "PUT" })],
    ["ERR_SIGV4_SIGNATURE", (request) => ({ ...request, path: "/" })],
    ["ERR_SIGV4_SIGNATURE", (request) => ({ ...request, body: "other" })],
    ["ERR_SIGV4_SIGNATURE", query("GetCallerIdentity", "GetSessionToken")],
    ["ERR_SIGV4_SIGNATURE", query("X-Amz-Expires=600", "X-Amz-Expires=601")],
    ["ERR_SIGV4_MALFORMED_AUTHORIZATION", query("X-Amz-Expires=600", "X-Amz-Expires=604801")],
    ["ERR_SIGV4_MALFORMED_AUTHORIZATION", query("X-Amz-Expires=600", "X-Amz-Expires=0")],
    ["ERR_SIGV4_MALFORMED_AUTHORIZATION", query("X-Amz-Expires=600", "X-Amz-Expires=-1")],
    ["ERR_SIGV4_MALFORMED_AUTHORIZATION", query("&X-Amz-Expires=600", "")],
    ["ERR_SIGV4_MALFORMED_AUTHORIZATION", query("&X-Amz-Expires=600", "&X-Amz-Expires=600&X-Amz-Expires=601")],
    ["ERR_SIGV4_SIGNATURE", query("20260601T120000Z", "20260601T120001Z")],
    ["ERR_SIGV4_DATE", query("X-Amz-Date=", "X-Amz-Date=x")],
    ["ERR_SIGV4_DATE", query("&X-Amz-Date=20260601T120000Z", "")],
    ["ERR_SIGV4_SCOPE", query("%2Fus-east-1%2F", "%2Fus-west-1%2F")],
    ["ERR_SIGV4_CREDENTIAL", query("ASIAEXAMPLE", "ASIAEXAMPLF")],
    ["ERR_SIGV4_ALGORITHM", query("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA512")],
    // The scope of SigV4a has no region.
    ["ERR_SIGV4_MALFORMED_AUTHORIZATION", query("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256")],
    [
      "ERR_SIGV4_ALGORITHM",
      (request) => query("%2Fus-east-1%2F", "%2F")(query("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256")(request)),
    ],
    ["ERR_SIGV4_MALFORMED_AUTHORIZATION", query("X-Amz-Algorithm=AWS4-HMAC-SHA256&", "")],
    ["ERR_SIGV4_UNSIGNED_HEADER", query("content-type%3Bhost", "content-type")],
    ["ERR_SIGV4_SIGNATURE", query("content-type%3Bhost", "host")],
    ["ERR_SIGV4_MISSING_HEADER", header("Content-Type", () => undefined)],
    ["ERR_SIGV4_SESSION_TOKEN", query("token%2F1", "token%2F2")],
    ["ERR_SIGV4_SESSION_TOKEN", query(/&X-Amz-Security-Token=[^&]*/, "")],
    ["ERR_SIGV4_MISSING_AUTHORIZATION", query(/&X-Amz-Signature=.*/, "")],
    ["ERR_SIGV4_SIGNATURE", query(/X-Amz-Signature=../, "X-Amz-Signature=")],
  ];
  for (const [index, [code, change]] of mutations.entries()) {
    try {
      await assertRejects(verifyHmacRequest(change(presigned()), OPTIONS), code);
    } catch (cause) {
      throw new Error(`mutation ${index}`, { cause });
    }
  }
});

test("verifyHmacRequest() keeps to the clock window, and presigned requests to their time", async () => {
  const at = (seconds: number): VerifyHmacOptions => ({ ...OPTIONS, timeMs: TIME + seconds * 1000 });
  for (const seconds of [-300, 0, 300]) await verifyHmacRequest(signed(), at(seconds));
  for (const seconds of [-301, 301, 3600]) {
    await assertRejects(verifyHmacRequest(signed(), at(seconds)), "ERR_SIGV4_CLOCK");
  }
  for (const seconds of [-300, 301, 600]) await verifyHmacRequest(presigned(), at(seconds));
  await assertRejects(verifyHmacRequest(presigned(), at(601)), "ERR_SIGV4_EXPIRED");
  await assertRejects(verifyHmacRequest(presigned(), at(-301)), "ERR_SIGV4_CLOCK");
});

test("verifyHmacRequest() takes the time from a signed Date header where there is no X-Amz-Date", async () => {
  const { createHmac } = hmacOfDate();
  await verifyHmacRequest(createHmac("Mon, 01 Jun 2026 12:00:00 GMT"), OPTIONS);
  await assertRejects(verifyHmacRequest(createHmac("Mon, 01 Jun 2026 12:10:00 GMT"), OPTIONS), "ERR_SIGV4_CLOCK");
  await assertRejects(verifyHmacRequest(createHmac("Tue, 01 Jun 2026 12:00:00 GMT"), OPTIONS), "ERR_SIGV4_DATE");
  await assertRejects(verifyHmacRequest(createHmac("yesterday"), OPTIONS), "ERR_SIGV4_DATE");
});

/** A client that signs `date` instead of `x-amz-date`: our own signer never does, so its texts are changed and re-signed. */
function hmacOfDate(): { createHmac: (date: string) => Received } {
  return {
    createHmac: (date) => {
      const request = { ...REQUEST, headers: { ...REQUEST.headers, date, "x-amz-security-token": "token/1=" } };
      const timeMs = Number.isNaN(Date.parse(date)) ? TIME : Date.parse(date);
      const draft = signer().sign(request, timeMs);
      const canonical = draft.canonicalRequest.replace(/x-amz-date:.*\n/, "").replace("host;x-amz-date;", "host;");
      const stringToSign = draft.stringToSign.slice(0, -64) + portableSha256.hex(canonical);
      const key = deriveSigningKey("secret", draft.stringToSign.split("\n")[2]!, portableSha256);
      const authorization = draft.headers["authorization"]!.replace("x-amz-date;", "")
        .replace(draft.signature, key.hex(stringToSign));
      return { ...request, headers: { ...request.headers, authorization } };
    },
  };
}

test("verifyHmacRequest() lets a body be unsigned only where that is allowed", async () => {
  const allow: VerifyHmacOptions = { ...OPTIONS, service: "s3", unsignedPayload: "allow" };
  const deny: VerifyHmacOptions = { ...allow, unsignedPayload: "deny" };
  const url = presigned(REQUEST, "s3");
  const verified = await verifyHmacRequest({ ...url, body: "whatever" }, allow);
  assert.is(verified.bodySigned, false);
  await assertRejects(verifyHmacRequest(url, deny), "ERR_SIGV4_PAYLOAD_HASH");
  const unsigned = signed(
    { ...REQUEST, headers: { ...REQUEST.headers, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" } },
    "s3",
  );
  assert.is((await verifyHmacRequest({ ...unsigned, body: "whatever" }, allow)).bodySigned, false);
  await assertRejects(verifyHmacRequest(unsigned, deny), "ERR_SIGV4_PAYLOAD_HASH");
  const hashed = signed(REQUEST, "s3");
  await verifyHmacRequest(hashed, deny);
  await assertRejects(verifyHmacRequest({ ...hashed, body: "other" }, allow), "ERR_SIGV4_PAYLOAD_HASH");
});

test("verifyHmacRequest() refuses a token where the access key has none, and none where it has one", async () => {
  const plain = { accessKeyId: CREDENTIALS.accessKeyId, secretAccessKey: "secret" };
  await assertRejects(verifyHmacRequest(signed(), { ...OPTIONS, credentials: () => plain }), "ERR_SIGV4_SESSION_TOKEN");
  const request = {
    ...REQUEST,
    headers: {
      ...REQUEST.headers,
      ...createHmacSigner(plain, { region: "us-east-1", service: "sts" }).sign(REQUEST, TIME).headers,
    },
  };
  await assertRejects(verifyHmacRequest(request, OPTIONS), "ERR_SIGV4_SESSION_TOKEN");
  await verifyHmacRequest(request, { ...OPTIONS, credentials: () => Promise.resolve(plain) });
});

test("verifyHmacRequest() refuses options that do not exist or make no sense", async () => {
  const misspelt = { ...OPTIONS, maxClockSkewSecond: 3 } as VerifyHmacOptions;
  for (const options of [misspelt, { ...OPTIONS, timeMs: NaN }]) {
    assert.instance(await verifyHmacRequest(signed(), options).catch((error: unknown) => error), TypeError);
  }
  const negative = verifyHmacRequest(signed(), { ...OPTIONS, maxClockSkewSeconds: -1 });
  assert.instance(await negative.catch((error: unknown) => error), RangeError);
});

test("verifyHmacRequest() answers hostile requests with a code and nothing else", async () => {
  const hostile = fc.string({
    unit: fc.constantFrom(..."AWS4-HMAC,=;/% &+", "X-Amz-Signature=", "Credential=", "\ud800", "é"),
  });
  await fc.assert(
    fc.asyncProperty(hostile, hostile, hostile, async (path, text, authorization) => {
      const error = await verifyHmacRequest(
        { method: "GET", path, query: text, headers: { host: "h", "x-amz-date": "20260601T120000Z", authorization } },
        OPTIONS,
      ).then(() => undefined, (reason: { code?: string }) => reason);
      assert.match(error?.code ?? String(error), /^ERR_SIGV4_/);
    }),
    { numRuns: 300, seed: 20260102 },
  );
});

test("verifyHmacRequest() accepts every request that is signed here", async () => {
  const word = fc.string({ unit: "grapheme", maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(word, word), { maxLength: 4 }), word, word, async (pairs, body, value) => {
      const request = {
        method: "PUT",
        path: "/" + encodeURIComponent(value),
        query: pairs,
        headers: { host: "h", "x-a": value.trim() },
        body,
      };
      const headers = { ...request.headers, ...signer("s3").sign(request, TIME).headers };
      await verifyHmacRequest({ ...request, headers }, { ...OPTIONS, service: "s3" });
      const { query } = signer("s3").presign(request, TIME, 60);
      await verifyHmacRequest({ ...request, query }, { ...OPTIONS, service: "s3", unsignedPayload: "allow" });
    }),
    { numRuns: 100, seed: 20260102 },
  );
});

test.run();
