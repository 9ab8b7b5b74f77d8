// runtimes: node20 node deno bun workerd
import { decodeBase64, encodeBase64 } from "../../../../core/bytes/base64.ts";
import { decodeUtf8, encodeUtf8 } from "../../../../core/bytes/text.ts";
import { portableProvider } from "../../../../core/crypto/portable/mod.ts";
import type { Signer } from "../../../../core/crypto/signer.ts";
import {
  extendedKeyUsageExtension,
  issueCertificateRequest,
  keyUsageExtension,
  subjectAlternativeNameExtension,
} from "../../../../core/issue/mod.ts";
import { decodePem, encodePem } from "../../../../core/pem/pem.ts";
import { validatePath } from "../../../../core/path/mod.ts";
import { signRequest, signX509Request } from "../../../../core/sigv4/mod.ts";
import {
  type Certificate,
  CRL_DISTRIBUTION_POINTS,
  nameText,
  parseCertificateRevocationList,
  readCertificates,
  REASON_CODE,
} from "../../../../core/x509/mod.ts";
import { ADMINISTRATOR, type ControlPlane, controlPlane, STRANGER } from "../../../support/control-plane.ts";
import { assert, suite } from "../../../support/suite.ts";
import { DAY, NOW, testKey, testRandom } from "../../../support/test-authority.ts";

const test = suite("runtimes/emulator/services/acm-pca");

const REGION = "us-east-1";
const BUCKET = "example-crls";
const TEMPLATES = "arn:aws:acm-pca:::template";
const verifying = portableProvider({ random: testRandom("pca verifier") });

interface Answer {
  readonly status: number;
  // deno-lint-ignore no-explicit-any
  readonly body: any;
}

/** A signed request to any service of the emulator. */
async function send(
  { emulator }: ControlPlane,
  request: { service: string; method?: string; path?: string; headers?: Record<string, string>; body?: string },
  { as = ADMINISTRATOR, timeMs = NOW } = {},
): Promise<Response> {
  const { service, method = "POST", path = "/", body = "" } = request;
  const headers = { host: "127.0.0.1", ...request.headers };
  const signed = signRequest({ method, path, headers, body }, { credentials: as, timeMs, region: REGION, service });
  return await emulator.fetch(
    new Request(`http://127.0.0.1${path}`, {
      method,
      headers: { ...headers, ...signed.headers },
      ...(body === "" ? {} : { body }),
    }),
  );
}

/** Calls an operation of the private CA. */
async function pca(plane: ControlPlane, operation: string, input: unknown, options = {}): Promise<Answer> {
  const response = await send(plane, {
    service: "acm-pca",
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": `ACMPrivateCA.${operation}` },
    body: typeof input === "string" ? input : JSON.stringify(input),
  }, options);
  const text = await response.text();
  assert.is(response.headers.get("content-type"), "application/x-amz-json-1.1");
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

/** Calls what must succeed. */
// deno-lint-ignore no-explicit-any
async function done(plane: ControlPlane, operation: string, input: unknown, options = {}): Promise<any> {
  const { status, body } = await pca(plane, operation, input, options);
  assert.is(status, 200, `${operation}: ${JSON.stringify(body)}`);
  return body;
}

/** Calls what must be refused, and answers the error's code. */
async function refused(plane: ControlPlane, operation: string, input: unknown, options = {}): Promise<string> {
  const { status, body } = await pca(plane, operation, input, options);
  assert.is(status, 400, `${operation}: ${JSON.stringify(body)}`);
  assert.not.match(body.message, /\bat [A-Za-z]+ \(/);
  return body.__type;
}

const CONFIGURATION = {
  KeyAlgorithm: "EC_prime256v1",
  SigningAlgorithm: "SHA256WITHECDSA",
  Subject: { Country: "DE", Organization: "Example", CommonName: "Example Root" },
};

const CRLS = { CrlConfiguration: { Enabled: true, ExpirationInDays: 30, S3BucketName: BUCKET } };

/** PEM as a blob. */
const blob = (pem: string): string => encodeBase64(encodeUtf8(pem));

async function bucket(plane: ControlPlane): Promise<void> {
  const response = await send(plane, { service: "s3", method: "PUT", path: `/${BUCKET}` });
  assert.is(response.status, 200, await response.text());
}

/** A root that is ready to issue. */
async function activeRoot(plane: ControlPlane, changes: object = {}, days: number = 3650): Promise<string> {
  const { CertificateAuthorityArn } = await done(plane, "CreateCertificateAuthority", {
    CertificateAuthorityConfiguration: CONFIGURATION,
    CertificateAuthorityType: "ROOT",
    ...changes,
  });
  const { Csr } = await done(plane, "GetCertificateAuthorityCsr", { CertificateAuthorityArn });
  const { CertificateArn } = await done(plane, "IssueCertificate", {
    CertificateAuthorityArn,
    Csr: blob(Csr),
    SigningAlgorithm: "SHA256WITHECDSA",
    TemplateArn: `${TEMPLATES}/RootCACertificate/V1`,
    Validity: { Value: days, Type: "DAYS" },
  });
  const { Certificate } = await done(plane, "GetCertificate", { CertificateAuthorityArn, CertificateArn });
  await done(plane, "ImportCertificateAuthorityCertificate", {
    CertificateAuthorityArn,
    Certificate: blob(Certificate),
  });
  return CertificateAuthorityArn;
}

/** A request for a certificate, PEM. */
async function requestPem(
  signer: Signer,
  name: string,
  extensions: Parameters<typeof issueCertificateRequest>[0]["extensions"] = [],
): Promise<string> {
  const subject = name === "" ? [] : [{ type: "CN", value: name }];
  return encodePem("CERTIFICATE REQUEST", await issueCertificateRequest({ subject, extensions }, signer));
}

/** Issues, and answers the certificate and its chain. */
async function issue(plane: ControlPlane, authority: string, input: object): Promise<readonly Certificate[]> {
  const { CertificateArn } = await done(plane, "IssueCertificate", {
    CertificateAuthorityArn: authority,
    SigningAlgorithm: "SHA256WITHECDSA",
    Validity: { Value: 7, Type: "DAYS" },
    ...input,
  });
  const { Certificate, CertificateChain } = await done(plane, "GetCertificate", {
    CertificateAuthorityArn: authority,
    CertificateArn,
  });
  return readCertificates(`${Certificate}${CertificateChain}`);
}

test("ACM_PCA makes a root, which issues what CreateSession wants", async () => {
  const plane = controlPlane();
  const authority = await activeRoot(plane);
  const { CertificateAuthority } = await done(plane, "DescribeCertificateAuthority", {
    CertificateAuthorityArn: authority,
  });
  assert.is(CertificateAuthority.Status, "ACTIVE");
  assert.is(CertificateAuthority.OwnerAccount, "123456789012");
  assert.is(CertificateAuthority.NotAfter, (NOW + 3650 * DAY) / 1000);

  const signer = await testKey("pca leaf");
  const names = subjectAlternativeNameExtension([{ form: "dNSName", value: "edge-7.example.com" }]);
  const [leaf, root] = await issue(plane, authority, { Csr: blob(await requestPem(signer, "edge-7", [names])) });
  assert.is(nameText(leaf!.subject), "CN=edge-7");
  assert.is(nameText(root!.subject), "CN=Example Root,O=Example,C=DE");
  assert.equal(leaf!.keyUsage, ["digitalSignature", "keyEncipherment"]);
  assert.equal(leaf!.extendedKeyUsage, ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
  assert.equal(leaf!.subjectAlternativeName, [{ form: "dNSName", value: "edge-7.example.com" }]);
  assert.is(leaf!.notBefore, NOW - 3_600_000);
  assert.is(leaf!.notAfter, NOW + 7 * DAY);
  assert.equal(leaf!.authorityKeyIdentifier?.keyIdentifier, root!.subjectKeyIdentifier);
  const path = await validatePath(leaf!, {
    anchors: [root!],
    intermediates: [],
    time: NOW,
    crypto: verifying,
    revocation: "skip",
  });
  assert.is(path.anchor, root);
});

test("ACM_PCA revokes: the published list, imported, refuses the session", async () => {
  const plane = controlPlane({ roles: [{ arn: "arn:aws:iam::123456789012:role/Edge" }] });
  await bucket(plane);
  const authority = await activeRoot(plane, { RevocationConfiguration: CRLS });
  const anchor = await plane.done("POST", "/trustanchors", {
    name: "private",
    enabled: true,
    source: { sourceType: "AWS_ACM_PCA", sourceData: { acmPcaArn: authority } },
  });
  const profile = await plane.done("POST", "/profiles", {
    name: "edge",
    enabled: true,
    roleArns: ["arn:aws:iam::123456789012:role/Edge"],
  });
  const signer = await testKey("pca leaf");
  const [leaf] = await issue(plane, authority, { Csr: blob(await requestPem(signer, "edge-7")) });
  const point = leaf!.decode(CRL_DISTRIBUTION_POINTS)![0]!.distributionPoint;
  const id = authority.slice(authority.lastIndexOf("/") + 1);
  assert.equal(point, {
    fullName: [{
      form: "uniformResourceIdentifier",
      value: `http://${BUCKET}.s3.us-east-1.amazonaws.com/crl/${id}.crl`,
    }],
  });

  const session = async (): Promise<readonly [number, string | undefined]> => {
    const body = JSON.stringify({
      trustAnchorArn: anchor.trustAnchorArn,
      profileArn: profile.profileArn,
      roleArn: "arn:aws:iam::123456789012:role/Edge",
    });
    const headers = { host: "127.0.0.1", "content-type": "application/json" };
    const signed = await signX509Request({ method: "POST", path: "/sessions", headers, body }, {
      identity: { certificate: leaf!, chain: [], signer },
      region: REGION,
      service: "rolesanywhere",
      timeMs: NOW,
    });
    const answer = await plane.emulator.fetch(
      new Request("http://127.0.0.1/sessions", { method: "POST", headers: { ...headers, ...signed.headers }, body }),
    );
    return [answer.status, (await answer.json()).message];
  };
  assert.equal(await session(), [201, undefined]);

  const revocation = {
    CertificateAuthorityArn: authority,
    CertificateSerial: leaf!.serialNumberHex.toUpperCase().replace(/..(?!$)/g, "$&:"),
    RevocationReason: "KEY_COMPROMISE",
  };
  await done(plane, "RevokeCertificate", revocation);
  assert.is(await refused(plane, "RevokeCertificate", revocation), "RequestAlreadyProcessedException");

  const object = await send(plane, { service: "s3", method: "GET", path: `/${BUCKET}/crl/${id}.crl` });
  assert.is(object.status, 200);
  const list = new Uint8Array(await object.arrayBuffer());
  const parsed = parseCertificateRevocationList(list);
  assert.is(parsed.thisUpdate, NOW);
  assert.is(parsed.nextUpdate, NOW + 30 * DAY);
  const entry = parsed.find(leaf!.serialNumber);
  assert.equal(entry?.extensions.map((one) => one.decode(REASON_CODE)), ["keyCompromise"]);
  await plane.done("POST", "/crls", {
    name: "list",
    enabled: true,
    crlData: encodeBase64(list),
    trustAnchorArn: anchor.trustAnchorArn,
  });
  assert.equal(await session(), [403, "Certificate revoked"]);
});

test("ACM_PCA issues below a subordinate, by every kind of template", async () => {
  const plane = controlPlane();
  const root = await activeRoot(plane);
  const { CertificateAuthorityArn: subordinate } = await done(plane, "CreateCertificateAuthority", {
    CertificateAuthorityConfiguration: { ...CONFIGURATION, Subject: { CommonName: "Example Issuing" } },
    CertificateAuthorityType: "SUBORDINATE",
  });
  const { Csr } = await done(plane, "GetCertificateAuthorityCsr", { CertificateAuthorityArn: subordinate });
  assert.is(
    await refused(plane, "IssueCertificate", {
      CertificateAuthorityArn: subordinate,
      Csr: blob(Csr),
      SigningAlgorithm: "SHA256WITHECDSA",
      Validity: { Value: 1, Type: "DAYS" },
    }),
    "InvalidStateException",
  );
  const [own, above] = await issue(plane, root, {
    Csr: blob(Csr),
    TemplateArn: `${TEMPLATES}/SubordinateCACertificate_PathLen0/V1`,
    Validity: { Value: 2, Type: "YEARS" },
  });
  assert.equal(own!.basicConstraints, { ca: true, pathLength: 0 });
  const pem = (certificate: Certificate) => encodePem("CERTIFICATE", certificate.der);
  const importing = { CertificateAuthorityArn: subordinate, Certificate: blob(pem(own!)) };
  const operation = "ImportCertificateAuthorityCertificate";
  assert.is(await refused(plane, operation, importing), "CertificateMismatchException");
  await done(plane, operation, { ...importing, CertificateChain: blob(pem(above!)) });

  const signer = await testKey("pca leaf");
  const withUsage = [keyUsageExtension(["digitalSignature"]), extendedKeyUsageExtension(["1.3.6.1.5.5.7.3.2"])];
  const asked = blob(await requestPem(signer, "edge-7", withUsage));
  const blank = `${TEMPLATES}/BlankEndEntityCertificate_CSRPassthrough/V1`;
  const [byRequest] = await issue(plane, subordinate, { Csr: asked, TemplateArn: blank });
  assert.equal(byRequest!.keyUsage, ["digitalSignature"]);
  assert.equal(byRequest!.extendedKeyUsage, ["1.3.6.1.5.5.7.3.2"]);
  const critical = `${TEMPLATES}/BlankEndEntityCertificate_CriticalBasicConstraints_APIPassthrough/V1`;
  const [byCall, issuing, top] = await issue(plane, subordinate, {
    Csr: asked,
    TemplateArn: critical,
    ApiPassthrough: {
      Subject: { CommonName: "by the call", CustomAttributes: [{ ObjectIdentifier: "2.5.4.5", Value: "77" }] },
      Extensions: {
        KeyUsage: { DigitalSignature: true, KeyAgreement: true },
        ExtendedKeyUsage: [{ ExtendedKeyUsageType: "CLIENT_AUTH" }, { ExtendedKeyUsageObjectIdentifier: "1.2.3.4" }],
        SubjectAlternativeNames: [{ IpAddress: "2001:db8::7" }, { UniformResourceIdentifier: "spiffe://x/y" }],
        CertificatePolicies: [{
          CertPolicyId: "1.2.3.5",
          PolicyQualifiers: [{ PolicyQualifierId: "CPS", Qualifier: { CpsUri: "https://example.com/cps" } }],
        }],
        CustomExtensions: [{ ObjectIdentifier: "1.2.3.6", Value: "BQA=", Critical: true }],
      },
    },
  });
  assert.is(nameText(byCall!.subject), "2.5.4.5=#13023737,CN=by the call");
  assert.equal(byCall!.keyUsage, ["digitalSignature", "keyAgreement"]);
  assert.equal(byCall!.extendedKeyUsage, ["1.3.6.1.5.5.7.3.2", "1.2.3.4"]);
  assert.is(byCall!.extension("2.5.29.19")?.critical, true);
  assert.equal(byCall!.extension("1.2.3.6")?.value, Uint8Array.of(5, 0));
  assert.is(byCall!.extension("1.2.3.6")?.critical, true);
  assert.equal([issuing, top].map((one) => nameText(one!.subject)), [
    "CN=Example Issuing",
    "CN=Example Root,O=Example,C=DE",
  ]);

  // What a template sets wins over the call, and a template without a passthrough ignores it.
  const [plain] = await issue(plane, subordinate, {
    Csr: asked,
    TemplateArn: `${TEMPLATES}/EndEntityClientAuthCertificate/V1`,
    ApiPassthrough: { Subject: { CommonName: "ignored" }, Extensions: { KeyUsage: { KeyCertSign: true } } },
  });
  assert.is(nameText(plain!.subject), "CN=edge-7");
  assert.equal(plain!.keyUsage, ["digitalSignature", "keyEncipherment"]);
  assert.equal(plain!.extendedKeyUsage, ["1.3.6.1.5.5.7.3.2"]);
});

test("ACM_PCA answers a token's request once, for five minutes", async () => {
  let nowMs = NOW;
  const plane = controlPlane({ now: () => nowMs });
  const authority = await activeRoot(plane);
  const signer = await testKey("pca leaf");
  const Csr = blob(await requestPem(signer, "edge-7"));
  const input = {
    CertificateAuthorityArn: authority,
    Csr,
    SigningAlgorithm: "SHA256WITHECDSA",
    Validity: { Value: 1, Type: "DAYS" },
    IdempotencyToken: "once",
  };
  const arn = async () => (await done(plane, "IssueCertificate", input, { timeMs: nowMs })).CertificateArn;
  const first = await arn();
  assert.is(await arn(), first);
  const other = { ...input, Validity: { Value: 2, Type: "DAYS" } };
  assert.is(await refused(plane, "IssueCertificate", other, { timeMs: nowMs }), "InvalidArgsException");
  nowMs += 300_001;
  assert.is.not(await arn(), first);
  const create = {
    CertificateAuthorityConfiguration: CONFIGURATION,
    CertificateAuthorityType: "ROOT",
    IdempotencyToken: "once",
  };
  const created = await Promise.all(
    [1, 2, 3].map(() => done(plane, "CreateCertificateAuthority", create, { timeMs: nowMs })),
  );
  assert.is(new Set(created.map(({ CertificateAuthorityArn }) => CertificateAuthorityArn)).size, 1);
});

test("ACM_PCA refuses what the authority cannot vouch for", async () => {
  const plane = controlPlane();
  const authority = await activeRoot(plane, { UsageMode: "SHORT_LIVED_CERTIFICATE" }, 30);
  const signer = await testKey("pca leaf");
  const Csr = blob(await requestPem(signer, "edge-7"));
  const tampered = decodeBase64(Csr)!;
  const der = decodePem(tampered)[0]!.octets.slice();
  der[der.length - 1] = der[der.length - 1]! ^ 1;
  const input = {
    CertificateAuthorityArn: authority,
    Csr,
    SigningAlgorithm: "SHA256WITHECDSA",
    Validity: { Value: 7, Type: "DAYS" },
  };
  for (
    const [change, code] of [
      [{ Csr: blob(encodePem("CERTIFICATE REQUEST", der)) }, "MalformedCSRException"],
      [{ Csr: blob("no request") }, "MalformedCSRException"],
      [{ Csr: blob(encodePem("CERTIFICATE REQUEST", Uint8Array.of(0x30, 0))) }, "MalformedCSRException"],
      [{ Csr: blob(await requestPem(signer, "")) }, "MalformedCSRException"],
      [{ SigningAlgorithm: "SHA256WITHRSA" }, "InvalidArgsException"],
      [{ SigningAlgorithm: "SHA256WITHRSA_PSS" }, "InvalidArgsException"],
      [{ SigningAlgorithm: "MD5WITHRSA" }, "ValidationException"],
      [{ TemplateArn: `${TEMPLATES}/BlankEndEntityCertificate/V1` }, "InvalidArgsException"],
      [{ TemplateArn: `${TEMPLATES}/constructor/V1` }, "InvalidArgsException"],
      [{ Validity: { Value: 8, Type: "DAYS" } }, "ValidationException"],
      [{ Validity: { Value: 2, Type: "MONTHS" } }, "ValidationException"],
      [{ Validity: { Value: 0, Type: "DAYS" } }, "ValidationException"],
      [{ Validity: { Value: 270231000000, Type: "END_DATE" } }, "InvalidArgsException"],
      [{ Validity: { Value: 9e15, Type: "YEARS" } }, "InvalidArgsException"],
      [{ CertificateAuthorityArn: "arn:aws:acm-pca:us-east-1:123456789012:x" }, "InvalidArnException"],
      [{ CertificateAuthorityArn: authority.slice(0, -12) + "000000000000" }, "ResourceNotFoundException"],
      [{ CertificateAuthorityArn: 7 }, "ValidationException"],
    ] as const
  ) {
    assert.is(await refused(plane, "IssueCertificate", { ...input, ...change }), code, JSON.stringify(change));
  }
  assert.is(await refused(plane, "IssueCertificate", input, { as: STRANGER }), "ResourceNotFoundException");
  const [leaf] = await issue(plane, authority, {
    Csr,
    Validity: { Value: 260605120000, Type: "END_DATE" },
    ValidityNotBefore: { Value: NOW / 1000, Type: "ABSOLUTE" },
  });
  assert.equal([leaf!.notBefore, leaf!.notAfter], [NOW, Date.UTC(2026, 5, 5, 12)]);
});

test("ACM_PCA disables, deletes, restores and forgets authorities", async () => {
  let nowMs = NOW;
  const plane = controlPlane({ now: () => nowMs });
  const CertificateAuthorityArn = await activeRoot(plane, {}, 20);
  const at = () => ({ timeMs: nowMs });
  const status = async () =>
    (await done(plane, "DescribeCertificateAuthority", { CertificateAuthorityArn }, at())).CertificateAuthority.Status;
  const only = { CertificateAuthorityArn };
  assert.is(await refused(plane, "DeleteCertificateAuthority", only), "InvalidStateException");
  await done(plane, "UpdateCertificateAuthority", { ...only, Status: "DISABLED" });
  assert.is(await status(), "DISABLED");
  assert.is(
    await refused(plane, "UpdateCertificateAuthority", { ...only, Status: "DELETED" }),
    "InvalidArgsException",
  );
  await done(plane, "DeleteCertificateAuthority", { ...only, PermanentDeletionTimeInDays: 7 });
  assert.is(await status(), "DELETED");
  await done(plane, "RestoreCertificateAuthority", only);
  assert.is(await refused(plane, "RestoreCertificateAuthority", only), "InvalidStateException");
  await done(plane, "UpdateCertificateAuthority", { ...only, Status: "ACTIVE" });
  nowMs += 21 * DAY;
  assert.is(await status(), "EXPIRED");
  await done(plane, "DeleteCertificateAuthority", { ...only, PermanentDeletionTimeInDays: 7 }, at());
  nowMs += 8 * DAY;
  assert.is(await refused(plane, "DescribeCertificateAuthority", only, at()), "ResourceNotFoundException");
});

test("ACM_PCA lists authorities and tags page by page, permissions too", async () => {
  const plane = controlPlane();
  const arns: string[] = [];
  for (let i = 0; i < 3; i++) {
    const { CertificateAuthorityArn } = await done(plane, "CreateCertificateAuthority", {
      CertificateAuthorityConfiguration: CONFIGURATION,
      CertificateAuthorityType: "ROOT",
      Tags: [{ Key: "n", Value: `${i}` }],
    });
    arns.push(CertificateAuthorityArn);
  }
  const seen: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await done(plane, "ListCertificateAuthorities", {
      MaxResults: 2,
      ...(NextToken === undefined ? {} : { NextToken }),
    });
    for (const { Arn } of page.CertificateAuthorities) seen.push(Arn);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  assert.equal(seen, arns);
  assert.is(await refused(plane, "ListCertificateAuthorities", { NextToken: "zz" }), "InvalidNextTokenException");
  assert.equal((await done(plane, "ListCertificateAuthorities", {}, { as: STRANGER })).CertificateAuthorities, []);

  const only = { CertificateAuthorityArn: arns[0]! };
  await done(plane, "TagCertificateAuthority", { ...only, Tags: [{ Key: "n", Value: "9" }, { Key: "m" }] });
  await done(plane, "UntagCertificateAuthority", { ...only, Tags: [{ Key: "m", Value: "other" }] });
  assert.equal((await done(plane, "ListTags", only)).Tags, [{ Key: "n", Value: "9" }, { Key: "m", Value: "" }]);
  await done(plane, "UntagCertificateAuthority", { ...only, Tags: [{ Key: "m" }] });
  assert.equal((await done(plane, "ListTags", only)).Tags, [{ Key: "n", Value: "9" }]);
  const many = Array.from({ length: 50 }, (_, i) => ({ Key: `k${i}` }));
  assert.is(await refused(plane, "TagCertificateAuthority", { ...only, Tags: many }), "TooManyTagsException");

  const permission = { ...only, Principal: "acm.amazonaws.com", Actions: ["IssueCertificate"] };
  await done(plane, "CreatePermission", permission);
  assert.is(await refused(plane, "CreatePermission", permission), "PermissionAlreadyExistsException");
  assert.is((await done(plane, "ListPermissions", only)).Permissions[0].SourceAccount, "123456789012");
  await done(plane, "DeletePermission", { ...only, Principal: "acm.amazonaws.com" });
  assert.equal((await done(plane, "ListPermissions", only)).Permissions, []);
});

test("ACM_PCA reports what it issued and revoked", async () => {
  let nowMs = NOW;
  const plane = controlPlane({ now: () => nowMs });
  await bucket(plane);
  const authority = await activeRoot(plane);
  const signer = await testKey("pca leaf");
  const [leaf] = await issue(plane, authority, { Csr: blob(await requestPem(signer, 'edge "7"')) });
  await done(plane, "RevokeCertificate", {
    CertificateAuthorityArn: authority,
    CertificateSerial: leaf!.serialNumberHex,
    RevocationReason: "SUPERSEDED",
  });
  const input = { CertificateAuthorityArn: authority, S3BucketName: BUCKET, AuditReportResponseFormat: "JSON" };
  const { AuditReportId, S3Key } = await done(plane, "CreateCertificateAuthorityAuditReport", input);
  const described = await done(plane, "DescribeCertificateAuthorityAuditReport", {
    CertificateAuthorityArn: authority,
    AuditReportId,
  });
  assert.equal([described.AuditReportStatus, described.S3Key], ["SUCCESS", S3Key]);
  const report = await (await send(plane, { service: "s3", method: "GET", path: `/${BUCKET}/${S3Key}` })).json();
  assert.is(report.length, 2);
  assert.is(report[1].revocationReason, "SUPERSEDED");
  assert.is(report[1].notAfter, "2026-06-08T12:00:00+0000");
  const again = { ...input, AuditReportResponseFormat: "CSV" };
  assert.is(await refused(plane, "CreateCertificateAuthorityAuditReport", again), "RequestInProgressException");
  nowMs += 1_800_000;
  const csv = await done(plane, "CreateCertificateAuthorityAuditReport", again, { timeMs: nowMs });
  const answer = await send(plane, { service: "s3", method: "GET", path: `/${BUCKET}/${csv.S3Key}` }, {
    timeMs: nowMs,
  });
  const text = decodeUtf8(new Uint8Array(await answer.arrayBuffer()))!;
  assert.match(text, '"CN=edge \\""7\\"""');
});

test("ACM_PCA makes authorities with every key that the emulator has, and says which it lacks", async () => {
  const plane = controlPlane();
  for (
    const [KeyAlgorithm, SigningAlgorithm] of [
      ["EC_secp384r1", "SHA384WITHECDSA"],
      ["EC_secp521r1", "SHA512WITHECDSA"],
      ["ML_DSA_44", "ML_DSA_44"],
    ]
  ) {
    await done(plane, "CreateCertificateAuthority", {
      CertificateAuthorityConfiguration: { ...CONFIGURATION, KeyAlgorithm, SigningAlgorithm },
      CertificateAuthorityType: "ROOT",
    });
  }
  for (
    const [KeyAlgorithm, SigningAlgorithm] of [
      ["SM2", "SM3WITHSM2"],
      ["RSA_2048", "SHA256WITHECDSA"],
      ["ML_DSA_44", "ML_DSA_65"],
    ]
  ) {
    const code = await refused(plane, "CreateCertificateAuthority", {
      CertificateAuthorityConfiguration: { ...CONFIGURATION, KeyAlgorithm, SigningAlgorithm },
      CertificateAuthorityType: "ROOT",
    });
    assert.is(code, "InvalidArgsException");
  }
});

test("ACM_PCA answers bad input in the shape of its protocol", async () => {
  const plane = controlPlane();
  const wrong: unknown[] = ["{", "[]", "7", '"x"', "null", "\u0000"];
  for (const body of wrong) {
    assert.is(await refused(plane, "CreateCertificateAuthority", body), "SerializationException", String(body));
  }
  assert.is(await refused(plane, "CreateCertificateAuthority", {}), "ValidationException");
  assert.is(await refused(plane, "NoSuchOperation", {}), "UnknownOperationException");
  assert.is(await refused(plane, "constructor", {}), "UnknownOperationException");
  const { status, body } = await pca(plane, "CreateCertificateAuthority", {
    CertificateAuthorityConfiguration: { ...CONFIGURATION, Subject: { Country: "Germany" } },
    CertificateAuthorityType: "BRANCH",
  });
  assert.is(status, 400);
  assert.match(
    body.message,
    "2 validation errors detected: Value 'Germany' at 'CertificateAuthorityConfiguration.Subject.Country' failed to " +
      "satisfy constraint: Member must have length less than or equal to 2",
  );
  assert.equal(plane.errors, []);
});

test.run();
