// runtimes: node20 node deno bun workerd
import { encodeBase64 } from "../../../../core/bytes/base64.ts";
import { decodeUtf8 } from "../../../../core/bytes/text.ts";
import { portableSha256 } from "../../../../core/crypto/sha256.ts";
import type { SessionRequest } from "../../../../core/decision/mod.ts";
import { issueRevocationList } from "../../../../core/issue/mod.ts";
import { encodePem } from "../../../../core/pem/pem.ts";
import type { Change } from "../../../../runtimes/emulator/store/emulator-store.ts";
import { encodeJournal } from "../../../../runtimes/emulator/store/journal.ts";
import { run } from "../../../../runtimes/cli/mod.ts";
import { type MemoryHost, memoryHost } from "../../../support/memory-host.ts";
import { assert, suite } from "../../../support/suite.ts";
import {
  CA_EXTENSIONS,
  CLIENT_EXTENSIONS,
  commonName,
  DAY,
  derName,
  NOW,
  PROFILE_ARN,
  ROLE_ARN,
  signedSessionRequest,
  testCertificate,
  testKey,
  TRUST_ANCHOR_ARN,
} from "../../../support/test-authority.ts";

const test = suite("runtimes/cli/commands/explain");

const rootSigner = await testKey("explain root");
const leafSigner = await testKey("explain leaf");
const root = await testCertificate({
  subject: commonName("Root"),
  issuer: commonName("Root"),
  publicKey: rootSigner.publicKey,
  signer: rootSigner,
  extensions: CA_EXTENSIONS,
});
const leaf = await testCertificate({
  subject: commonName("server-a"),
  issuer: commonName("Root"),
  publicKey: leafSigner.publicKey,
  signer: rootSigner,
  extensions: CLIENT_EXTENSIONS,
  serial: 0x77,
});
const stranger = await testKey("explain stranger");
const foreign = await testCertificate({
  subject: commonName("Root"),
  issuer: commonName("Root"),
  publicKey: stranger.publicKey,
  signer: stranger,
  extensions: CA_EXTENSIONS,
});
const revoking = await issueRevocationList({
  issuer: derName(commonName("Root")),
  thisUpdate: NOW - DAY,
  nextUpdate: NOW + DAY,
  revokedCertificates: [{ serialNumber: 0x77, revocationDate: NOW - DAY }],
}, rootSigner);

const pem = (certificate: { readonly der: Uint8Array<ArrayBuffer> }) => encodePem("CERTIFICATE", certificate.der);
const TRUST_POLICY = {
  Version: "2012-10-17",
  Statement: [{
    Effect: "Allow",
    Principal: { Service: "rolesanywhere.amazonaws.com" },
    Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
    Condition: { StringEquals: { "aws:PrincipalTag/x509Subject/CN": "server-a" } },
  }],
};
const SERIAL_POLICY = {
  Version: "2012-10-17",
  Statement: [{
    Effect: "Allow",
    Principal: { Service: "rolesanywhere.amazonaws.com" },
    Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
    Condition: { StringEquals: { "aws:PrincipalTag/x509Serial": "77" } },
  }],
};
const OWN_FOLDER = {
  Version: "2012-10-17",
  Statement: [{
    Sid: "OwnFolder",
    Effect: "Allow",
    Action: "s3:*",
    Resource: "arn:aws:s3:::data/${aws:PrincipalTag/x509Subject/CN}/*",
  }],
};
const READ_ONLY = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }],
};
const PROFILE = {
  profileArn: PROFILE_ARN,
  enabled: true,
  roleArns: [ROLE_ARN],
  durationSeconds: 3600,
  acceptRoleSessionName: false,
  attributeMappings: [{ certificateField: "x509Subject", mappingRules: [{ specifier: "CN" }] }],
};

const FILES = {
  "leaf.pem": pem(leaf),
  "root.pem": pem(root),
  "foreign.pem": pem(foreign),
  "anchor.json": JSON.stringify({
    trustAnchor: {
      trustAnchorArn: TRUST_ANCHOR_ARN,
      enabled: true,
      source: { sourceType: "CERTIFICATE_BUNDLE", sourceData: { x509CertificateData: pem(root) } },
    },
  }),
  "disabled.json": JSON.stringify({
    trustAnchorArn: TRUST_ANCHOR_ARN,
    enabled: false,
    source: { sourceData: { x509CertificateData: pem(root) } },
  }),
  "list.crl": revoking,
  "list.json": JSON.stringify({
    crl: { crlArn: "arn:x", enabled: true, crlData: encodeBase64(revoking), trustAnchorArn: TRUST_ANCHOR_ARN },
  }),
  "profile.json": JSON.stringify({ profile: PROFILE }),
  "read-only.json": JSON.stringify({ profile: { ...PROFILE, sessionPolicy: JSON.stringify(READ_ONLY) } }),
  "role.json": JSON.stringify({
    Role: {
      Arn: ROLE_ARN,
      RoleId: "AROAEXAMPLEEXAMPLE123",
      MaxSessionDuration: 7200,
      AssumeRolePolicyDocument: TRUST_POLICY,
    },
  }),
  "encoded.json": JSON.stringify({
    Role: { Arn: ROLE_ARN, AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(TRUST_POLICY)) },
  }),
  "trust.json": JSON.stringify(TRUST_POLICY),
  "serial.json": JSON.stringify(SERIAL_POLICY),
  "own-folder.json": JSON.stringify({ PolicyName: "own", PolicyDocument: OWN_FOLDER }),
  "broken.json": "{",
  "list-of.json": "[]",
  "text.txt": "nothing of use",
};

/** What is enough for a yes. */
const ENOUGH = ["--certificate", "leaf.pem", "--trust-anchor", "root.pem", "--role", "trust.json"];
/** The same as the AWS CLI prints it. */
const PRINTED = [
  "--certificate",
  "leaf.pem",
  "--trust-anchor",
  "anchor.json",
  "--profile",
  "profile.json",
  "--role",
  "role.json",
];

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

async function explain(words: readonly string[], host: MemoryHost = memoryHost({ files: FILES })): Promise<Ended> {
  const code = await run(host, ["explain", ...words]);
  return { code, output: host.output(), errors: host.errors.join("") };
}

test("explain says yes, and every check that was made", async () => {
  for (const words of [ENOUGH, PRINTED, [...PRINTED.slice(0, -1), "encoded.json"]]) {
    const { code, output, errors } = await explain(words);
    assert.is(code, 0, output + errors);
    assert.match(output, /^allowed: arn:aws:iam::123456789012:role\//);
    assert.match(output, "source identity CN=server-a, 3600 seconds\n  tag ");
    assert.match(output, "  pass  path: the path is ");
    assert.match(output, "  skip  signature: ");
    assert.match(output, "  pass  sts:AssumeRole: ");
    assert.is(errors, "");
  }
});

test("explain says no with the service's sentence, the reason, and what to change", async () => {
  for (
    const [words, sentence, check] of [
      [["--trust-anchor", "foreign.pem"], "403 AccessDeniedException: Untrusted signing certificate", "path"],
      [["--trust-anchor", "disabled.json"], "403 AccessDeniedException: Trust anchor is disabled", "trust-anchor"],
      [["--crl", "list.crl"], "403 AccessDeniedException: Certificate revoked", "revocation"],
      [["--crl", "list.json"], "403 AccessDeniedException: Certificate revoked", "revocation"],
      [["--role-session-name", "me"], "Not authorized to set roleSessionName.", "role-session-name"],
      [["--role-arn", "arn:aws:iam::123456789012:role/other"], "Requested Role isn't one of those", "profile-role"],
      [["--session-duration", "1"], "400 ValidationException: 1 validation error detected", "parameters"],
      [["--time", "2031-01-01T00:00:00Z"], "403 AccessDeniedException: Untrusted signing certificate", "path"],
      [["--role", "serial.json"], "Unable to assume role for arn:aws:iam::", "sts:AssumeRole"],
    ] as const
  ) {
    const { code, output } = await explain([...PRINTED, ...words]);
    assert.is(code, 1, words.join(" ") + output);
    assert.ok(output.startsWith("refused: ") && output.split("\n")[0]!.includes(sentence), output);
    assert.match(output, /\n {2}to change: .{20,}\n/);
    assert.match(output, `\n  FAIL  ${check}: `);
    assert.match(output, /\n {8}rule: /);
  }
});

test("explain warns of a condition that can never hold", async () => {
  const { output } = await explain([...ENOUGH.slice(0, -1), "serial.json"]);
  assert.match(output, "trust-policy-advice: ");
  assert.match(output, "x509Serial");
});

test("explain says whether the session may do a thing, and which policy decides", async () => {
  const asked = (resource: string, ...words: string[]) =>
    explain([
      ...PRINTED,
      "--role-policy",
      "own-folder.json",
      ...words,
      "--action",
      "s3:PutObject",
      "--resource",
      resource,
    ]);
  const own = await asked("arn:aws:s3:::data/server-a/x");
  assert.is(own.code, 0, own.output);
  assert.match(own.output, 's3:PutObject on arn:aws:s3:::data/server-a/x: allowed\n  Role policy "own": ');
  const others = await asked("arn:aws:s3:::data/server-b/x");
  assert.is(others.code, 1);
  assert.match(others.output, "s3:PutObject on arn:aws:s3:::data/server-b/x: refused\n");
  const limited = await asked("arn:aws:s3:::data/server-a/x", "--profile", "read-only.json");
  assert.is(limited.code, 1);
  assert.match(limited.output, 'refused\n  Role policy "own": ');
  assert.match(limited.output, "\n  Session policies: ");
  const { code, output } = await asked("arn:aws:s3:::data/server-a/x", "--json");
  assert.is(code, 0);
  const { permission } = JSON.parse(output);
  assert.equal(permission.decidedBy, { source: "role", policy: "own", statement: 0, sid: "OwnFolder" });
});

test("explain wants every managed policy that the profile names", async () => {
  const arn = "arn:aws:iam::aws:policy/ReadOnly";
  const profile = JSON.stringify({ ...PROFILE, managedPolicyArns: [arn] });
  const files = {
    ...FILES,
    "managed.json": profile,
    "read.json": JSON.stringify({ PolicyVersion: { Document: READ_ONLY } }),
  };
  const words = [
    ...PRINTED,
    "--profile",
    "managed.json",
    "--role-policy",
    "own-folder.json",
    "--action",
    "s3:PutObject",
  ];
  const asked = [...words, "--resource", "arn:aws:s3:::data/server-a/x"];
  const without = await explain(asked, memoryHost({ files }));
  assert.is(without.code, 2);
  assert.match(without.errors, `it names the managed policy ${arn}: give it as --session-policy ${arn}=FILE`);
  const withIt = await explain([...asked, "--session-policy", `${arn}=read.json`], memoryHost({ files }));
  assert.is(withIt.code, 1, withIt.errors);
  assert.match(withIt.output, "\n  Session policies: ");
});

test("explain --json prints one object", async () => {
  const yes = JSON.parse((await explain([...PRINTED, "--json"])).output);
  assert.is(yes.outcome, "allow");
  assert.equal(yes.session.tags, { "x509Subject/CN": "server-a" });
  assert.is(yes.session.sessionName, "77");
  const no = JSON.parse((await explain([...PRINTED, "--json", "--crl", "list.crl"])).output);
  assert.equal([no.outcome, no.httpStatus, no.code, no.message], [
    "deny",
    403,
    "AccessDeniedException",
    "Certificate revoked",
  ]);
  assert.ok(no.trace.every((entry: { source: string }) => entry.source !== ""));
});

/** A request as HTTP carries it. */
function httpText({ method, path, query, headers, body }: SessionRequest, lineEnd: string = "\r\n"): string {
  const fields = headers.map(([name, value]) => `${name}: ${value}${lineEnd}`).join("");
  return `${method} ${path}${query === "" ? "" : `?${query}`} HTTP/1.1${lineEnd}${fields}${lineEnd}${decodeUtf8(body)}`;
}

test("explain --request decides a whole request, signature and clock included", async () => {
  const request = await signedSessionRequest({ certificate: leaf, signer: leafSigner });
  const words = [...PRINTED.slice(2), "--request", "request.http"];
  for (const lineEnd of ["\r\n", "\n"]) {
    const host = memoryHost({ files: { ...FILES, "request.http": httpText(request, lineEnd) } });
    const { code, output } = await explain(words, host);
    assert.is(code, 0, output);
    assert.match(output, "  pass  signature: ");
  }
  const late = memoryHost({ files: { ...FILES, "request.http": httpText(request) }, nowMs: NOW + 400_000 });
  const { code, output } = await explain(words, late);
  assert.is(code, 1);
  assert.match(output, "refused: 403 AccessDeniedException: Invalid signature\n");
  assert.match(output, "  FAIL  clock: ");
});

test("explain --state decides from what the emulator keeps", async () => {
  const at = "2026-06-01T12:00:00.000000Z";
  const changes: Change[] = [
    {
      table: "trustAnchors",
      key: TRUST_ANCHOR_ARN,
      record: {
        arn: TRUST_ANCHOR_ARN,
        id: "x",
        name: "x",
        enabled: true,
        sourceType: "CERTIFICATE_BUNDLE",
        certificatesPem: pem(root),
        createdAt: at,
        updatedAt: at,
        notificationSettings: [],
      },
    },
    {
      table: "profiles",
      key: PROFILE_ARN,
      record: {
        arn: PROFILE_ARN,
        id: "x",
        name: "x",
        enabled: true,
        roleArns: [ROLE_ARN],
        managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
        durationSeconds: 900,
        acceptRoleSessionName: false,
        requireInstanceProperties: false,
        attributeMappings: [{ certificateField: "x509Subject", mappingRules: [{ specifier: "CN" }] }],
        createdBy: "123456789012",
        createdAt: at,
        updatedAt: at,
      },
    },
    {
      table: "roles",
      key: ROLE_ARN,
      record: {
        arn: ROLE_ARN,
        id: "AROAEXAMPLEEXAMPLE123",
        name: "x",
        path: "/",
        maxSessionDurationSeconds: 3600,
        assumeRolePolicyDocument: JSON.stringify(TRUST_POLICY),
        policies: { own: JSON.stringify(OWN_FOLDER) },
        attachedPolicyArns: [],
        createdAt: at,
      },
    },
  ];
  const files = { ...FILES, state: encodeJournal(changes, portableSha256) };
  const words = ["--certificate", "leaf.pem", "--state", "state", "--action", "s3:GetObject", "--resource"];
  const yes = await explain([...words, "arn:aws:s3:::data/server-a/x"], memoryHost({ files }));
  assert.is(yes.code, 0, yes.output + yes.errors);
  assert.match(yes.output, ", 900 seconds\n");
  assert.is((await explain([...words, "arn:aws:s3:::data/b"], memoryHost({ files }))).code, 1);
  const other = changes.map((change) => ({ ...change, key: `${change.key}2` }) as Change);
  const two = { ...files, state: encodeJournal([...changes, ...other], portableSha256) };
  const { code, errors } = await explain([...words, "*"], memoryHost({ files: two }));
  assert.is(code, 2);
  assert.match(errors, "required flag is not set: --trust-anchor-arn");
});

test("explain shows the texts of strangers escaped", async () => {
  const hostile = await testCertificate({
    subject: commonName("x\u001b[31m\u202ey"),
    issuer: commonName("Root"),
    publicKey: leafSigner.publicKey,
    signer: rootSigner,
    extensions: CLIENT_EXTENSIONS,
  });
  const host = memoryHost({ files: { ...FILES, "leaf.pem": pem(hostile) } });
  const { output } = await explain(ENOUGH, host);
  // deno-lint-ignore no-control-regex
  assert.not.match(output, /[\u001b\u202e]/);
});

test("explain ends with 2 and one clear line when a file or a flag cannot be used", async () => {
  const cut = "POST /sessions HTTP/1.1\r\nhost: x";
  const files = {
    ...FILES,
    "cut.http": cut,
    "bad.http": "hello\r\n\r\n",
    "field.http": "POST /x HTTP/1.1\nno field\n\n",
  };
  for (
    const [words, expected] of [
      [["--certificate", "leaf.pem"], "required flag is not set: --trust-anchor"],
      [["--certificate", "leaf.pem", "--trust-anchor", "root.pem"], "required flag is not set: --role"],
      [ENOUGH.slice(2), "required flag is not set: --certificate"],
      [[...ENOUGH, "--request", "bad.http"], "[certificate request] are set none of the others can be"],
      [[...ENOUGH, "--state", "x"], "are set none of the others can be"],
      [[...ENOUGH, "--time", "noon"], "must be a time like 2026-06-01T12:00:00Z"],
      [[...ENOUGH, "--preset", "kind"], "preset"],
      [[...ENOUGH, "--context", "x"], "must be a condition key, = and its value"],
      [[...ENOUGH, "--resource", "x"], "required flag is not set: --action"],
      [[...ENOUGH, "--profile", "absent.json"], "absent.json"],
      [[...ENOUGH, "--profile", "broken.json"], "Cannot use broken.json: it is not JSON [ERR_INPUT_FILE]"],
      [[...ENOUGH, "--profile", "list-of.json"], "Cannot use list-of.json: it is no JSON object"],
      [[...ENOUGH, "--role", "text.txt"], "Cannot use text.txt: it is no JSON object"],
      [[...ENOUGH, "--role", "profile.json"], "Cannot use profile.json: "],
      [[...ENOUGH, "--trust-anchor", "text.txt"], "Cannot use text.txt: "],
      [[...ENOUGH, "--crl", "root.pem"], "Cannot use root.pem: "],
      [[...ENOUGH, "--role-policy", "trust.json"], "Cannot use trust.json: "],
      [[...ENOUGH.slice(2), "--request", "cut.http"], "no empty line ends the header fields"],
      [[...ENOUGH.slice(2), "--request", "bad.http"], "its first line is not that of a request"],
      [[...ENOUGH.slice(2), "--request", "field.http"], "a header field cannot be read: no field"],
      [["--certificate", "leaf.pem", "--state", "text.txt"], "Cannot read state file: its first line is not that of"],
    ] as const
  ) {
    const { code, output, errors } = await explain(words, memoryHost({ files }));
    assert.is(code, 2, words.join(" ") + output);
    assert.is(output, "");
    assert.ok(errors.includes(expected), `${words.join(" ")}: ${errors}`);
  }
});

test("explain names the member of a file that is of another type", async () => {
  for (
    const [change, expected] of [
      [{ roleArns: "x" }, "roleArns is not a list of strings"],
      [{ durationSeconds: "x" }, "durationSeconds is not a number"],
      [{ enabled: 1 }, "enabled is not true or false"],
      [{ attributeMappings: [{ certificateField: "x509Serial", mappingRules: [] }] }, "a list of attribute mappings"],
      [{ sessionPolicy: {} }, "sessionPolicy is not a string"],
    ] as const
  ) {
    const host = memoryHost({ files: { ...FILES, "profile.json": JSON.stringify({ ...PROFILE, ...change }) } });
    const { code, errors } = await explain(PRINTED, host);
    assert.is(code, 2);
    assert.ok(errors.includes(`Cannot use profile.json: ${expected}`) || errors.includes(expected), errors);
  }
});

test.run();
