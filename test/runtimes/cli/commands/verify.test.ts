// runtimes: node20 node deno bun workerd
import { encodePem } from "../../../../core/pem/pem.ts";
import {
  type ExtensionTemplate,
  issueRevocationList,
  nameConstraintsExtension,
  type RevokedCertificateTemplate,
} from "../../../../core/issue/mod.ts";
import type { Certificate } from "../../../../core/x509/certificate.ts";
import { run } from "../../../../runtimes/cli/mod.ts";
import { largeRevocationList, serialNumberAt } from "../../../support/large-revocation-list.ts";
import { type MemoryHost, memoryHost } from "../../../support/memory-host.ts";
import { assert, suite } from "../../../support/suite.ts";
import {
  CA_EXTENSIONS,
  CLIENT_EXTENSIONS,
  commonName,
  DAY,
  dnsName,
  extendedKeyUsage,
  NOW,
  subjectAlternativeName,
  type TestCertificate,
  testCertificate,
  type TestExtension,
  testKey,
} from "../../../support/test-authority.ts";

const test = suite("runtimes/cli/commands/verify");

const LOG_LINE = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d /;

const rootSigner = await testKey("root");
const middleSigner = await testKey("middle");
const leafSigner = await testKey("leaf");

const root = await ca("Root", "Root", rootSigner, rootSigner, 1);
const middle = await ca("Middle", "Root", middleSigner, rootSigner, 2);
const client = await leaf();

const FILES = {
  "root.pem": pem(root),
  "middle.der": middle.der,
  "client.pem": pem(client),
  "chain.pem": pem(client) + pem(middle),
  "root.crl": await list("Root", rootSigner, []),
  "middle.crl": encodePem("X509 CRL", await list("Middle", middleSigner, [])),
  "revoking.crl": await list("Middle", middleSigner, [
    { serialNumber: 3, revocationDate: NOW - 1000, extensions: [reason(1)] },
  ]),
  "expired.crl": await list("Middle", middleSigner, [], NOW - DAY),
  "text.txt": "no certificate, no list",
  "broken.pem": "-----BEGIN CERTIFICATE-----\nMAAw\n-----END CERTIFICATE-----\n",
};

/** Everything that a chain of three needs. */
const CHAIN = ["--certificate", "client.pem", "--intermediates", "middle.der", "--trust-anchor", "root.pem"];
const LISTS = ["--crl", "root.crl", "--crl", "middle.crl"];

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

async function verify(words: readonly string[], host: MemoryHost = memoryHost({ files: FILES })): Promise<Ended> {
  const code = await run(host, ["verify", ...words]);
  return { code, output: host.output(), errors: host.errors.join("") };
}

/** As {@link verify}, with files beside the usual ones. */
function verifyWith(files: Readonly<Record<string, string | Certificate["der"]>>, words: readonly string[]) {
  return verify(words, memoryHost({ files: { ...FILES, ...files } }));
}

test("verify says that a chain is trusted, and that nobody asked about revocation", async () => {
  assert.equal(await verify(CHAIN), {
    code: 0,
    output: "trusted at 2026-06-01T12:00:00Z; revocation was not checked\n" +
      "  end-entity    CN=client, serial number 3\n" +
      "  intermediate  CN=Middle, serial number 2\n" +
      "  anchor        CN=Root, serial number 1\n",
    errors: "",
  });
});

test("verify takes intermediates of the certificate's own file, and an intermediate as the anchor", async () => {
  assert.is((await verify(["--certificate", "chain.pem", "--trust-anchor", "root.pem"])).code, 0);
  assert.is((await verify(["--certificate", "client.pem", "--trust-anchor", "middle.der"])).code, 0);
});

test("verify takes repeated flags together", async () => {
  const both = ["--trust-anchor", "text.pem", "--trust-anchor=root.pem", "--intermediates", "client.pem"];
  const { code, errors } = await verifyWith({ "text.pem": pem(middle) }, ["--certificate", "client.pem", ...both]);
  assert.is(errors, "");
  assert.is(code, 0);
});

test("verify checks every certificate but the anchor against the lists", async () => {
  const { code, output } = await verify([...CHAIN, ...LISTS]);
  assert.is(code, 0);
  assert.is(
    output,
    "trusted at 2026-06-01T12:00:00Z\n" +
      "  end-entity    CN=client, serial number 3, not revoked\n" +
      "  intermediate  CN=Middle, serial number 2, not revoked\n" +
      "  anchor        CN=Root, serial number 1\n",
  );
});

test("verify ends with 1 when a certificate was revoked", async () => {
  assert.equal(await verify([...CHAIN, "--crl", "root.crl", "--crl", "revoking.crl"]), {
    code: 1,
    output: 'not trusted: Cannot validate certificate "CN=client": it was revoked at 2026-06-01T11:59:59Z ' +
      "(keyCompromise) [ERR_PATH_REVOKED]\n",
    errors: "",
  });
});

test("verify ends with 2 when a status is unknown, unless that is allowed", async () => {
  const denied = await verify([...CHAIN, "--crl", "root.crl"]);
  assert.equal(denied, {
    code: 2,
    output: 'could not say: Cannot validate certificate "CN=client": the revocation status is not known: there is no ' +
      "list of the certificate's issuer [ERR_PATH_REVOCATION_UNKNOWN]\n",
    errors: "",
  });
  assert.equal(await verify([...CHAIN, "--crl", "root.crl", "--unknown-revocation", "deny"]), denied);
  const allowed = await verify([...CHAIN, "--crl", "root.crl", "--unknown-revocation", "allow"]);
  assert.is(allowed.code, 0);
  assert.match(allowed.output, "CN=client, serial number 3, revocation unknown: there is no list of the");
  // Lists are demanded, and there is none.
  assert.is((await verify([...CHAIN, "--unknown-revocation", "deny"])).code, 2);
});

test("verify does not rely on a list that has expired", async () => {
  const { code, output } = await verify([...CHAIN, "--crl", "root.crl", "--crl", "expired.crl"]);
  assert.is(code, 2);
  assert.match(output, "was to be replaced by 2026-05-31T12:00:00Z, the time is 2026-06-01T12:00:00Z");
});

test("verify streams lists that are too long to be held", async () => {
  const large = await largeRevocationList({
    entries: 120_000,
    issuer: [{ type: "CN", value: "Middle" }],
    thisUpdate: NOW - DAY,
    nextUpdate: NOW + DAY,
  }, middleSigner);
  assert.ok(large.length > 4_194_304);
  const last = await leaf({ serial: BigInt("0x" + hex(serialNumberAt(119_999))) });
  const files = { "large.crl": large, "last.pem": pem(last) };
  const lists = ["--crl", "root.crl", "--crl", "large.crl"];
  assert.is((await verifyWith(files, [...CHAIN, ...lists])).code, 0);
  const revoked = await verifyWith(files, [...CHAIN, "--certificate", "last.pem", ...lists]);
  assert.is(revoked.code, 1);
  assert.match(revoked.output, "[ERR_PATH_REVOKED]");
});

test("verify ends with 1 when a certificate has expired at the time given, and with 0 a second before", async () => {
  const end = NOW + DAY;
  for (const [time, code] of [[end, 0], [end + 1000, 1], [NOW - DAY, 0], [NOW - DAY - 1000, 1]] as const) {
    assert.is((await verify([...CHAIN, "--time", new Date(time).toISOString()])).code, code, String(time));
  }
  const { output } = await verify([...CHAIN, "--time", "2026-07-01T00:00:00+02:00"]);
  assert.match(
    output,
    /^not trusted: .+ it expired at 2026-06-02T12:00:00Z, .+2026-06-30T22:00:00Z \[ERR_PATH_EXPIRED\]\n$/,
  );
});

test("verify ends with 1 when no certificate leads to an anchor", async () => {
  const other = await ca("Other", "Other", middleSigner, middleSigner, 9);
  const { code, output } = await verifyWith({ "other.pem": pem(other) }, [...CHAIN, "--trust-anchor", "other.pem"]);
  assert.is(code, 0, "two anchors are given: the second one is not needed");
  assert.match(output, /^trusted/);
  const alone = await verifyWith({ "other.pem": pem(other) }, [
    "--certificate",
    "chain.pem",
    "--trust-anchor",
    "other.pem",
  ]);
  assert.equal(alone, {
    code: 1,
    output:
      'not trusted: Cannot validate certificate "CN=Middle": its issuer "CN=Root" is neither a trust anchor nor ' +
      "among the given certificates [ERR_PATH_UNKNOWN_ISSUER]\n",
    errors: "",
  });
});

test("verify ends with 1 when a name lies outside the name constraints", async () => {
  const signer = middleSigner;
  const constrained = await ca("Middle", "Root", signer, rootSigner, 2, [
    asTest(nameConstraintsExtension({ permittedSubtrees: [{ form: "dNSName", value: "example.com" }] })),
  ]);
  const outside = await leaf({
    extensions: [...CLIENT_EXTENSIONS, subjectAlternativeName(dnsName("host.example.org"))],
  });
  const files = { "constrained.pem": pem(constrained), "outside.pem": pem(outside) };
  const words = ["--certificate", "outside.pem", "--intermediates", "constrained.pem", "--trust-anchor", "root.pem"];
  const { code, output } = await verifyWith(files, words);
  assert.is(code, 1);
  assert.match(output, /host\.example\.org.*name constraints of "CN=Middle" \[ERR_PATH_NAME_CONSTRAINTS\]\n$/);
});

test("verify enforces a purpose by name or identifier", async () => {
  const server = await leaf({ extensions: [...CLIENT_EXTENSIONS, extendedKeyUsage("1.3.6.1.5.5.7.3.1")] });
  const words = [...CHAIN, "--certificate", "server.pem", "--purpose"];
  const codes: readonly (readonly [string, number])[] = [
    ["any", 0],
    ["serverAuth", 0],
    ["1.3.6.1.5.5.7.3.1", 0],
    ["clientAuth", 1],
    ["1.3.6.1.5.5.7.3.2", 1],
    ["codeSigning", 1],
  ];
  for (const [purpose, code] of codes) {
    assert.is((await verifyWith({ "server.pem": pem(server) }, [...words, purpose])).code, code, purpose);
  }
});

test("verify knows what IAM Roles Anywhere demands besides", async () => {
  const words = [...CHAIN, "--certificate", "bare.pem"];
  const files = { "bare.pem": pem(await leaf({ extensions: [] })) };
  assert.is((await verifyWith(files, words)).code, 0);
  assert.is((await verifyWith(files, [...words, "--profile", "rfc5280"])).code, 0);
  const { code, output } = await verifyWith(files, [...words, "--profile", "roles-anywhere"]);
  assert.is(code, 1);
  assert.match(output, /keyUsage.*\[ERR_PATH_PROFILE\]\n$/);
  assert.is((await verify([...CHAIN, "--profile", "roles-anywhere"])).code, 0);
});

test("verify ends with 2 when a signature algorithm is not supported", async () => {
  const signer = {
    ...middleSigner,
    algorithm: { ...middleSigner.algorithm, name: "unknown" },
    sign: () => Uint8Array.of(1, 2, 3),
  };
  const odd = await leaf({ signer });
  // The identifier of ecdsa-with-SHA256 becomes one that nobody has assigned.
  const octets = odd.der.slice();
  const algorithm = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
  for (let at = 0; at + algorithm.length <= octets.length; at++) {
    if (algorithm.every((octet, i) => octets[at + i] === octet)) octets[at + 7] = 0x7f;
  }
  const { code, output } = await verifyWith({ "odd.der": octets }, [...CHAIN, "--certificate", "odd.der"]);
  assert.match(output, /^could not say: .*\[ERR_PATH_UNSUPPORTED_ALGORITHM\]\n$/);
  assert.is(code, 2);
});

test("verify prints the tree of what was tried", async () => {
  const { output } = await verify([...CHAIN, "--explain"]);
  assert.is(
    output.slice(output.indexOf("tried:")),
    "tried:\n" +
      "  end-entity CN=client: verified\n" +
      "    intermediate CN=Middle: verified\n" +
      "      anchor CN=Root: verified\n",
  );
  const late = await verify([...CHAIN, "--explain", "--time", "2026-05-01T00:00:00Z"]);
  assert.match(
    late.output,
    /^not trusted: .*\ntried:\n {2}end-entity CN=client: refused: it is not valid before .* \[ERR_PATH_NOT_YET_VALID\]\n$/,
  );
});

test("verify prints one JSON object of a trusted chain", async () => {
  const { code, output } = await verify([...CHAIN, ...LISTS, "--json", "--explain"]);
  assert.is(code, 0);
  assert.is(output.indexOf("\n"), output.length - 1);
  const named = (subject: string, serialNumber: string) => ({ subject, serialNumber });
  assert.equal(JSON.parse(output), {
    outcome: "trusted",
    path: [
      { position: "end-entity", ...named("CN=client", "3") },
      { position: "intermediate", ...named("CN=Middle", "2") },
      { position: "anchor", ...named("CN=Root", "1") },
    ],
    policies: { authorityConstrained: [], userConstrained: [], explicit: false },
    time: "2026-06-01T12:00:00Z",
    revocation: [
      { ...named("CN=Middle", "2"), status: "good" },
      { ...named("CN=client", "3"), status: "good" },
    ],
    explanation: {
      position: "end-entity",
      ...named("CN=client", "3"),
      outcome: "verified",
      issuers: [{
        position: "intermediate",
        ...named("CN=Middle", "2"),
        outcome: "verified",
        issuers: [{ position: "anchor", ...named("CN=Root", "1"), outcome: "verified", issuers: [] }],
      }],
    },
  });
});

test("verify prints one JSON object of a refusal, of an unknown status and of an input that it cannot use", async () => {
  const refused = await verify([...CHAIN, "--crl", "root.crl", "--crl", "revoking.crl", "--json"]);
  assert.is(refused.code, 1);
  assert.equal(JSON.parse(refused.output), {
    outcome: "not-trusted",
    code: "ERR_PATH_REVOKED",
    message: 'Cannot validate certificate "CN=client": it was revoked at 2026-06-01T11:59:59Z (keyCompromise)',
    certificate: { subject: "CN=client", serialNumber: "3" },
    depth: 0,
    time: "2026-06-01T12:00:00Z",
    revocation: [
      { subject: "CN=Middle", serialNumber: "2", status: "good" },
      {
        subject: "CN=client",
        serialNumber: "3",
        status: "revoked",
        reason: "keyCompromise",
        date: "2026-06-01T11:59:59Z",
      },
    ],
  });
  const unknown = await verify([...CHAIN, "--crl", "root.crl", "--json"]);
  assert.is(unknown.code, 2);
  const said = JSON.parse(unknown.output);
  assert.is(said.outcome, "unknown");
  assert.is(said.code, "ERR_PATH_REVOCATION_UNKNOWN");
  assert.equal(said.revocation[1], {
    subject: "CN=client",
    serialNumber: "3",
    status: "unknown",
    code: "no-list",
    why: "there is no list of the certificate's issuer",
  });
  const unusable = await verify([...CHAIN, "--trust-anchor", "absent.pem", "--json"]);
  assert.is(unusable.code, 2);
  assert.equal(JSON.parse(unusable.output), {
    outcome: "unknown",
    code: "ERR_FILE_NOT_FOUND",
    message: "Cannot read absent.pem: there is no such file",
  });
  assert.is(JSON.parse(unusable.errors).error.code, "ERR_FILE_NOT_FOUND");
  assert.is(JSON.parse((await verify([...CHAIN, "--json"])).output).revocation, "skipped");
});

test("verify ends with 2 and one line on standard error when a file cannot be used", async () => {
  const cases: readonly (readonly [words: readonly string[], error: string])[] = [
    [["--certificate", "absent"], "Cannot read absent: there is no such file [ERR_FILE_NOT_FOUND]"],
    [["--intermediates", "absent"], "Cannot read absent: there is no such file [ERR_FILE_NOT_FOUND]"],
    [["--crl", "absent"], "Cannot read absent: there is no such file [ERR_FILE_NOT_FOUND]"],
    [["--certificate", "text.txt"], "Cannot use text.txt: Cannot read certificates: "],
    [["--trust-anchor", "broken.pem"], "Cannot use broken.pem: Cannot read certificate 1 of the input: "],
    [["--crl", "text.txt"], "Cannot use text.txt: "],
    [["--crl", "root.pem"], "Cannot use root.pem: "],
  ];
  for (const [words, error] of cases) {
    const { code, output, errors } = await verify([...CHAIN, ...words]);
    assert.is(code, 2, words.join(" "));
    assert.is(output, "");
    assert.is(errors.replace(LOG_LINE, "").slice(0, error.length), error);
    assert.is(errors.split("\n").length, 2);
  }
});

test("verify ends with 2 and its usage when a flag is missing or has no such value", async () => {
  const cases: readonly (readonly [words: readonly string[], error: string])[] = [
    [["--trust-anchor", "root.pem"], "required flag is not set: --certificate"],
    [["--certificate", "client.pem"], "required flag is not set: --trust-anchor"],
    [["--certificate", "client.pem", "--trust-anchor", ""], "required flag is not set: --trust-anchor"],
    [[...CHAIN, "--time", "yesterday"], 'invalid argument "yesterday" for "--time" flag: '],
    [[...CHAIN, "--time", "2026-02-30T00:00:00Z"], 'invalid argument "2026-02-30T00:00:00Z" for "--time" flag: '],
    [[...CHAIN, "--purpose", "clientauth"], 'invalid argument "clientauth" for "--purpose" flag: must be one of any, '],
    [[...CHAIN, "--unknown-revocation", "ask"], 'invalid argument "ask" for "--unknown-revocation" flag: '],
    [[...CHAIN, "--profile", "webpki"], 'invalid argument "webpki" for "--profile" flag: must be one of rfc5280, '],
    [[...CHAIN, "--frobnicate"], "unknown flag: --frobnicate"],
  ];
  for (const [words, error] of cases) {
    const { code, output, errors } = await verify(words);
    assert.is(code, 2, words.join(" "));
    assert.is(output, "");
    assert.is(errors.slice(0, 7 + error.length), `Error: ${error}`);
    assert.match(errors, "anyrole verify [flags]");
  }
});

test("verify escapes the names of strangers", async () => {
  const evil = await leaf({ subject: commonName("a\u001b[31m\u202eb\nc"), extensions: [] });
  const words = [...CHAIN, "--certificate", "evil.pem", "--explain"];
  for (const more of [[], ["--json"], ["--profile", "roles-anywhere"], ["--time", "2020-01-01T00:00:00Z", "--json"]]) {
    const { output } = await verifyWith({ "evil.pem": pem(evil) }, [...words, ...more]);
    assert.match(output, "a");
    assert.not.match(output.replace(/\n/g, ""), /[\p{Cc}\p{Cf}]/u);
  }
});

test("verify documents its exit codes and purposes", async () => {
  const { code, output } = await verify(["--help"]);
  assert.is(code, 0);
  for (const line of ["  0  trusted: ", "  1  not trusted: ", "  2  could not say: "]) assert.match(output, line);
  const { errors } = await verify([...CHAIN, "--purpose", "none"]);
  const purposes = /must be one of (.*), or a dotted OID/.exec(errors)![1]!;
  assert.match(output, `Extended key usage that is required: ${purposes}, or a dotted OID (default "any")`);
  assert.match(output, /\n {2}--crl string\.\.\. +Revocation list/);
});

async function ca(
  subject: string,
  issuer: string,
  key: TestCertificate["signer"],
  signer: TestCertificate["signer"],
  serial: number,
  extensions: readonly TestExtension[] = [],
): Promise<Certificate> {
  return await testCertificate({
    subject: commonName(subject),
    issuer: commonName(issuer),
    publicKey: key.publicKey,
    signer,
    serial,
    extensions: [...CA_EXTENSIONS, ...extensions],
  });
}

function leaf(parts: Partial<TestCertificate> = {}): Promise<Certificate> {
  return testCertificate({
    subject: commonName("client"),
    issuer: commonName("Middle"),
    publicKey: leafSigner.publicKey,
    signer: middleSigner,
    serial: 3,
    extensions: CLIENT_EXTENSIONS,
    ...parts,
  });
}

function list(
  issuer: string,
  signer: TestCertificate["signer"],
  revokedCertificates: readonly RevokedCertificateTemplate[],
  nextUpdate: number = NOW + DAY,
): Promise<Certificate["der"]> {
  return issueRevocationList({
    issuer: [{ type: "CN", value: issuer }],
    thisUpdate: NOW - 2 * DAY,
    nextUpdate,
    revokedCertificates,
  }, signer);
}

function reason(value: number): ExtensionTemplate {
  return { oid: "2.5.29.21", critical: false, value: Uint8Array.of(0x0a, 1, value) };
}

function asTest({ oid, critical, value }: ExtensionTemplate): TestExtension {
  return { oid, critical, value };
}

function pem({ der }: Certificate): string {
  return encodePem("CERTIFICATE", der);
}

function hex(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join("");
}

test.run();
