/**
 * A program that sets IAM Roles Anywhere up with the AWS SDKs for JavaScript, the way an administrator does: a private
 * CA, a trust anchor, a role, a profile and a certificate for the key that is given; then it takes the certificate back.
 * What it must do in between is done by the command that it is given. Prints `ok` in the end.
 *
 *     emulator-sdk-client.mjs ENDPOINT FOLDER CREDENTIAL_PROCESS
 *
 * FOLDER holds `csr.pem`, and gets `issued-cert.pem`; CREDENTIAL_PROCESS is a JSON array, to which the three ARNs are
 * added as flags.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import process from "node:process";

// The SDKs are installed beside the runtimes under test.
const require = createRequire(new URL("../runtimes/package.json", import.meta.url));
const pca = require("@aws-sdk/client-acm-pca");
const iam = require("@aws-sdk/client-iam");
const rolesanywhere = require("@aws-sdk/client-rolesanywhere");
const s3 = require("@aws-sdk/client-s3");
const sts = require("@aws-sdk/client-sts");

const [endpoint, folder, credentialProcess] = process.argv.slice(2);
const options = { endpoint, region: "us-east-1" };
const storage = new s3.S3Client({ ...options, forcePathStyle: true });
const authorities = new pca.ACMPCAClient(options);
const anywhere = new rolesanywhere.RolesAnywhereClient(options);
const identities = new iam.IAMClient(options);
const Bucket = "sdk-for-javascript";

await storage.send(new s3.CreateBucketCommand({ Bucket }));
const { CertificateAuthorityArn } = await authorities.send(
  new pca.CreateCertificateAuthorityCommand({
    CertificateAuthorityType: "ROOT",
    CertificateAuthorityConfiguration: {
      KeyAlgorithm: "EC_prime256v1",
      SigningAlgorithm: "SHA256WITHECDSA",
      Subject: { CommonName: "SDK Root", Organization: "Example" },
    },
    RevocationConfiguration: { CrlConfiguration: { Enabled: true, ExpirationInDays: 7, S3BucketName: Bucket } },
  }),
);
const authority = { CertificateAuthorityArn };
const issuing = { ...authority, SigningAlgorithm: "SHA256WITHECDSA" };
await pca.waitUntilCertificateAuthorityCSRCreated({ client: authorities, maxWaitTime: 10 }, authority);
const { Csr } = await authorities.send(new pca.GetCertificateAuthorityCsrCommand(authority));
const own = await issue(Buffer.from(Csr), 3650, "arn:aws:acm-pca:::template/RootCACertificate/V1");
await authorities.send(
  new pca.ImportCertificateAuthorityCertificateCommand({ ...authority, Certificate: Buffer.from(own.Certificate) }),
);

const { Role } = await identities.send(
  new iam.CreateRoleCommand({
    RoleName: "sdk-for-javascript",
    AssumeRolePolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{
        Effect: "Allow",
        Principal: { Service: "rolesanywhere.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
        Condition: { StringEquals: { "aws:PrincipalTag/x509Subject/CN": "server-a" } },
      }],
    }),
  }),
);
await identities.send(
  new iam.PutRolePolicyCommand({
    RoleName: Role.RoleName,
    PolicyName: "own-folder",
    PolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{
        Effect: "Allow",
        Action: ["s3:PutObject", "s3:GetObject"],
        Resource: `arn:aws:s3:::${Bucket}/\${aws:PrincipalTag/x509Subject/CN}/*`,
      }],
    }),
  }),
);
const { trustAnchor } = await anywhere.send(
  new rolesanywhere.CreateTrustAnchorCommand({
    name: "sdk",
    enabled: true,
    source: { sourceType: "AWS_ACM_PCA", sourceData: { acmPcaArn: CertificateAuthorityArn } },
  }),
);
const { profile } = await anywhere.send(
  new rolesanywhere.CreateProfileCommand({ name: "sdk", enabled: true, roleArns: [Role.Arn] }),
);
const { trustAnchors } = await anywhere.send(new rolesanywhere.ListTrustAnchorsCommand({}));
assert.ok(trustAnchors.some(({ trustAnchorArn }) => trustAnchorArn === trustAnchor.trustAnchorArn));

const leaf = await issue(readFileSync(join(folder, "csr.pem")), 7);
writeFileSync(join(folder, "issued-cert.pem"), leaf.Certificate);

const credentials = sessionCredentials();
const { Arn } = await new sts.STSClient({ ...options, credentials }).send(new sts.GetCallerIdentityCommand({}));
assert.match(Arn, /^arn:aws:sts::123456789012:assumed-role\/sdk-for-javascript\//);
const holder = new s3.S3Client({ ...options, credentials, forcePathStyle: true });
for (const Key of ["server-a/plain", "server-a/sp ace/ü+&?.txt"]) {
  await holder.send(new s3.PutObjectCommand({ Bucket, Key, Body: "hello", ContentType: "text/plain" }));
  const { Body } = await holder.send(new s3.GetObjectCommand({ Bucket, Key }));
  assert.equal(await Body.transformToString(), "hello");
}
await assert.rejects(holder.send(new s3.PutObjectCommand({ Bucket, Key: "server-b/x", Body: "" })), {
  name: "AccessDenied",
});

const { subjects } = await anywhere.send(new rolesanywhere.ListSubjectsCommand({}));
const { subject } = await anywhere.send(new rolesanywhere.GetSubjectCommand({ subjectId: subjects[0].subjectId }));
assert.equal(subject.credentials[0].failed, false);

await authorities.send(
  new pca.RevokeCertificateCommand({
    ...authority,
    CertificateSerial: leaf.arn.slice(leaf.arn.lastIndexOf("/") + 1),
    RevocationReason: "KEY_COMPROMISE",
  }),
);
const { Contents } = await storage.send(new s3.ListObjectsV2Command({ Bucket, Prefix: "crl/" }));
const list = await storage.send(new s3.GetObjectCommand({ Bucket, Key: Contents[0].Key }));
await anywhere.send(
  new rolesanywhere.ImportCrlCommand({
    name: "sdk",
    enabled: true,
    crlData: await list.Body.transformToByteArray(),
    trustAnchorArn: trustAnchor.trustAnchorArn,
  }),
);
assert.match(refusal(), /Certificate revoked/);
console.log("ok");

/** Issues a certificate for a request, PEM. */
async function issue(Csr, days, TemplateArn) {
  const Validity = { Value: days, Type: "DAYS" };
  const { CertificateArn } = await authorities.send(
    new pca.IssueCertificateCommand({
      ...issuing,
      Csr,
      Validity,
      ...(TemplateArn === undefined ? {} : { TemplateArn }),
    }),
  );
  const input = { ...authority, CertificateArn };
  await pca.waitUntilCertificateIssued({ client: authorities, maxWaitTime: 10 }, input);
  return { ...await authorities.send(new pca.GetCertificateCommand(input)), arn: CertificateArn };
}

function runCredentialProcess() {
  const [program, ...words] = JSON.parse(credentialProcess);
  const arns = [
    "--trust-anchor-arn",
    trustAnchor.trustAnchorArn,
    "--profile-arn",
    profile.profileArn,
    "--role-arn",
    Role.Arn,
  ];
  return spawnSync(program, [...words, ...arns], { encoding: "utf8", timeout: 30_000 });
}

function sessionCredentials() {
  const { status, stdout, stderr } = runCredentialProcess();
  assert.equal(status, 0, stderr);
  const { AccessKeyId, SecretAccessKey, SessionToken } = JSON.parse(stdout);
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

function refusal() {
  const { status, stderr } = runCredentialProcess();
  assert.equal(status, 1);
  return stderr;
}
