import { encodeHex } from "../../../core/bytes/hex.ts";
import { DerReader } from "../../../core/der/reader.ts";
import { derSequence } from "../../../core/der/writer.ts";
import {
  authorityKeyIdentifierExtension,
  basicConstraintsExtension,
  type CertificateTemplate,
  encodeName,
  extendedKeyUsageExtension,
  issueCertificate,
  issueCertificateRequest,
  keyIdentifier,
  keyUsageExtension,
  subjectAlternativeNameExtension,
  subjectKeyIdentifierExtension,
} from "../../../core/issue/mod.ts";
import { readExtensions } from "../../../core/x509/extensions/extension.ts";
import { checkCertificate, parseCertificate } from "../../../core/x509/mod.ts";
import { portableSha256 } from "../../../core/crypto/sha256.ts";
import { assert, assertRejects, suite } from "../../support/suite.ts";
import { BASE_POINT_SPKI, NOBODY, unsignedCertificate } from "../../support/x509-fixtures.ts";

const test = suite("core/issue");

test("issueCertificate() signs exactly the tbsCertificate, with the signer's algorithm", async () => {
  const seen: Uint8Array[] = [];
  const signer = { ...NOBODY, sign: async (message: Uint8Array) => (seen.push(message), Uint8Array.of(9)) };
  const template: CertificateTemplate = {
    serialNumber: 5,
    issuer: [],
    subject: [{ type: "CN", value: "x" }],
    notBefore: 0,
    notAfter: Date.UTC(2060, 0, 1),
    publicKey: BASE_POINT_SPKI,
  };
  const certificate = parseCertificate(await issueCertificate(template, signer));
  assert.equal(certificate.tbsCertificate, seen[0]);
  assert.equal(certificate.signature, Uint8Array.of(9));
  assert.is(certificate.notAfter, Date.UTC(2060, 0, 1));
  assert.is(certificate.issuer.empty, true);
});

test("issueCertificate() writes versions 1, 2 and 3", async () => {
  assert.is(parseCertificate(await unsignedCertificate()).version, 1);
  assert.is(parseCertificate(await unsignedCertificate({ version: 2 })).version, 2);
  assert.is(parseCertificate(await unsignedCertificate({ extensions: [keyUsageExtension(["cRLSign"])] })).version, 3);
});

test("issueCertificate() writes the extensions of a leaf", async () => {
  const identifier = await keyIdentifier(BASE_POINT_SPKI, { digest: (_, data) => portableSha256.digest(data) });
  const certificate = parseCertificate(
    await unsignedCertificate({
      extensions: [
        basicConstraintsExtension({ ca: false }),
        keyUsageExtension(["digitalSignature"]),
        extendedKeyUsageExtension(["1.3.6.1.5.5.7.3.2"]),
        subjectAlternativeNameExtension([
          { form: "dNSName", value: "edge-7.example.com" },
          { form: "uniformResourceIdentifier", value: "spiffe://example.com/edge/7" },
          { form: "directoryName", value: [{ type: "OU", value: "Edge" }] },
        ]),
        subjectKeyIdentifierExtension(identifier),
        authorityKeyIdentifierExtension(identifier),
      ],
    }),
  );
  checkCertificate(certificate);
  assert.equal(certificate.basicConstraints, { ca: false });
  assert.equal(certificate.keyUsage, ["digitalSignature"]);
  assert.equal(certificate.extendedKeyUsage, ["1.3.6.1.5.5.7.3.2"]);
  assert.is(certificate.subjectAlternativeName!.length, 3);
  assert.equal(certificate.subjectKeyIdentifier, certificate.authorityKeyIdentifier!.keyIdentifier);
});

test("issueCertificate() refuses options that do not exist", async () => {
  let message = "";
  await unsignedCertificate({ extension: [] } as object).catch((error: Error) => message = error.message);
  assert.match(message, '"extension"');
});

test("issueCertificateRequest() asks for a certificate of the signer's key", async () => {
  const der = await issueCertificateRequest({
    subject: [{ type: "CN", value: "edge-7" }],
    extensions: [keyUsageExtension(["digitalSignature"])],
  }, NOBODY);
  const body = new DerReader(der).sequence("request").sequence("info");
  assert.is(body.smallInteger("version", 0, 0), 0);
  assert.equal(body.raw(-1, "subject"), encodeName([{ type: "CN", value: "edge-7" }]));
  assert.equal(body.raw(-1, "spki"), BASE_POINT_SPKI);
  const attribute = body.open(0xa0, "attributes").sequence("attribute");
  assert.is(attribute.objectIdentifier("type"), "1.2.840.113549.1.9.14");
  assert.is(readExtensions(attribute.set("values"), "extensions")[0]!.oid, "2.5.29.15");
});

test("issueCertificateRequest() writes the attributes even when there is none", async () => {
  const der = await issueCertificateRequest({ subject: [] }, NOBODY);
  const body = new DerReader(der).sequence("request").sequence("info");
  for (let i = 0; i < 3; i++) body.skip("field");
  assert.is(body.open(0xa0, "attributes").done, true);
});

test("keyIdentifier() is the truncated SHA-256 of the key's bits", async () => {
  const digest = (_: string, data: Uint8Array) => portableSha256.digest(data as Uint8Array<ArrayBuffer>);
  const identifier = await keyIdentifier(BASE_POINT_SPKI, { digest });
  assert.equal(identifier, digest("", BASE_POINT_SPKI.slice(-65)).slice(0, 20));
  await assertRejects(() => keyIdentifier(derSequence(), { digest }), "ERR_DER_TRUNCATED");
});

test("encodeName() chooses string types, and takes names as they are", () => {
  const tag = (type: string, value: string) => {
    const der = encodeName([{ type, value }]);
    return der[der.length - value.length - 2];
  };
  assert.is(tag("CN", "plain"), 0x13);
  assert.is(tag("CN", "at@"), 0x0c);
  assert.is(tag("DC", "com"), 0x16);
  assert.is(tag("emailAddress", "a@b"), 0x16);
  assert.is(encodeHex(encodeName([])), "3000");
  const name = encodeName([{ type: "1.2.3", value: "x" }]);
  assert.ok(encodeName(name) === name);
  assert.throws(() => encodeName([{ type: "nope", value: "x" }]), /nope/);
  assert.throws(() => encodeName([{ type: "DC", value: "ü" }]), /ASCII/);
});

test("encodeName() puts attributes of one relative name into DER's order", () => {
  const a = { type: "CN", value: "aa" };
  const b = { type: "O", value: "b" };
  assert.equal(encodeName([[a, b]]), encodeName([[b, a]]));
});

test.run();
