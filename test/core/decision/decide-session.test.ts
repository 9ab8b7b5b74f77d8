import type { Bytes } from "../../../core/bytes/bytes.ts";
import { decodeLatin1, encodeUtf8 } from "../../../core/bytes/text.ts";
import { decodeBase64, encodeBase64 } from "../../../core/bytes/base64.ts";
import { portableProvider } from "../../../core/crypto/portable/mod.ts";
import {
  decideSession,
  type DecisionOptions,
  type ProfileState,
  type RoleState,
  type SessionAllowed,
  type SessionDecision,
  type SessionDenied,
  type SessionRequest,
  type SessionState,
  type TrustAnchorState,
} from "../../../core/decision/mod.ts";
import { DEFAULT_ATTRIBUTE_MAPPINGS } from "../../../core/policy/mod.ts";
import type { Certificate } from "../../../core/x509/certificate.ts";
import { assert, suite } from "../../support/suite.ts";
import {
  CA_EXTENSIONS,
  CLIENT_EXTENSIONS,
  commonName,
  DAY,
  dnsName,
  extendedKeyUsage,
  keyUsage,
  NOW,
  OPEN_TRUST_POLICY,
  PROFILE_ARN,
  ROLE_ARN,
  signedSessionRequest,
  subjectAlternativeName,
  type TestCertificate,
  testCertificate,
  testKey,
  testRandom,
  type TestRequest,
  TRUST_ANCHOR_ARN,
} from "../../support/test-authority.ts";

const test = suite("core/decision/decide-session");

const crypto = portableProvider({});
const ARNS = { profileArn: PROFILE_ARN, roleArn: ROLE_ARN, trustAnchorArn: TRUST_ANCHOR_ARN };

async function authority(name: string, issuer = name, more: Partial<TestCertificate> = {}): Promise<Certificate> {
  return await testCertificate({
    subject: commonName(name),
    issuer: commonName(issuer),
    publicKey: (await testKey(name)).publicKey,
    signer: await testKey(issuer),
    extensions: CA_EXTENSIONS,
    ...more,
  });
}

async function client(more: Partial<TestCertificate> = {}, issuer = "Root"): Promise<Certificate> {
  return await testCertificate({
    subject: commonName("edge-7"),
    issuer: commonName(issuer),
    publicKey: (await testKey("edge-7")).publicKey,
    signer: await testKey(issuer),
    extensions: CLIENT_EXTENSIONS,
    ...more,
  });
}

interface Parts {
  readonly anchor?: Partial<TrustAnchorState>;
  readonly profile?: Partial<ProfileState>;
  readonly role?: Partial<RoleState>;
}

async function stateOf({ anchor, profile, role }: Parts = {}): Promise<SessionState> {
  return {
    trustAnchors: [{ arn: TRUST_ANCHOR_ARN, enabled: true, certificates: [await authority("Root")], ...anchor }],
    crls: [],
    profiles: [{
      arn: PROFILE_ARN,
      enabled: true,
      roleArns: [ROLE_ARN],
      durationSeconds: 3600,
      acceptRoleSessionName: false,
      attributeMappings: DEFAULT_ATTRIBUTE_MAPPINGS,
      ...profile,
    }],
    roles: [{
      arn: ROLE_ARN,
      id: "AROAEXAMPLEEXAMPLE123",
      maxSessionDurationSeconds: 3600,
      trustPolicy: OPEN_TRUST_POLICY,
      ...role,
    }],
  };
}

interface Scene extends Parts {
  readonly request?: Partial<TestRequest>;
  readonly options?: Partial<DecisionOptions>;
  readonly change?: (request: SessionRequest) => SessionRequest;
}

async function decide({ request, options, change = (same) => same, ...parts }: Scene = {}): Promise<SessionDecision> {
  const certificate = request?.certificate ?? await client();
  const signed = await signedSessionRequest({ signer: await testKey("edge-7"), ...request, certificate });
  return await decideSession(change(signed), await stateOf(parts), { now: () => NOW, crypto, ...options });
}

async function allowed(scene: Scene = {}): Promise<SessionAllowed> {
  const decision = await decide(scene);
  if (decision.outcome === "deny") throw new Error(`refused: ${decision.message}: ${failureOf(decision)?.detail}`);
  return decision;
}

function failureOf(decision: SessionDecision) {
  return decision.trace.find(({ outcome }) => outcome === "fail");
}

const withHeader = (name: string, value: string | undefined) => (request: SessionRequest): SessionRequest => ({
  ...request,
  headers: [
    ...request.headers.filter(([field]) => field !== name),
    ...(value === undefined ? [] : [[name, value] as const]),
  ],
});

test("decideSession() allows a request in order and describes the session", async () => {
  const decision = await allowed();
  assert.is(decision.role.arn, ROLE_ARN);
  assert.is(decision.sessionName, "0123");
  assert.is(decision.sourceIdentity, "CN=edge-7");
  assert.equal(decision.tags, [{ key: "x509Issuer/CN", value: "Root" }, { key: "x509Subject/CN", value: "edge-7" }]);
  assert.is(decision.durationSeconds, 3600);
  assert.is(decision.expiration, "2026-06-01T13:00:00Z");
  assert.is(decision.packedPolicySize, 9);
  assert.ok(decision.trace.every(({ outcome }) => outcome === "pass"));
  assert.ok(decision.trace.every(({ source, detail }) => source !== "" && detail !== ""));
});

test("decideSession() traces every check once, in one order, whatever the outcome", async () => {
  const order = (await allowed()).trace.map(({ check }) => check);
  assert.is(order.length, 28);
  const denied = await decide({ anchor: { enabled: false } });
  assert.equal(denied.trace.map(({ check }) => check), order);
  const failed = denied.trace.findIndex(({ outcome }) => outcome === "fail");
  assert.ok(denied.trace.slice(0, failed).every(({ outcome }) => outcome === "pass"));
  assert.ok(denied.trace.slice(failed + 1).every(({ outcome }) => outcome === "skip"));
});

test("decideSession() takes every key type of the service", async () => {
  const rsa = await testKey("rsa client", { type: "rsa", bits: 2048 });
  const p384 = await testKey("p384 client", { type: "ec", curve: "P-384" });
  const mlDsa = await testKey("ml-dsa client", { type: "ml-dsa", parameterSet: "ML-DSA-44" });
  for (const signer of [rsa, p384, mlDsa]) {
    const certificate = await client({ publicKey: signer.publicKey });
    assert.is((await allowed({ request: { certificate, signer } })).sourceIdentity, "CN=edge-7");
  }
});

test("decideSession() accepts a chain in any order, with the root and the leaf in it", async () => {
  const issuing = await authority("Issuing", "Root");
  const certificate = await client({}, "Issuing");
  const chain = [await authority("Root"), certificate, issuing, issuing];
  await allowed({ request: { certificate, chain } });
});

test("decideSession() shortens the session to what profile and client agree on", async () => {
  const asking = (durationSeconds: number) => ({ request: { parameters: { ...ARNS, durationSeconds } } });
  assert.is((await allowed(asking(900))).durationSeconds, 900);
  assert.is((await allowed(asking(43_200))).durationSeconds, 3600);
  const long = { profile: { durationSeconds: 43_200 }, role: { maxSessionDurationSeconds: 43_200 } };
  assert.is((await allowed({ ...asking(7200), ...long })).durationSeconds, 7200);
  assert.is((await allowed(long)).expiration, "2026-06-02T00:00:00Z");
});

test("decideSession() names the session as the client wants when the profile accepts it", async () => {
  const request = { parameters: { ...ARNS, roleSessionName: "edge-7@site" } };
  assert.is((await allowed({ request, profile: { acceptRoleSessionName: true } })).sessionName, "edge-7@site");
  assert.is((await allowed({ profile: { acceptRoleSessionName: true } })).sessionName, "0123");
});

test("decideSession() pads serial numbers and hides the sign octet", async () => {
  for (
    const [serial, name] of [[1, "01"], [0x1000, "1000"], [0x80, "80"], [
      0xfedcba9876543210n,
      "fedcba9876543210",
    ]] as const
  ) {
    assert.is((await allowed({ request: { certificate: await client({ serial }) } })).sessionName, name);
  }
});

test("decideSession() makes the source identity of the subject", async () => {
  const cn = "2.5.4.3";
  for (
    const [subject, identity] of [
      [[[cn, "c".repeat(61)]], `CN=${"c".repeat(61)}`],
      [[[cn, "c".repeat(62)]], "c".repeat(62)],
      [[[cn, "c".repeat(64)]], "c".repeat(64)],
      [[[cn, "a"], [cn, "b"]], "CN=a/b"],
      [[[cn, "My Test Certificate"]], "CN=My Test Certificate"],
      [[["2.5.4.10", "Example"]], "ID=0123"],
    ] as const
  ) {
    assert.is((await allowed({ request: { certificate: await client({ subject }) } })).sourceIdentity, identity);
  }
});

test("decideSession() drops unmappable attributes and says so in the trace", async () => {
  const certificate = await client({ extensions: [keyUsage(0), subjectAlternativeName(dnsName("*.example.com"))] });
  const decision = await allowed({ request: { certificate } });
  assert.is(
    decision.trace.find(({ check }) => check === "tags")?.warning,
    "left out: Issuer: [  ]; Subject: [  ]; SAN: [ DNS ]",
  );
});

test("decideSession() warns of an extended key usage without client authentication, or refuses on demand", async () => {
  const certificate = await client({ extensions: [keyUsage(0), extendedKeyUsage("1.3.6.1.5.5.7.3.1")] });
  const decision = await allowed({ request: { certificate } });
  assert.is(
    decision.trace.find(({ check }) => check === "end-entity")?.warning,
    "extendedKeyUsage is there without clientAuth",
  );
  const strict = await decide({ request: { certificate }, options: { extendedKeyUsage: "deny" } });
  assert.is((strict as SessionDenied).message, "Untrusted certificate. Insufficient certificate");
});

test("decideSession() allows clocks that differ by the window, either way", async () => {
  for (const timeMs of [NOW - 300_000, NOW + 300_000]) await allowed({ request: { timeMs } });
  await allowed({ request: { timeMs: NOW - 900_000 }, options: { clockWindowSeconds: 900 } });
});

const UNABLE = `Unable to assume role for ${ROLE_ARN}.`;
const INSUFFICIENT = "Untrusted certificate. Insufficient certificate";
const UNTRUSTED = "Untrusted signing certificate";

/** Every refusal: what is different about the request or the service, the check that fails, and the answer. */
const DENIALS: readonly (readonly [name: string, scene: () => Promise<Scene>, check: string, message: string])[] = [
  [
    "no Authorization",
    async () => ({ change: withHeader("authorization", undefined) }),
    "authorization",
    "Invalid signature",
  ],
  [
    "a malformed Authorization",
    async () => ({ change: withHeader("authorization", "AWS4-X509-RSA-SHA256 x") }),
    "authorization",
    "Invalid signature",
  ],
  [
    "an access key's scheme",
    async () => ({
      change: withHeader(
        "authorization",
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260601/us-east-1/rolesanywhere/aws4_request, SignedHeaders=host, Signature=00",
      ),
    }),
    "authorization",
    "Invalid signature",
  ],
  [
    "a scheme of another hash",
    async () => ({
      change: (request) =>
        withHeader(
          "authorization",
          request.headers.find(([name]) => name === "authorization")![1].replace("SHA256", "SHA384"),
        )(request),
    }),
    "authorization",
    "Invalid signature",
  ],
  [
    "no certificate",
    async () => ({ change: withHeader("x-amz-x509", undefined) }),
    "certificate",
    "Header 'X-Amz-X509' is missing",
  ],
  [
    "a certificate that is not base64",
    async () => ({ change: withHeader("x-amz-x509", "MII*") }),
    "certificate",
    "Header 'X-Amz-X509' is not the base64 of a DER certificate",
  ],
  [
    "a certificate that is cut off",
    async () => ({ change: withHeader("x-amz-x509", "MAA=") }),
    "certificate",
    "Header 'X-Amz-X509' holds a certificate that cannot be read: Cannot read tbsCertificate at offset 2: the element is missing",
  ],
  [
    "six certificates in the chain",
    async () => ({ change: withHeader("x-amz-x509-chain", Array(6).fill("MAA=").join(",")) }),
    "chain",
    "Header 'X-Amz-X509-Chain' holds 6 certificates, at most 5 are accepted",
  ],
  [
    "a chain that is not base64",
    async () => ({ change: withHeader("x-amz-x509-chain", ",") }),
    "chain",
    "Header 'X-Amz-X509-Chain' is not the base64 of a DER certificate",
  ],
  [
    "a scheme of another key type",
    async () => ({
      change: (request) =>
        withHeader(
          "authorization",
          request.headers.find(([name]) => name === "authorization")![1].replace("ECDSA", "RSA"),
        )(request),
    }),
    "algorithm",
    "Invalid signature",
  ],
  [
    "another serial number",
    async () => ({
      change: (request) =>
        withHeader(
          "authorization",
          request.headers.find(([name]) => name === "authorization")![1].replace("Credential=291", "Credential=292"),
        )(request),
    }),
    "serial",
    "Invalid signature",
  ],
  [
    "an unsigned chain",
    async () => ({
      change: withHeader("x-amz-x509-chain", encodeBase64((await authority("Root")).der)),
    }),
    "signed-headers",
    "Invalid signature",
  ],
  ["another region", async () => ({ request: { region: "eu-central-1" } }), "scope", "Invalid signature"],
  ["another service", async () => ({ request: { service: "sts" } }), "scope", "Invalid signature"],
  ["a clock 30 minutes behind", async () => ({ request: { timeMs: NOW - 1_800_000 } }), "clock", "Invalid signature"],
  ["a clock just too far ahead", async () => ({ request: { timeMs: NOW + 301_000 } }), "clock", "Invalid signature"],
  ["another key", async () => ({ request: { signer: await testKey("another") } }), "signature", "Invalid signature"],
  [
    "another body",
    async () => ({ change: (request) => ({ ...request, body: encodeUtf8(`${decodeLatin1(request.body)} `) }) }),
    "signature",
    "Invalid signature",
  ],
  [
    "another query",
    async () => ({ change: (request) => ({ ...request, query: "durationSeconds=900" }) }),
    "signature",
    "Invalid signature",
  ],
  [
    "an unknown trust anchor",
    async () => ({ anchor: { arn: `${TRUST_ANCHOR_ARN}0` } }),
    "trust-anchor",
    "Specified Trust Anchor wasn't found.",
  ],
  ["a disabled trust anchor", async () => ({ anchor: { enabled: false } }), "trust-anchor", "Trust anchor is disabled"],
  ["another CA", async () => ({ anchor: { certificates: [await authority("Other")] } }), "path", UNTRUSTED],
  [
    "another CA of the same name",
    async () => ({
      anchor: {
        certificates: [
          await authority("Root", "Root", { signer: await testKey("x"), publicKey: (await testKey("x")).publicKey }),
        ],
      },
    }),
    "path",
    UNTRUSTED,
  ],
  [
    "a missing intermediate",
    async () => ({ request: { certificate: await client({}, "Issuing") } }),
    "path",
    UNTRUSTED,
  ],
  [
    "an expired certificate",
    async () => ({ request: { certificate: await client({ notAfter: NOW - 1000 }) } }),
    "path",
    UNTRUSTED,
  ],
  [
    "a certificate of tomorrow",
    async () => ({ request: { certificate: await client({ notBefore: NOW + 1000 }) } }),
    "path",
    UNTRUSTED,
  ],
  [
    "an expired anchor",
    async () => ({ anchor: { certificates: [await authority("Root", "Root", { notAfter: NOW - DAY / 2 })] } }),
    "path",
    UNTRUSTED,
  ],
  [
    "an unknown critical extension",
    async () => ({
      request: {
        certificate: await client({
          extensions: [...CLIENT_EXTENSIONS, { oid: "1.2.3", critical: true, value: new Uint8Array([5, 0]) }],
        }),
      },
    }),
    "path",
    UNTRUSTED,
  ],
  [
    "no key usage",
    async () => ({ request: { certificate: await client({ extensions: [] }) } }),
    "end-entity",
    INSUFFICIENT,
  ],
  [
    "another key usage",
    async () => ({ request: { certificate: await client({ extensions: [keyUsage(2)] }) } }),
    "end-entity",
    INSUFFICIENT,
  ],
  [
    "a CA certificate",
    async () => ({ request: { certificate: await client({ extensions: [...CA_EXTENSIONS] }) } }),
    "end-entity",
    INSUFFICIENT,
  ],
  [
    "an empty subject",
    async () => ({ request: { certificate: await client({ subject: [] }) } }),
    "end-entity",
    INSUFFICIENT,
  ],
  [
    "an unknown profile",
    async () => ({ profile: { arn: `${PROFILE_ARN}0` } }),
    "profile",
    "Invalid or empty profile provided.",
  ],
  ["a disabled profile", async () => ({ profile: { enabled: false } }), "profile", "Profile is disabled"],
  [
    "a role that the profile does not list",
    async () => ({ profile: { roleArns: [] } }),
    "profile-role",
    "Requested Role isn't one of those listed in the Profile.",
  ],
  [
    "a session name that the profile does not accept",
    async () => ({ request: { parameters: { ...ARNS, roleSessionName: "me" } } }),
    "role-session-name",
    "Not authorized to set roleSessionName.",
  ],
  [
    "a serial number of 33 octets",
    async () => ({ request: { certificate: await client({ serial: 1n << 256n }) } }),
    "session-name",
    UNABLE,
  ],
  [
    "a common name of 65 characters",
    async () => ({ request: { certificate: await client({ subject: commonName("c".repeat(65)) }) } }),
    "source-identity",
    UNABLE,
  ],
  ["a role that does not exist", async () => ({ role: { arn: `${ROLE_ARN}2` } }), "role", UNABLE],
  [
    "a role that does not exist, with an unmappable subject",
    async () => ({
      role: { arn: `${ROLE_ARN}2` },
      request: { certificate: await client({ subject: commonName("a&b") }) },
    }),
    "role",
    `${UNABLE} Some attributes failed to be mapped into session tags. Issuer: [  ]; Subject: [ CN ]; SAN: [  ]`,
  ],
  [
    "an unmappable subject where that refuses",
    async () => ({
      options: { unmappableAttributes: "deny" as const },
      request: { certificate: await client({ subject: commonName("a&b") }) },
    }),
    "tags",
    `${UNABLE} Some attributes failed to be mapped into session tags. Issuer: [  ]; Subject: [ CN ]; SAN: [  ]`,
  ],
  [
    "more than the role's longest session",
    async () => ({ profile: { durationSeconds: 3601 } }),
    "duration",
    `${UNABLE} The requested DurationSeconds exceeds the MaxSessionDuration set for this role.`,
  ],
  [
    "tags that do not fit",
    async () => ({
      request: {
        certificate: await client({
          subject: [["2.5.4.3", "x"], ["2.5.4.10", "o".repeat(256)], ["2.5.4.11", "u".repeat(256)]],
        }),
      },
    }),
    "packed-size",
    `${UNABLE} Packed size of session tags consumes 125% of allotted space.`,
  ],
  [
    "a role of another account",
    async () => {
      const other = "arn:aws:iam::999999999999:role/Other";
      return {
        request: { parameters: { ...ARNS, roleArn: other } },
        profile: { roleArns: [other] },
        role: { arn: other },
      };
    },
    "role",
    "Unable to assume role for arn:aws:iam::999999999999:role/Other.",
  ],
  [
    "no parameters",
    async () => ({ request: { parameters: { ...ARNS, roleArn: undefined } } }),
    "parameters",
    "1 validation error detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null",
  ],
];

for (const [name, scene, check, message] of DENIALS) {
  test(`decideSession() refuses ${name}`, async () => {
    const decision = await decide(await scene());
    if (decision.outcome === "allow") throw new Error("it was allowed");
    const failure = failureOf(decision);
    assert.is(failure?.check, check, failure?.detail);
    assert.is(decision.message, message);
    const validation = check === "parameters" || check === "certificate" || check === "chain";
    assert.is(decision.code, validation ? "ValidationException" : "AccessDeniedException");
    assert.is(decision.httpStatus, validation ? 400 : 403);
  });
}

test("decideSession() never accepts a request with one octet changed", async () => {
  const issuing = await authority("Issuing", "Root");
  const certificate = await client({}, "Issuing");
  const request = await signedSessionRequest({ signer: await testKey("edge-7"), certificate, chain: [issuing] });
  const state = await stateOf();
  const accepts = async (changed: SessionRequest): Promise<boolean> =>
    (await decideSession(changed, state, { now: () => NOW, crypto })).outcome === "allow";
  assert.ok(await accepts(request));

  const value = (name: string): string => request.headers.find(([field]) => field === name)![1];
  const flip = (octets: Bytes, at: number): Bytes => {
    const copy = octets.slice();
    copy[at]! ^= 1;
    return copy;
  };
  for (const name of ["x-amz-x509", "x-amz-x509-chain"]) {
    const der = decodeBase64(value(name))!;
    for (let at = 0; at < der.length; at += 5) {
      assert.not(await accepts(withHeader(name, encodeBase64(flip(der, at)))(request)), `${name} ${at}`);
    }
  }
  const authorization = value("authorization");
  for (let at = 0; at < authorization.length; at += 3) {
    const digit = authorization[at]!;
    const other = /[0-8a-e]/.test(digit) ? String.fromCharCode(digit.charCodeAt(0) + 1) : digit === "x" ? "y" : "0";
    const changed = authorization.slice(0, at) + other + authorization.slice(at + 1);
    assert.not(await accepts(withHeader("authorization", changed)(request)), `authorization ${at}`);
  }
  for (const name of ["host", "content-type", "x-amz-date"]) {
    for (let at = 0; at < value(name).length; at++) {
      const changed = `${value(name).slice(0, at)}~${value(name).slice(at + 1)}`;
      assert.not(await accepts(withHeader(name, changed)(request)), `${name} ${at}`);
    }
  }
  for (let at = 0; at < request.body.length; at += 4) {
    assert.not(await accepts({ ...request, body: flip(request.body, at) }), `body ${at}`);
  }
});

test("decideSession() answers garbage with a refusal, never with an exception", async () => {
  const state = await stateOf();
  const good = await signedSessionRequest({ signer: await testKey("edge-7"), certificate: await client() });
  const random = testRandom("fuzz");
  const text = (length: number): string => decodeLatin1(random(length));
  for (let i = 0; i < 300; i++) {
    const [where, length] = random(2);
    const garbage = text(length!);
    const headers = good.headers.map(([name, value], index): readonly [string, string] =>
      index !== where! % good.headers.length
        ? [name, value]
        : where! & 64
        ? [name, garbage]
        : [name, value.slice(0, length) + garbage.slice(0, 3) + value.slice(length! + 1)]
    );
    const request: SessionRequest = {
      method: where! & 1 ? "POST" : garbage,
      path: garbage,
      query: where! & 2 ? garbage : "",
      headers: where! & 4 ? [...headers, [text(5), garbage]] : headers,
      body: where! & 8 ? random(length!) : good.body,
    };
    const decision = await decideSession(request, state, { now: () => NOW, crypto });
    assert.ok(decision.outcome === "allow" || decision.trace.length >= 28, `round ${i}`);
    assert.type(JSON.stringify(decision.trace), "string");
  }
});

test("decideSession() refuses options that it does not know", async () => {
  const options = { now: () => NOW, crypto, clockWindow: 5 } as unknown as DecisionOptions;
  const request = await signedSessionRequest({ signer: await testKey("edge-7"), certificate: await client() });
  const error = await decideSession(request, await stateOf(), options).then(() => undefined, (reason) => reason);
  assert.instance(error, TypeError);
});

test.run();
