import { decodeHex, encodeHex } from "../../../../core/bytes/hex.ts";
import {
  derContextConstructed,
  derContextPrimitive,
  derObjectIdentifier,
  derSequence,
  derUtf8String,
} from "../../../../core/der/writer.ts";
import { basicConstraintsExtension, keyUsageExtension, nameConstraintsExtension } from "../../../../core/issue/mod.ts";
import { Extension } from "../../../../core/x509/extensions/extension.ts";
import {
  AUTHORITY_INFORMATION_ACCESS,
  AUTHORITY_KEY_IDENTIFIER,
  BASIC_CONSTRAINTS,
  CERTIFICATE_ISSUER,
  CERTIFICATE_POLICIES,
  CRL_DISTRIBUTION_POINTS,
  CRL_NUMBER,
  DELTA_CRL_INDICATOR,
  EXTENDED_KEY_USAGE,
  type ExtensionType,
  FRESHEST_CRL,
  INHIBIT_ANY_POLICY,
  INVALIDITY_DATE,
  ISSUER_ALTERNATIVE_NAME,
  ISSUING_DISTRIBUTION_POINT,
  KEY_USAGE,
  NAME_CONSTRAINTS,
  nameText,
  POLICY_CONSTRAINTS,
  POLICY_MAPPINGS,
  PRIVATE_KEY_USAGE_PERIOD,
  readCertificates,
  REASON_CODE,
  SUBJECT_ALTERNATIVE_NAME,
  SUBJECT_INFORMATION_ACCESS,
  SUBJECT_KEY_IDENTIFIER,
} from "../../../../core/x509/mod.ts";
import { CA_PEM, LEAF_PEM } from "../../../vectors/x509/certificates.ts";
import { assert, assertThrows, suite } from "../../../support/suite.ts";

const test = suite("core/x509/extensions");

/** Decodes a value; `padding` octets stand before it, so that offsets can be seen. */
function decode<T>(type: ExtensionType<T>, value: Uint8Array | string): T {
  const octets = typeof value === "string" ? decodeHex(value.replaceAll(" ", ""))! : value;
  const carrier = new Uint8Array(3 + octets.length);
  carrier.set(octets, 3);
  return new Extension(type.oid, false, carrier, 3, carrier.length).decode(type);
}

test("Extension.decode() reads what OpenSSL writes in a leaf certificate", () => {
  const [leaf] = readCertificates(LEAF_PEM);
  assert.equal(leaf!.basicConstraints, { ca: false });
  assert.equal(leaf!.keyUsage, ["digitalSignature", "nonRepudiation"]);
  assert.is(leaf!.extension(KEY_USAGE.oid)!.critical, true);
  assert.equal(leaf!.extendedKeyUsage, ["1.3.6.1.5.5.7.3.2", "1.3.6.1.4.1.99999.4"]);
  assert.is(leaf!.subjectKeyIdentifier!.length, 20);
  const authority = leaf!.authorityKeyIdentifier!;
  assert.is(authority.keyIdentifier!.length, 20);
  assert.equal(authority.authorityCertSerialNumber, Uint8Array.of(1));
  const issuer = authority.authorityCertIssuer![0]!;
  assert.ok(issuer.form === "directoryName" && issuer.value.equals(leaf!.issuer));
  assert.equal(
    leaf!.subjectAlternativeName!.map((name) =>
      name.form === "directoryName"
        ? nameText(name.value)
        : name.form === "ediPartyName"
        ? name.partyName
        : typeof name.value === "string"
        ? name.value
        : encodeHex(name.value)
    ),
    [
      encodeHex(derUtf8String("edge@example.com")),
      "edge@example.com",
      "edge-7.example.com",
      "CN=edge-7,O=Example Corp",
      "spiffe://example.com/edge/7",
      "c0000207",
      "20010db8000000000000000000000007",
      "1.3.6.1.4.1.99999.5",
    ],
  );
  assert.equal(leaf!.decode(ISSUER_ALTERNATIVE_NAME), [
    { form: "uniformResourceIdentifier", value: "http://ca.example.com/" },
  ]);
  const [point] = leaf!.decode(CRL_DISTRIBUTION_POINTS)!;
  assert.equal(point!.distributionPoint, {
    fullName: [{ form: "uniformResourceIdentifier", value: "http://ca.example.com/ca.crl" }],
  });
  assert.equal(point!.reasons, ["keyCompromise", "cACompromise"]);
  assert.is(point!.cRLIssuer!.length, 1);
  assert.is(leaf!.decode(FRESHEST_CRL)!.length, 1);
  assert.equal(leaf!.decode(AUTHORITY_INFORMATION_ACCESS), [
    {
      method: "1.3.6.1.5.5.7.48.1",
      location: { form: "uniformResourceIdentifier", value: "http://ocsp.example.com/" },
    },
    {
      method: "1.3.6.1.5.5.7.48.2",
      location: { form: "uniformResourceIdentifier", value: "http://ca.example.com/ca.crt" },
    },
  ]);
  assert.equal(leaf!.decode(PRIVATE_KEY_USAGE_PERIOD), {
    notBefore: Date.UTC(2026, 0, 1),
    notAfter: Date.UTC(2026, 6, 1),
  });
  assert.is(leaf!.decode(NAME_CONSTRAINTS), undefined);
});

test("Extension.decode() reads what OpenSSL writes in a CA certificate", () => {
  const [ca] = readCertificates(CA_PEM);
  assert.equal(ca!.basicConstraints, { ca: true, pathLength: 1 });
  assert.equal(ca!.keyUsage, ["keyCertSign", "cRLSign"]);
  const constraints = ca!.decode(NAME_CONSTRAINTS)!;
  assert.equal(constraints.permittedSubtrees, [
    { base: { form: "dNSName", value: "example.com" }, minimum: 0 },
    { base: { form: "iPAddress", value: Uint8Array.of(192, 0, 2, 0, 255, 255, 255, 0) }, minimum: 0 },
  ]);
  assert.equal(constraints.excludedSubtrees, [{ base: { form: "rfc822Name", value: "example.org" }, minimum: 0 }]);
  assert.equal(ca!.decode(POLICY_CONSTRAINTS), { requireExplicitPolicy: 3, inhibitPolicyMapping: 0 });
  assert.equal(ca!.decode(POLICY_MAPPINGS), [
    { issuerDomainPolicy: "1.3.6.1.4.1.99999.1", subjectDomainPolicy: "1.3.6.1.4.1.99999.2" },
  ]);
  assert.is(ca!.decode(INHIBIT_ANY_POLICY), 2);
  const policies = ca!.decode(CERTIFICATE_POLICIES)!;
  assert.equal(policies[0], { policy: "1.3.6.1.4.1.99999.1" });
  assert.is(policies[1]!.policy, "1.3.6.1.4.1.99999.3");
  assert.is(policies[1]!.qualifiers![0]!.oid, "1.3.6.1.5.5.7.2.1");
  assert.is(ca!.decode(SUBJECT_INFORMATION_ACCESS)![0]!.method, "1.3.6.1.5.5.7.48.5");
});

test("Extension.decode() refuses octets behind the value, and counts offsets from the carrier", () => {
  const error = assertThrows(() => decode(INHIBIT_ANY_POLICY, "020101 00"), "ERR_DER_TRAILING_DATA");
  assert.is(error["offset"], 6);
  assert.is(error["reading"], "inhibitAnyPolicy");
});

test("every extension that is a list refuses an empty one", () => {
  const lists: ExtensionType<unknown>[] = [
    EXTENDED_KEY_USAGE,
    SUBJECT_ALTERNATIVE_NAME,
    ISSUER_ALTERNATIVE_NAME,
    CERTIFICATE_ISSUER,
    NAME_CONSTRAINTS,
    CERTIFICATE_POLICIES,
    POLICY_MAPPINGS,
    POLICY_CONSTRAINTS,
    CRL_DISTRIBUTION_POINTS,
    FRESHEST_CRL,
    AUTHORITY_INFORMATION_ACCESS,
    SUBJECT_INFORMATION_ACCESS,
    PRIVATE_KEY_USAGE_PERIOD,
    ISSUING_DISTRIBUTION_POINT,
  ];
  for (const type of lists) assert.ok(assertThrows(() => decode(type, derSequence()), "ERR_DER_VALUE"), type.name);
});

test("BASIC_CONSTRAINTS accepts FALSE written out and a length without CA, refuses negative lengths", () => {
  assert.equal(decode(BASIC_CONSTRAINTS, "3003 010100"), { ca: false });
  assert.equal(decode(BASIC_CONSTRAINTS, "3003 020103"), { ca: false, pathLength: 3 });
  assert.equal(decode(BASIC_CONSTRAINTS, basicConstraintsExtension({ ca: true, pathLength: 300 }).value), {
    ca: true,
    pathLength: 300,
  });
  assertThrows(() => decode(BASIC_CONSTRAINTS, "3006 0101ff 0201ff"), "ERR_DER_VALUE");
  assertThrows(() => decode(BASIC_CONSTRAINTS, "3003 010101"), "ERR_DER_VALUE");
  assertThrows(() => decode(BASIC_CONSTRAINTS, "3006 0101ff 010100"), "ERR_DER_UNEXPECTED_TAG");
});

test("KEY_USAGE reads nine bits, ignores further ones, and refuses none", () => {
  const all = keyUsageExtension(["decipherOnly", "digitalSignature"]);
  assert.is(encodeHex(all.value), "0303078080");
  assert.equal(decode(KEY_USAGE, all.value), ["digitalSignature", "decipherOnly"]);
  assert.equal(decode(KEY_USAGE, "0304 00 80 00 01"), ["digitalSignature"]);
  assertThrows(() => decode(KEY_USAGE, "0302 0700"), "ERR_DER_VALUE");
  assertThrows(() => decode(KEY_USAGE, "0301 00"), "ERR_DER_VALUE");
  assertThrows(() => decode(KEY_USAGE, "0302 0401"), "ERR_DER_VALUE");
});

test("AUTHORITY_KEY_IDENTIFIER may be empty, but wants issuer and serial number together", () => {
  assert.equal(decode(AUTHORITY_KEY_IDENTIFIER, "3000"), {});
  assertThrows(() => decode(AUTHORITY_KEY_IDENTIFIER, "3003 820101"), "ERR_DER_VALUE");
  assertThrows(() => decode(AUTHORITY_KEY_IDENTIFIER, "3005 a103 820161"), "ERR_DER_VALUE");
});

test("SUBJECT_KEY_IDENTIFIER is an OCTET STRING", () => {
  assert.equal(decode(SUBJECT_KEY_IDENTIFIER, "0402 0102"), Uint8Array.of(1, 2));
  assertThrows(() => decode(SUBJECT_KEY_IDENTIFIER, "0302 0001"), "ERR_DER_UNEXPECTED_TAG");
});

test("NAME_CONSTRAINTS tells minimum and maximum, and refuses addresses without a mask", () => {
  const base = derContextPrimitive(2, Uint8Array.of(0x61));
  const level = (tag: number) => derContextPrimitive(tag, Uint8Array.of(5));
  const value = derSequence(derContextConstructed(1, derSequence(base, level(0), level(1))));
  assert.equal(decode(NAME_CONSTRAINTS, value), {
    excludedSubtrees: [{ base: { form: "dNSName", value: "a" }, minimum: 5, maximum: 5 }],
  });
  const address = nameConstraintsExtension({ permittedSubtrees: [{ form: "iPAddress", value: new Uint8Array(4) }] });
  assertThrows(() => decode(NAME_CONSTRAINTS, address.value), "ERR_DER_VALUE");
  assertThrows(() => decode(NAME_CONSTRAINTS, "3002 a000"), "ERR_DER_VALUE");
});

test("CERTIFICATE_POLICIES refuses one policy twice and empty qualifiers", () => {
  const policy = derSequence(derObjectIdentifier("1.2.3"));
  assertThrows(() => decode(CERTIFICATE_POLICIES, derSequence(policy, policy)), "ERR_DER_VALUE");
  const empty = derSequence(derObjectIdentifier("1.2.3"), derSequence());
  assertThrows(() => decode(CERTIFICATE_POLICIES, derSequence(empty)), "ERR_DER_VALUE");
});

test("CRL_DISTRIBUTION_POINTS reads a name relative to the issuer", () => {
  const attribute = derSequence(derObjectIdentifier("2.5.4.3"), derUtf8String("x"));
  const point = derSequence(derContextConstructed(0, derContextConstructed(1, attribute)));
  const [read] = decode(CRL_DISTRIBUTION_POINTS, derSequence(point));
  const name = read!.distributionPoint!;
  assert.ok("nameRelativeToCRLIssuer" in name && name.nameRelativeToCRLIssuer[0]!.text === "x");
  assertThrows(() => decode(CRL_DISTRIBUTION_POINTS, "3006 3004 a002 a100"), "ERR_DER_VALUE");
  assertThrows(() => decode(CRL_DISTRIBUTION_POINTS, "3004 3002 a000"), "ERR_DER_TRUNCATED");
});

test("CRL_NUMBER and DELTA_CRL_INDICATOR are numbers of any size, not negative", () => {
  for (const type of [CRL_NUMBER, DELTA_CRL_INDICATOR]) {
    assert.is(decode(type, "020100"), 0n);
    assert.is(decode(type, "0209 00ffffffffffffffff"), 0xffffffffffffffffn);
    assertThrows(() => decode(type, "0201ff"), "ERR_DER_VALUE");
  }
});

test("ISSUING_DISTRIBUTION_POINT reads its flags", () => {
  const flags = (hex: string) => decode(ISSUING_DISTRIBUTION_POINT, hex);
  assert.equal(flags("3003 8101ff"), {
    onlyContainsUserCerts: true,
    onlyContainsCACerts: false,
    indirectCRL: false,
    onlyContainsAttributeCerts: false,
  });
  assert.is(flags("3003 8401ff").indirectCRL, true);
  assert.equal(flags("3004 83020640").onlySomeReasons, ["keyCompromise"]);
  assertThrows(() => flags("3003 810101"), "ERR_DER_VALUE");
  assertThrows(() => flags("3006 8201ff 8101ff"), "ERR_DER_TRAILING_DATA");
});

test("REASON_CODE knows its values and refuses the others", () => {
  assert.is(decode(REASON_CODE, "0a0100"), "unspecified");
  assert.is(decode(REASON_CODE, "0a0108"), "removeFromCRL");
  assert.is(decode(REASON_CODE, "0a010a"), "aACompromise");
  for (const hex of ["0a0107", "0a010b", "0a01ff", "020101"]) {
    assert.throws(() => decode(REASON_CODE, hex), (error: { code: string }) => error.code.startsWith("ERR_DER_"));
  }
});

test("INVALIDITY_DATE is a GeneralizedTime", () => {
  assert.is(
    decode(INVALIDITY_DATE, `180f${encodeHex(Uint8Array.from("20260131000000Z", (c) => c.charCodeAt(0)))}`),
    Date.UTC(2026, 0, 31),
  );
  assertThrows(() => decode(INVALIDITY_DATE, "170d3236303133313030303030305a"), "ERR_DER_UNEXPECTED_TAG");
});

test.run();
