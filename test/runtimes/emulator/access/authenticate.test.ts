// runtimes: node20 node deno bun workerd
import { encodeBase64 } from "../../../../core/bytes/base64.ts";
import { presignRequest, signRequest, type SigV4Credentials } from "../../../../core/sigv4/mod.ts";
import {
  ADMINISTRATOR,
  assertRefused,
  type EmulatedAccount,
  emulatedAccount,
  readAnswer,
  send,
  trusting,
} from "../../../support/emulated-account.ts";
import { assert, suite } from "../../../support/suite.ts";
import { NOW } from "../../../support/test-authority.ts";

const test = suite("runtimes/emulator/authenticate");

const ROLES = [{ arn: "arn:aws:iam::123456789012:role/Edge", trustPolicy: trusting({ AWS: "*" }) }];

/** A call that every caller may make, in each protocol. */
const CALLS = {
  sts: { method: "POST", path: "/", body: "Action=GetCallerIdentity&Version=2011-06-15" },
  rolesanywhere: { method: "GET", path: "/profiles" },
  "acm-pca": {
    method: "POST",
    path: "/",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "ACMPrivateCA.ListCertificateAuthorities",
    },
    body: "{}",
  },
  s3: { method: "GET", path: "/", host: "s3.us-east-1.amazonaws.com" },
} as const;

type ServiceName = keyof typeof CALLS;

/** Status and code, wherever the protocol has it. */
async function refusal(
  { emulator }: EmulatedAccount,
  name: ServiceName,
  credentials: SigV4Credentials | null = ADMINISTRATOR,
  signing: { region?: string; timeMs?: number } = {},
  authorization?: string,
): Promise<string> {
  const call = CALLS[name];
  const own = "headers" in call ? call.headers : {};
  const headers = { ...own, ...(authorization === undefined ? {} : { authorization }) };
  const answer = await send(emulator, { ...call, headers }, name, { credentials, ...signing });
  assert.not.match(answer.text, ADMINISTRATOR.secretAccessKey);
  const code = answer.text.startsWith("{") ? JSON.parse(answer.text).__type : answer.element("Code");
  return answer.status === 200 ? "200" : `${answer.status} ${code}`;
}

test("authenticate() accepts a signature in every protocol", async () => {
  const account = emulatedAccount({ roles: ROLES });
  const session = await account.assume("Edge");
  for (const name of Object.keys(CALLS) as ServiceName[]) assert.is(await refusal(account, name), "200", name);
  assert.is(await refusal(account, "sts", session), "200");
  assert.is(await refusal(account, "s3", session), "403 AccessDenied");
});

test("authenticate() words its refusals as each protocol does", async () => {
  const account = emulatedAccount({ roles: ROLES });
  const session = await account.assume("Edge");
  const { accessKeyId, secretAccessKey } = session;
  const scoped = (scope: string): string =>
    `AWS4-HMAC-SHA256 Credential=AKIA/${scope}/aws4_request, SignedHeaders=host, Signature=00`;
  const cases: readonly (readonly [
    (name: ServiceName) => readonly [SigV4Credentials | null, { region?: string; timeMs?: number }?, string?],
    readonly string[],
  ])[] = [
    [() => [{ ...ADMINISTRATOR, accessKeyId: "AKIAUNKNOWNUNKNOWNUN" }], [
      "403 InvalidClientTokenId",
      "403 UnrecognizedClientException",
      "400 UnrecognizedClientException",
      "403 InvalidAccessKeyId",
    ]],
    [() => [{ ...ADMINISTRATOR, secretAccessKey: "x" }], [
      "403 SignatureDoesNotMatch",
      "403 InvalidSignatureException",
      "400 InvalidSignatureException",
      "403 SignatureDoesNotMatch",
    ]],
    [() => [{ ...session, sessionToken: encodeBase64(new Uint8Array(64)) }], [
      "403 InvalidClientTokenId",
      "403 UnrecognizedClientException",
      "400 UnrecognizedClientException",
      "400 InvalidToken",
    ]],
    [() => [{ accessKeyId, secretAccessKey }], [
      "403 InvalidClientTokenId",
      "403 UnrecognizedClientException",
      "400 UnrecognizedClientException",
      "403 InvalidAccessKeyId",
    ]],
    [() => [ADMINISTRATOR, { timeMs: NOW - 901_000 }], [
      "403 SignatureDoesNotMatch",
      "403 InvalidSignatureException",
      "400 InvalidSignatureException",
      "403 RequestTimeTooSkewed",
    ]],
    [() => [ADMINISTRATOR, { region: "local" }], [
      "403 SignatureDoesNotMatch",
      "403 InvalidSignatureException",
      "400 InvalidSignatureException",
      "400 AuthorizationHeaderMalformed",
    ]],
    [(name) => [null, {}, scoped(`20260601/us-east-1/${name}`).replace("SignedHeaders=host, ", "")], [
      "400 IncompleteSignature",
      "403 IncompleteSignatureException",
      "400 IncompleteSignatureException",
      "400 AuthorizationHeaderMalformed",
    ]],
    [(name) => [null, {}, scoped(`20260601/us-east-1/${name}`)], [
      "400 IncompleteSignature",
      "403 IncompleteSignatureException",
      "400 IncompleteSignatureException",
      "400 AuthorizationHeaderMalformed",
    ]],
    [() => [null], [
      "403 MissingAuthenticationToken",
      "403 MissingAuthenticationTokenException",
      "400 MissingAuthenticationTokenException",
      "403 AccessDenied",
    ]],
  ];
  for (const [index, [given, expected]] of cases.entries()) {
    const names = Object.keys(CALLS) as ServiceName[];
    for (const [at, name] of names.entries()) {
      const [credentials, signing, authorization] = given(name);
      assert.is(
        await refusal(account, name, credentials, signing, authorization),
        expected[at],
        `case ${index} of ${name}`,
      );
    }
  }
});

test("authenticate() refuses expired sessions in every protocol", async () => {
  let now = NOW;
  const account = emulatedAccount({ roles: ROLES, now: () => now });
  const session = await account.assume("Edge", { DurationSeconds: "900" });
  now += 900_000;
  const expected = ["400 ExpiredToken", "403 ExpiredTokenException", "400 ExpiredTokenException", "400 ExpiredToken"];
  for (const [at, name] of (Object.keys(CALLS) as ServiceName[]).entries()) {
    assert.is(await refusal(account, name, session, { timeMs: now }), expected[at]);
  }
});

test("authenticate() refuses a signature of another service", async () => {
  const { emulator } = emulatedAccount();
  const answer = await send(emulator, CALLS.sts, "ec2", {});
  assertRefused(answer, 403, "SignatureDoesNotMatch");
});

test("authenticate() asks S3 clients to sign every x-amz- header, and to use this signature", async () => {
  const { emulator, s3 } = emulatedAccount();
  const host = "127.0.0.1:8080";
  const { headers } = signRequest({ method: "PUT", path: "/bucket", headers: { host } }, {
    credentials: ADMINISTRATOR,
    region: "us-east-1",
    service: "s3",
    timeMs: NOW,
  });
  const put = (more: Readonly<Record<string, string>>) =>
    emulator.fetch(new Request(`http://${host}/bucket`, { method: "PUT", headers: { ...headers, ...more } }));
  const refused = await readAnswer(await put({ "X-Amz-Acl": "public-read" }));
  assert.match(assertRefused(refused, 403, "AccessDenied"), "headers present in the request which were not signed");
  assert.is((await put({ "x-other": "1" })).status, 200);
  for (const query of ["AWSAccessKeyId=AKIA&Signature=x&Expires=1", ""]) {
    const authorization: Record<string, string> = query === "" ? { authorization: "AWS AKIA:sig" } : {};
    const old = await s3({ method: "GET", path: "/bucket/a", query, headers: authorization }, { credentials: null });
    assert.match(assertRefused(old, 400, "InvalidRequest"), "Please use AWS4-HMAC-SHA256");
  }
});

test("authenticate() refuses presigned URLs that are expired, changed or malformed", async () => {
  let now = NOW;
  const { emulator, s3 } = emulatedAccount({ now: () => now });
  await s3({ method: "PUT", path: "/bucket" });
  await s3({ method: "PUT", path: "/bucket/a", body: "text" });
  const { query } = presignRequest({ method: "GET", path: "/bucket/a", headers: { host: "127.0.0.1:8080" } }, {
    credentials: ADMINISTRATOR,
    region: "us-east-1",
    service: "s3",
    timeMs: NOW,
    expiresSeconds: 60,
  });
  const get = (changed: string, path = "/bucket/a") =>
    send(emulator, { method: "GET", path, query: changed }, "s3", { credentials: null });
  assert.is((await get(query)).text, "text");
  assertRefused(await get(query, "/bucket/b"), 403, "SignatureDoesNotMatch");
  assertRefused(await get(query.replace("Expires=60", "Expires=61")), 403, "SignatureDoesNotMatch");
  assertRefused(await get(query.replace("Expires=60", "Expires=604801")), 400, "AuthorizationQueryParametersError");
  assertRefused(await get(query.replace(/X-Amz-Date=[^&]*&/, "")), 400, "AuthorizationQueryParametersError");
  assertRefused(
    await get(query.replace("X-Amz-Algorithm=AWS4-HMAC-SHA256&", "")),
    400,
    "AuthorizationQueryParametersError",
  );
  now += 61_000;
  assert.is(assertRefused(await get(query), 403, "AccessDenied"), "Request has expired");
});

test("authenticate() believes callers in permissive mode, and still refuses sessions that have ended", async () => {
  let now = NOW;
  const account = emulatedAccount({ authentication: "permissive", roles: ROLES, now: () => now });
  const arn = async (credentials: SigV4Credentials | null, timeMs = NOW): Promise<string> =>
    (await account.query("GetCallerIdentity", {}, { credentials, timeMs })).text.match(/<(?:Arn|Code)>([^<]*)</)![1]!;
  const administrator = "arn:aws:iam::123456789012:user/Administrator";
  assert.is(await arn(null), administrator);
  assert.is(await arn({ accessKeyId: "test", secretAccessKey: "test" }), administrator);
  assert.is(await arn({ accessKeyId: "test", secretAccessKey: "test", sessionToken: "test" }), administrator);
  assert.is(await arn(ADMINISTRATOR, 0), administrator);
  const session = await account.assume("Edge");
  const edge = "arn:aws:sts::123456789012:assumed-role/Edge/test";
  assert.is(await arn({ ...session, secretAccessKey: "wrong" }), edge);
  assertRefused(await account.query("ListRoles", {}, { credentials: session }), 403, "AccessDenied");
  now += 3_600_000;
  assert.is(await arn(session), "ExpiredToken");
  const malformed = await send(account.emulator, { ...CALLS.sts, headers: { authorization: "Bearer x" } }, "sts", {
    credentials: null,
  });
  assertRefused(malformed, 400, "IncompleteSignature");
  const form = "Action=ListRoles&Version=2010-05-08";
  const iam = await send(account.emulator, { method: "POST", path: "/", body: form }, "iam", { credentials: null });
  assert.match(iam.text, "ListRolesResult");
});

test("authenticate() takes a user's account from the key's ARN", async () => {
  const other = { accessKeyId: "AKIAOTHERACCOUNTOTHE", secretAccessKey: "s".repeat(40) };
  const account = emulatedAccount({
    accessKeys: [{ ...other, arn: "arn:aws:iam::999988887777:user/team/Other" }],
  });
  const answer = await account.query("GetCallerIdentity", {}, { credentials: other });
  assert.is(answer.element("Account"), "999988887777");
  assert.is(answer.element("Arn"), "arn:aws:iam::999988887777:user/team/Other");
});

test.run();
