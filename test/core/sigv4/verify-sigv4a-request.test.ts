import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import { ECDSA_SHA256 } from "../../../core/crypto/signature-algorithm.ts";
import { parseSubjectPublicKeyInfo } from "../../../core/keys/mod.ts";
import {
  createHmacSigner,
  createSigV4aSigner,
  type SigV4Request,
  type VerifySigV4aOptions,
  verifySigV4aRequest,
} from "../../../core/sigv4/mod.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";

const test = suite("core/sigv4/verify-sigv4a-request");

const TIME = Date.UTC(2026, 5, 1, 12);
const CREDENTIALS = { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "secret", sessionToken: "token/1=" };
const crypto = portableProvider();
const signerFor = (...regionSet: readonly string[]) =>
  createSigV4aSigner(CREDENTIALS, { regionSet, service: "events", crypto });
const { key, sign, presign } = await signerFor("us-*", "eu-central-1");
const verifier = crypto.importPublicKey(parseSubjectPublicKeyInfo(key.publicKey), ECDSA_SHA256);
const OPTIONS: VerifySigV4aOptions = {
  timeMs: TIME,
  maxClockSkewSeconds: 300,
  region: "us-east-1",
  service: "events",
  unsignedPayload: "deny",
  credentials: (id) =>
    id === CREDENTIALS.accessKeyId ? { verifier, sessionToken: CREDENTIALS.sessionToken } : undefined,
};

interface Received extends SigV4Request {
  readonly headers: Record<string, string>;
  readonly query: string;
}

const REQUEST: Received = {
  method: "POST",
  path: "/a%20b",
  query: "x=1&a=2",
  headers: { Host: "abc.endpoint.events.amazonaws.com", "Content-Type": "text/plain" },
  body: "body",
};

async function signed(request = REQUEST): Promise<Received> {
  return { ...request, headers: { ...request.headers, ...(await sign(request, TIME)).headers } };
}

async function presigned(request = REQUEST): Promise<Received> {
  return { ...request, query: (await presign(request, TIME, 600)).query };
}

const header = (name: string, change: (value: string) => string | undefined) => ({ headers, ...rest }: Received) => {
  const { [name]: old, ...others } = headers;
  const value = change(old ?? "");
  return { ...rest, headers: value === undefined ? others : { ...others, [name]: value } };
};

test("verifySigV4aRequest() accepts what was signed, by headers and by query", async () => {
  const byHeaders = await verifySigV4aRequest(await signed(), OPTIONS);
  assert.is(byHeaders.presigned, false);
  assert.is(byHeaders.bodySigned, true);
  assert.is(byHeaders.authorization.region, "");
  const byQuery = await verifySigV4aRequest(await presigned(), OPTIONS);
  assert.is(byQuery.presigned, true);
  assert.is(byQuery.signedAtMs, TIME);
});

test("verifySigV4aRequest() accepts every region of the set, and no other", async () => {
  for (const region of ["us-east-1", "us-gov-west-1", "us-", "eu-central-1", "any"]) {
    await verifySigV4aRequest(await signed(), { ...OPTIONS, region });
    await verifySigV4aRequest(await presigned(), { ...OPTIONS, region });
  }
  for (const region of ["eu-central-2", "eu-central-1a", "eu-central-", "xus-east-1", "us", "", "eu-*"]) {
    const options = { ...OPTIONS, region };
    await assertRejects(async () => verifySigV4aRequest(await signed(), options), "ERR_SIGV4_SCOPE");
    await assertRejects(async () => verifySigV4aRequest(await presigned(), options), "ERR_SIGV4_SCOPE");
  }
});

test("verifySigV4aRequest() reads a star anywhere in a region", async () => {
  const fits = async (pattern: string, region: string): Promise<boolean> => {
    const signer = await signerFor(pattern);
    const request = { ...REQUEST, headers: { ...REQUEST.headers, ...(await signer.sign(REQUEST, TIME)).headers } };
    try {
      await verifySigV4aRequest(request, { ...OPTIONS, region });
      return true;
    } catch (error) {
      assert.is((error as { code?: string }).code, "ERR_SIGV4_SCOPE");
      return false;
    }
  };
  assert.ok(await fits("*", "us-east-1"));
  assert.ok(await fits("*-east-*", "us-east-1"));
  assert.ok(await fits("us*1", "us-east-1"));
  assert.ok(await fits("*us*1", "us-east-1"));
  assert.ok(await fits("us-*-*-1", "us-gov-west-1"));
  assert.not.ok(await fits("us-east-1*1", "us-east-1"));
  assert.not.ok(await fits("*-west-*", "us-east-1"));
  assert.not.ok(await fits("*east", "us-east-1"));
});

test("verifySigV4aRequest() refuses a request with any part changed, and says which", async () => {
  const mutations: readonly (readonly [code: string, change: (request: Received) => Received])[] = [
    ["ERR_SIGV4_SIGNATURE", (request) => ({ ...request, method: "PUT" })],
    ["ERR_SIGV4_SIGNATURE", (request) => ({ ...request, path: "/a%20c" })],
    ["ERR_SIGV4_SIGNATURE", (request) => ({ ...request, body: "Body" })],
    ["ERR_SIGV4_SIGNATURE", header("Content-Type", () => "text/html")],
    ["ERR_SIGV4_SIGNATURE", header("x-amz-region-set", () => "*")],
    ["ERR_SIGV4_MISSING_HEADER", header("x-amz-region-set", () => undefined)],
    ["ERR_SIGV4_SCOPE", header("x-amz-region-set", () => "eu-west-1")],
    ["ERR_SIGV4_UNSIGNED_HEADER", header("authorization", (text) => text.replace("x-amz-region-set;", ""))],
    ["ERR_SIGV4_SESSION_TOKEN", header("x-amz-security-token", () => "token/2=")],
    ["ERR_SIGV4_PAYLOAD_HASH", header("x-amz-content-sha256", () => "UNSIGNED-PAYLOAD")],
    ["ERR_SIGV4_CREDENTIAL", header("authorization", (text) => text.replace("ASIAEXAMPLE", "ASIAEXAMPLF"))],
    ["ERR_SIGV4_SCOPE", header("authorization", (text) => text.replace("/events/", "/s3/"))],
    ["ERR_SIGV4_SCOPE", header("authorization", (text) => text.replace("20260601", "20260602"))],
    [
      "ERR_SIGV4_MALFORMED_AUTHORIZATION",
      header("authorization", (text) => text.replace("/events/", "/us-east-1/events/")),
    ],
    [
      "ERR_SIGV4_SIGNATURE",
      header("authorization", (text) => text.replace(/Signature=\w+/, "Signature=3006020101020101")),
    ],
    ["ERR_SIGV4_SIGNATURE", header("authorization", (text) => text.replace(/Signature=\w+/, "Signature=00"))],
  ];
  for (const [code, change] of mutations) {
    const request = change(await signed());
    await assertRejects(() => verifySigV4aRequest(request, OPTIONS), code);
  }
  const withoutSet = await presigned();
  const query = withoutSet.query.replace(/&X-Amz-Region-Set=[^&]+/, "");
  await assertRejects(() => verifySigV4aRequest({ ...withoutSet, query }, OPTIONS), "ERR_SIGV4_MISSING_HEADER");
  const widened = withoutSet.query.replace(/X-Amz-Region-Set=[^&]+/, "X-Amz-Region-Set=%2A");
  await assertRejects(
    () => verifySigV4aRequest({ ...withoutSet, query: widened }, OPTIONS),
    "ERR_SIGV4_SIGNATURE",
  );
  await assertRejects(
    () => verifySigV4aRequest(withoutSet, { ...OPTIONS, timeMs: TIME + 600_001 }),
    "ERR_SIGV4_EXPIRED",
  );
});

test("verifySigV4aRequest() refuses another scheme, and options that do not exist", async () => {
  const hmac = createHmacSigner(CREDENTIALS, { region: "us-east-1", service: "events" }).sign(REQUEST, TIME);
  const request = { ...REQUEST, headers: { ...REQUEST.headers, ...hmac.headers } };
  await assertRejects(() => verifySigV4aRequest(request, OPTIONS), "ERR_SIGV4_ALGORITHM");
  try {
    await verifySigV4aRequest(await signed(), { ...OPTIONS, regions: "any" } as VerifySigV4aOptions);
    assert.unreachable();
  } catch (error) {
    assert.instance(error, TypeError);
  }
});

test.run();
