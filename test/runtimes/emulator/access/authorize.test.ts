// runtimes: node20 node deno bun workerd
import { encodePem } from "../../../../core/pem/pem.ts";
import type { SigV4Credentials } from "../../../../core/sigv4/mod.ts";
import type { Emulator } from "../../../../runtimes/emulator/mod.ts";
import {
  assertRefused,
  type EmulatedAccount,
  emulatedAccount,
  policy,
  send,
  TRUSTS_ACCOUNT,
} from "../../../support/emulated-account.ts";
import { assert, suite } from "../../../support/suite.ts";
import {
  CA_EXTENSIONS,
  CLIENT_EXTENSIONS,
  commonName,
  PROFILE_ARN,
  ROLE_ARN,
  signedSessionRequest,
  testCertificate,
  testKey,
  TRUST_ANCHOR_ARN,
} from "../../../support/test-authority.ts";

const test = suite("runtimes/emulator/authorize");

const EDGE = "arn:aws:iam::123456789012:role/Edge";

async function withPolicy(...statements: readonly object[]): Promise<readonly [EmulatedAccount, SigV4Credentials]> {
  const account = emulatedAccount({
    roles: [{ arn: EDGE, trustPolicy: TRUSTS_ACCOUNT, policies: { edge: policy(...statements) } }],
  });
  for (const path of ["/bucket", "/bucket/a", "/bucket/b"]) {
    assert.is((await account.s3({ method: "PUT", path, body: path === "/bucket" ? "" : "text" })).status, 200);
  }
  return [account, await account.assume("Edge")];
}

async function sessionOf(emulator: Emulator, subject: string): Promise<SigV4Credentials> {
  const certificate = await testCertificate({
    subject: commonName(subject),
    issuer: commonName("Root"),
    publicKey: (await testKey(subject)).publicKey,
    signer: await testKey("Root"),
    extensions: CLIENT_EXTENSIONS,
  });
  const { headers, body } = await signedSessionRequest({ certificate, signer: await testKey(subject) });
  const response = await emulator.fetch(
    new Request("http://127.0.0.1:8080/sessions", {
      method: "POST",
      headers: headers.map(([n, v]) => [n, v] as [string, string]),
      body,
    }),
  );
  const answer = await response.json() as { credentialSet: readonly { credentials: SigV4Credentials }[] };
  assert.is(response.status, 201, JSON.stringify(answer));
  return answer.credentialSet[0]!.credentials;
}

/** A role with this policy behind a trust anchor and a profile, and an empty bucket. */
async function withAnchor(document: string): Promise<EmulatedAccount> {
  const root = await testCertificate({
    subject: commonName("Root"),
    issuer: commonName("Root"),
    publicKey: (await testKey("Root")).publicKey,
    signer: await testKey("Root"),
    extensions: CA_EXTENSIONS,
  });
  const account = emulatedAccount({
    trustAnchors: [{ arn: TRUST_ANCHOR_ARN, certificates: encodePem("CERTIFICATE", root.der) }],
    profiles: [{ arn: PROFILE_ARN, roleArns: [ROLE_ARN] }],
    roles: [{ arn: ROLE_ARN, policies: { own: document } }],
  });
  await account.s3({ method: "PUT", path: "/bucket" });
  return account;
}

test("authorize() lets a certificate with CN server-a write only under server-a/", async () => {
  const { emulator, s3 } = await withAnchor(policy({
    Effect: "Allow",
    Action: "s3:PutObject",
    Resource: "arn:aws:s3:::bucket/${aws:PrincipalTag/x509Subject/CN}/*",
  }));
  for (const [subject, other] of [["server-a", "server-b"], ["server-b", "server-a"]] as const) {
    const credentials = await sessionOf(emulator, subject);
    assert.is((await s3({ method: "PUT", path: `/bucket/${subject}/x`, body: "1" }, { credentials })).status, 200);
    for (
      const path of [
        `/bucket/${other}/x`,
        "/bucket/x",
        `/bucket/${subject}`,
        `/bucket/${subject}x/y`,
        `/bucket//${subject}/x`,
      ]
    ) {
      const refused = await s3({ method: "PUT", path, body: "1" }, { credentials });
      assert.match(
        assertRefused(refused, 403, "AccessDenied"),
        "because no identity-based policy allows the s3:PutObject action",
      );
    }
    assertRefused(await s3({ method: "GET", path: `/bucket/${subject}/x` }, { credentials }), 403, "AccessDenied");
  }
  // Dot segments are no way out: they are part of the key.
  const credentials = await sessionOf(emulator, "server-a");
  assert.is(
    (await s3({ method: "PUT", path: "/bucket/server-a/../server-b/x", body: "2" }, { credentials })).status,
    200,
  );
  assert.is((await s3({ method: "GET", path: "/bucket/server-b/x" })).text, "1");
});

test("authorize() lets session policies of a profile take away what the role allows", async () => {
  const { emulator, query, s3 } = await withAnchor(policy({ Effect: "Allow", Action: "s3:*", Resource: "*" }));
  await s3({ method: "PUT", path: "/bucket/a", body: "1" });
  const reads = policy({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" });
  const lists = policy({ Effect: "Allow", Action: "s3:ListBucket", Resource: "*" });
  await query("CreatePolicy", { PolicyName: "Lists", PolicyDocument: lists });
  const profile = PROFILE_ARN.slice(PROFILE_ARN.lastIndexOf("/") + 1);
  const limit = async (members: object): Promise<void> => {
    const request = { method: "PATCH", path: `/profile/${profile}`, body: JSON.stringify(members) };
    const answer = await send(emulator, request, "rolesanywhere", {});
    assert.is(answer.status, 200, answer.text);
  };
  const may = async (): Promise<readonly number[]> => {
    const credentials = await sessionOf(emulator, "server-a");
    const list = await s3({ method: "GET", path: "/bucket", query: "list-type=2" }, { credentials });
    const get = await s3({ method: "GET", path: "/bucket/a" }, { credentials });
    const put = await s3({ method: "PUT", path: "/bucket/b" }, { credentials });
    if (put.status !== 200) {
      assert.match(
        assertRefused(put, 403, "AccessDenied"),
        "because no session policy allows the s3:PutObject action",
      );
    }
    return [list.status, get.status, put.status];
  };
  assert.equal(await may(), [200, 200, 200]);
  await limit({ sessionPolicy: reads });
  assert.equal(await may(), [403, 200, 403]);
  await limit({ managedPolicyArns: ["arn:aws:iam::123456789012:policy/Lists"] });
  assert.equal(await may(), [200, 200, 403]);
});

test("authorize() names the kind of policy that denies", async () => {
  const [account, credentials] = await withPolicy(
    { Effect: "Allow", Action: "s3:*", Resource: "*" },
    { Effect: "Deny", Action: "s3:DeleteObject", Resource: "arn:aws:s3:::bucket/a" },
  );
  const remove = async (path: string, held: SigV4Credentials) =>
    await account.s3({ method: "DELETE", path }, { credentials: held });
  assert.is(
    assertRefused(await remove("/bucket/a", credentials), 403, "AccessDenied"),
    "User: arn:aws:sts::123456789012:assumed-role/Edge/test is not authorized to perform: s3:DeleteObject on resource: " +
      '"arn:aws:s3:::bucket/a" with an explicit deny in an identity-based policy',
  );
  const denying = policy({ Effect: "Allow", Action: "*", Resource: "*" }, {
    Effect: "Deny",
    Action: "s3:Delete*",
    Resource: "*",
  });
  const limited = await account.assume("Edge", { Policy: denying });
  assert.match(
    assertRefused(await remove("/bucket/b", limited), 403, "AccessDenied"),
    "with an explicit deny in a session policy",
  );
  assert.is((await remove("/bucket/b", credentials)).status, 204);
});

test("authorize() gives policies the keys of the request", async () => {
  const read = (condition: object) => ({
    Effect: "Allow",
    Action: "s3:GetObject",
    Resource: "*",
    Condition: condition,
  });
  const cases: readonly (readonly [object, number])[] = [
    [{ ArnEquals: { "aws:PrincipalArn": EDGE } }, 200],
    [{ StringEquals: { "aws:PrincipalAccount": "123456789012", "aws:PrincipalType": "AssumedRole" } }, 200],
    [{ StringLike: { "aws:userid": "AROA*:test" } }, 200],
    [{ StringEquals: { "aws:RequestedRegion": "us-east-1" } }, 200],
    [{ StringEquals: { "aws:RequestedRegion": "eu-central-1" } }, 403],
    [{ DateLessThan: { "aws:CurrentTime": "2026-06-01T12:00:01Z" } }, 200],
    [{ DateGreaterThan: { "aws:CurrentTime": "2026-06-01T12:00:00Z" } }, 403],
    [{ NumericEquals: { "aws:EpochTime": 1780315200 } }, 200],
    [{ DateEquals: { "aws:TokenIssueTime": "2026-06-01T12:00:00Z" } }, 200],
    [{ Bool: { "aws:SecureTransport": "true", "aws:ViaAWSService": "false" } }, 200],
    [{ StringEquals: { "s3:authType": "REST-HEADER", "s3:signatureversion": "AWS4-HMAC-SHA256" } }, 200],
    [{ StringEquals: { "aws:ResourceAccount": "${aws:PrincipalAccount}" } }, 200],
    [{ Null: { "aws:SourceIdentity": "true", "aws:SourceIp": "true", "aws:PrincipalTag/team": "true" } }, 200],
  ];
  for (const [condition, status] of cases) {
    const [account, credentials] = await withPolicy(read(condition));
    const answer = await account.s3({ method: "GET", path: "/bucket/a" }, { credentials });
    assert.is(answer.status, status, `${JSON.stringify(condition)} ${answer.text}`);
  }
  const [account] = await withPolicy(
    read({ StringEquals: { "aws:SourceIdentity": "alice", "aws:PrincipalTag/Team": "red" } }),
  );
  const credentials = await account.assume("Edge", {
    SourceIdentity: "alice",
    "Tags.member.1.Key": "team",
    "Tags.member.1.Value": "red",
  });
  assert.is((await account.s3({ method: "GET", path: "/bucket/a" }, { credentials })).status, 200);
});

test("authorize() gives policies prefix, delimiter and size of a listing", async () => {
  const [account, credentials] = await withPolicy({
    Effect: "Allow",
    Action: "s3:ListBucket",
    Resource: "arn:aws:s3:::bucket",
    Condition: { StringLike: { "s3:prefix": ["home/*", ""] }, NumericLessThanEquals: { "s3:max-keys": "10" } },
  });
  const list = async (query: string) =>
    (await account.s3({ method: "GET", path: "/bucket", query: `list-type=2${query}` }, { credentials })).status;
  assert.is(await list("&prefix=home%2Fx&max-keys=10"), 200);
  assert.is(await list("&prefix=&max-keys=1"), 200);
  assert.is(await list("&prefix=home%2Fx"), 403);
  assert.is(await list("&max-keys=1"), 403);
  assert.is(await list("&prefix=other%2F&max-keys=1"), 403);
});

test("authorize() tells those who may not list a bucket nothing about missing objects", async () => {
  const [account, credentials] = await withPolicy({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" });
  assertRefused(await account.s3({ method: "GET", path: "/bucket/none" }, { credentials }), 403, "AccessDenied");
  assertRefused(await account.s3({ method: "GET", path: "/bucket/none" }), 404, "NoSuchKey");
});

test.run();
