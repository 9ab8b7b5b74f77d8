import { decodeUtf8 } from "../../../core/bytes/text.ts";
import {
  type AttributeMapping,
  DEFAULT_ATTRIBUTE_MAPPINGS,
  mapAttributes,
  normalizeSpecifier,
  unmappedDiagnostic,
} from "../../../core/policy/mod.ts";
import type { Certificate } from "../../../core/x509/certificate.ts";
import { assert, suite } from "../../support/suite.ts";
import {
  commonName,
  directoryName,
  dnsName,
  subjectAlternativeName,
  testCertificate,
  type TestExtension,
  testKey,
  type TestName,
  uriName,
} from "../../support/test-authority.ts";

const test = suite("core/policy/attribute-mapping");

const CN = "2.5.4.3";
const OU = "2.5.4.11";
const O = "2.5.4.10";

async function certificate(subject: TestName, issuer: TestName, ...extensions: TestExtension[]): Promise<Certificate> {
  const signer = await testKey("mapping");
  return await testCertificate({ subject, issuer, publicKey: signer.publicKey, signer, extensions });
}

function tagsOf(subject: Certificate, mappings: readonly AttributeMapping[]): Record<string, string> {
  return Object.fromEntries(mapAttributes(subject, mappings).tags.map(({ key, value }) => [key, value]));
}

test("mapAttributes() maps issuer, alternative names and subject by default, in this order", async () => {
  const subject = await certificate(
    [[OU, "Security"], [OU, "Engineering"], [CN, "Alice"]],
    [[O, "Example Corp"], [CN, "CA"]],
    subjectAlternativeName(
      dnsName("a.example.com"),
      dnsName("b.example.com"),
      uriName("spiffe://example.com/a"),
      uriName("spiffe://example.com/b"),
      directoryName([[CN, "Alice"], [O, "Directory"]]),
      directoryName([[CN, "Bob"]]),
    ),
  );
  assert.equal(mapAttributes(subject, DEFAULT_ATTRIBUTE_MAPPINGS), {
    tags: [
      { key: "x509Issuer/O", value: "Example Corp" },
      { key: "x509Issuer/CN", value: "CA" },
      { key: "x509SAN/DNS", value: "a.example.com" },
      { key: "x509SAN/URI", value: "spiffe://example.com/a" },
      { key: "x509SAN/Name/CN", value: "Alice" },
      { key: "x509SAN/Name/O", value: "Directory" },
      { key: "x509Subject/OU", value: "Security/Engineering" },
      { key: "x509Subject/CN", value: "Alice" },
    ],
    unmapped: [],
  });
});

test("mapAttributes() joins repeated attributes with a slash in certificate order", async () => {
  const subject = await certificate(
    [[OU, "Security"], [CN, "x"], [OU, "Engineering"], [OU, "Research"]],
    commonName("CA"),
  );
  const mappings = [{ certificateField: "x509Subject", mappingRules: [{ specifier: "OU" }] }] as const;
  assert.equal(tagsOf(subject, mappings), { "x509Subject/OU": "Security/Engineering/Research" });
});

test("mapAttributes() maps nothing that the rules do not name", async () => {
  const subject = await certificate(
    [[O, "Example"], [CN, "Alice"]],
    commonName("CA"),
    subjectAlternativeName(dnsName("a")),
  );
  assert.equal(tagsOf(subject, []), {});
  const mappings = [{
    certificateField: "x509Subject",
    mappingRules: [{ specifier: "CN" }, { specifier: "L" }],
  }] as const;
  assert.equal(tagsOf(subject, mappings), { "x509Subject/CN": "Alice" });
});

test("mapAttributes() takes dotted object identifiers, also of types that the wildcard leaves out", async () => {
  const subject = await certificate([["1.3.6.1.4.1.99999.1", "site-7"], [CN, "Alice"]], commonName("CA"));
  assert.equal(tagsOf(subject, [{ certificateField: "x509Subject", mappingRules: [{ specifier: "*" }] }]), {
    "x509Subject/CN": "Alice",
  });
  const mappings = [{
    certificateField: "x509Subject",
    mappingRules: [{ specifier: "1.3.6.1.4.1.99999.1" }, { specifier: "2.5.4.3" }],
  }] as const;
  assert.equal(tagsOf(subject, mappings), {
    "x509Subject/1.3.6.1.4.1.99999.1": "site-7",
    "x509Subject/2.5.4.3": "Alice",
  });
});

test("mapAttributes() knows the names of all supported attributes", async () => {
  const types: TestName = [
    ["2.5.4.4", "SN"],
    ["2.5.4.5", "serialNumber"],
    ["2.5.4.12", "T"],
    ["2.5.4.42", "GN"],
    ["2.5.4.43", "initials"],
    ["2.5.4.44", "generationQualifier"],
    ["2.5.4.46", "dnQualifier"],
    ["2.5.4.65", "pseudonym"],
    ["0.9.2342.19200300.100.1.25", "DC"],
    ["0.9.2342.19200300.100.1.1", "UID"],
    ["1.2.840.113549.1.9.1", "emailAddress"],
  ];
  const mappings = [{ certificateField: "x509Subject", mappingRules: [{ specifier: "*" }] }] as const;
  assert.equal(
    tagsOf(await certificate(types, commonName("CA")), mappings),
    Object.fromEntries(types.map(([, name]) => [`x509Subject/${name}`, name])),
  );
});

test("mapAttributes() leaves out what STS does not accept and says what", async () => {
  const subject = await certificate(
    [[O, "Smith & Co"], [OU, "x".repeat(257)], [CN, "Alice"]],
    [[CN, "CA (2)"], [O, "Example, Inc."]],
    subjectAlternativeName(dnsName("*.example.com"), directoryName([[CN, "#"]])),
  );
  const { tags, unmapped } = mapAttributes(subject, DEFAULT_ATTRIBUTE_MAPPINGS);
  assert.equal(tags, [{ key: "x509Subject/CN", value: "Alice" }]);
  assert.is(unmappedDiagnostic(unmapped), "Issuer: [ CN, O ]; Subject: [ O, OU ]; SAN: [ DNS, Name/CN ]");
  assert.is(unmapped.find(({ specifier }) => specifier === "OU")?.reason, "length");
  assert.is(unmapped.find(({ specifier }) => specifier === "DNS")?.reason, "characters");
});

test("mapAttributes() accepts letters of every script, and 256 characters", async () => {
  const subject = await certificate([[CN, "Zoë 東京"], [O, "y".repeat(256)]], commonName("CA"));
  const mappings = [{ certificateField: "x509Subject", mappingRules: [{ specifier: "*" }] }] as const;
  assert.equal(tagsOf(subject, mappings), { "x509Subject/CN": "Zoë 東京", "x509Subject/O": "y".repeat(256) });
});

test("mapAttributes() leaves out a value that is no text", async () => {
  const signer = await testKey("mapping");
  const readable = await testCertificate({
    subject: commonName("Alice"),
    issuer: commonName("CA"),
    publicKey: signer.publicKey,
    signer,
  });
  const [rdn] = readable.subject.rdns;
  assert.is(decodeUtf8(rdn![0]!.value), "Alice");
  const unreadable = { rdns: [[{ ...rdn![0]!, text: undefined }]] } as unknown as Certificate["subject"];
  const { tags, unmapped } = mapAttributes(
    { subject: unreadable, issuer: readable.issuer, subjectAlternativeName: undefined },
    [{ certificateField: "x509Subject", mappingRules: [{ specifier: "*" }] }],
  );
  assert.equal(tags, []);
  assert.equal(unmapped, [{ certificateField: "x509Subject", specifier: "CN", reason: "encoding" }]);
});

test("unmappedDiagnostic() writes two spaces for nothing", () => {
  assert.is(unmappedDiagnostic([]), "Issuer: [  ]; Subject: [  ]; SAN: [  ]");
});

test("normalizeSpecifier() completes Name and refuses what a field does not know", () => {
  assert.is(normalizeSpecifier("x509SAN", "Name"), "Name/*");
  assert.is(normalizeSpecifier("x509SAN", "Name/"), "Name/*");
  assert.is(normalizeSpecifier("x509SAN", "Name/CN"), "Name/CN");
  assert.is(normalizeSpecifier("x509SAN", "*"), undefined);
  assert.is(normalizeSpecifier("x509SAN", "CN"), undefined);
  assert.is(normalizeSpecifier("x509SAN", "Name/nonsense"), undefined);
  assert.is(normalizeSpecifier("x509Subject", "*"), "*");
  assert.is(normalizeSpecifier("x509Subject", "1.2.3"), "1.2.3");
  assert.is(normalizeSpecifier("x509Subject", "DNS"), undefined);
  assert.is(normalizeSpecifier("x509Issuer", "constructor"), undefined);
});

test.run();
