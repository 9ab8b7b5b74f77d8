import { encodeHex } from "../../../core/bytes/hex.ts";
import {
  derBitString,
  derBoolean,
  derContextConstructed,
  derContextPrimitive,
  derInteger,
  derObjectIdentifier,
  derOctetString,
  derSequence,
  derTime,
} from "../../../core/der/writer.ts";
import { basicConstraintsExtension, encodeName, keyUsageExtension } from "../../../core/issue/mod.ts";
import { checkCertificate, nameText, parseCertificate, readCertificates } from "../../../core/x509/mod.ts";
import { LEAF_PEM } from "../../vectors/x509/certificates.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";
import { BASE_POINT_SPKI, unsignedCertificate } from "../../support/x509-fixtures.ts";

const test = suite("core/x509/certificate");

const ALGORITHM = derSequence(derObjectIdentifier("1.2.840.10045.4.3.2"));
const NAME = encodeName([{ type: "CN", value: "x" }]);
const VALIDITY = derSequence(derTime(0), derTime(0));

/** A certificate of these fields, from the version on. */
function assemble(
  fields: { version?: Uint8Array; inner?: Uint8Array; outer?: Uint8Array; tail?: Uint8Array[]; signature?: Uint8Array },
) {
  const { version, inner = ALGORITHM, outer = ALGORITHM, tail = [], signature = derBitString(new Uint8Array(4)) } =
    fields;
  const versions = version === undefined ? [] : [derContextConstructed(0, version)];
  const tbs = derSequence(...versions, derInteger(1), inner, NAME, VALIDITY, NAME, BASE_POINT_SPKI, ...tail);
  return derSequence(tbs, outer, signature);
}

const EXTENSION = derSequence(derObjectIdentifier("1.2.3"), derOctetString(new Uint8Array(1)));
const extensions = (...list: Uint8Array[]) => derContextConstructed(3, derSequence(...list));

test("parseCertificate() finds every field of a certificate", async () => {
  const der = await unsignedCertificate({ serialNumber: 0x1234567890abcdef1234567890abcdefn });
  const certificate = parseCertificate(der);
  assert.is(certificate.version, 1);
  assert.is(certificate.serialNumberHex, "1234567890abcdef1234567890abcdef");
  assert.is(certificate.serialNumberDecimal, "24197857200151252728969465429440056815");
  assert.is(nameText(certificate.issuer), "CN=Issuer,O=Example");
  assert.is(nameText(certificate.subject), "CN=edge-7,O=Example");
  assert.is(certificate.notBefore, Date.UTC(2026, 0, 1));
  assert.is(certificate.notAfter, Date.UTC(2027, 0, 1));
  assert.equal(certificate.spki, BASE_POINT_SPKI);
  assert.is(certificate.publicKey.type, "ec");
  assert.is(certificate.signatureAlgorithm.name, "ECDSA with SHA-256");
  assert.equal(certificate.signatureAlgorithmDer, ALGORITHM);
  assert.equal(certificate.signature, Uint8Array.of(1, 2, 3, 4));
  assert.equal(certificate.extensions, []);
  assert.is(certificate.basicConstraints, undefined);
  assert.is(encodeHex(certificate.tbsCertificate.subarray(0, 4)), encodeHex(der.subarray(3, 7)));
});

test("parseCertificate() decodes each part once", async () => {
  const certificate = parseCertificate(await unsignedCertificate({ extensions: [keyUsageExtension(["cRLSign"])] }));
  assert.ok(certificate.issuer === certificate.issuer);
  assert.ok(certificate.extensions === certificate.extensions);
  assert.ok(certificate.keyUsage === certificate.keyUsage);
  assert.ok(certificate.publicKey === certificate.publicKey);
});

test("parseCertificate() accepts serial numbers that the profile forbids", async () => {
  const serial = async (serialNumber: bigint) => parseCertificate(await unsignedCertificate({ serialNumber }));
  assert.is((await serial(0n)).serialNumberHex, "0");
  assert.is((await serial(-255n)).serialNumberDecimal, "-255");
  assert.is((await serial(-255n)).serialNumberHex, "-ff");
  assert.is((await serial(1n << 200n)).serialNumberDecimal, String(1n << 200n));
});

test("parseCertificate() refuses a serial number that is not minimal or has no octets", async () => {
  const der = await unsignedCertificate({ serialNumber: Uint8Array.of(0, 1) });
  const error = assertThrows(() => parseCertificate(der), "ERR_DER_VALUE");
  assert.is(error["reading"], "tbsCertificate.serialNumber");
  assert.is(der[error["offset"] as number], 2);
  const empty = await unsignedCertificate({ serialNumber: new Uint8Array() });
  assertThrows(() => parseCertificate(empty), "ERR_DER_VALUE");
});

test("parseCertificate() knows versions 1, 2 and 3 only, and version 1 by its absence only", () => {
  assert.is(parseCertificate(assemble({})).version, 1);
  assert.is(parseCertificate(assemble({ version: derInteger(1) })).version, 2);
  assert.is(parseCertificate(assemble({ version: derInteger(2) })).version, 3);
  for (const version of [0, 3, -1, 256, 2 ** 40]) {
    assertThrows(() => parseCertificate(assemble({ version: derInteger(version) })), "ERR_CERTIFICATE_VERSION");
  }
});

test("parseCertificate() refuses fields that the version does not have", () => {
  const v3 = derInteger(2);
  const v2 = derInteger(1);
  const unique = derContextPrimitive(1, Uint8Array.of(0, 1));
  assert.is(parseCertificate(assemble({ version: v3, tail: [extensions(EXTENSION)] })).extensions.length, 1);
  assertThrows(
    () => parseCertificate(assemble({ version: v2, tail: [extensions(EXTENSION)] })),
    "ERR_CERTIFICATE_VERSION",
  );
  assertThrows(() => parseCertificate(assemble({ tail: [extensions(EXTENSION)] })), "ERR_CERTIFICATE_VERSION");
  assert.is(parseCertificate(assemble({ version: v2, tail: [unique] })).version, 2);
  assertThrows(() => parseCertificate(assemble({ tail: [unique] })), "ERR_CERTIFICATE_VERSION");
});

test("parseCertificate() refuses algorithm identifiers that differ", () => {
  const other = derSequence(derObjectIdentifier("1.2.840.10045.4.3.3"));
  const error = assertThrows(() => parseCertificate(assemble({ outer: other })), "ERR_CERTIFICATE_ALGORITHM_MISMATCH");
  assert.type(error["offset"], "number");
});

test("parseCertificate() accepts an unknown signature algorithm and says so", () => {
  const unknown = derSequence(derObjectIdentifier("1.2.3.4"), derInteger(1));
  const certificate = parseCertificate(assemble({ inner: unknown, outer: unknown }));
  assert.equal(certificate.signatureAlgorithm, { scheme: "unknown", name: "1.2.3.4", oid: "1.2.3.4" });
});

test("parseCertificate() refuses a signature that is no BIT STRING of whole octets", () => {
  for (const signature of [derBitString(Uint8Array.of(8), 3), derOctetString(new Uint8Array(1)), Uint8Array.of(3, 0)]) {
    assert.match(String(thrownCode(() => parseCertificate(assemble({ signature })))), /^ERR_DER_/);
  }
});

test("parseCertificate() refuses what follows a certificate or a field", () => {
  const der = assemble({});
  const longer = new Uint8Array(der.length + 1);
  longer.set(der);
  assertThrows(() => parseCertificate(longer), "ERR_DER_TRAILING_DATA");
  assertThrows(() => parseCertificate(assemble({ tail: [derInteger(1)] })), "ERR_DER_TRAILING_DATA");
});

test("parseCertificate() refuses an empty and an enormous input", () => {
  assertThrows(() => parseCertificate(new Uint8Array()), "ERR_DER_TRUNCATED");
  assertThrows(() => parseCertificate(new Uint8Array(2 ** 21)), "ERR_DER_SIZE");
});

test("extensions are refused when there is none, when two are of one type, and when octets are left over", () => {
  const list = (...items: Uint8Array[]) =>
    thrownCode(() => parseCertificate(assemble({ version: derInteger(2), tail: [extensions(...items)] })).extensions);
  assert.is(list(), "ERR_DER_VALUE");
  assert.is(list(EXTENSION, EXTENSION), "ERR_CERTIFICATE_DUPLICATE_EXTENSION");
  assert.is(
    list(derSequence(derObjectIdentifier("1.2.3"), derOctetString(new Uint8Array()), derBoolean(true))),
    "ERR_DER_LENGTH",
  );
  assert.is(
    list(
      ...Array.from(
        { length: 101 },
        (_, i) => derSequence(derObjectIdentifier(`1.2.${i}`), derOctetString(new Uint8Array())),
      ),
    ),
    "ERR_DER_SIZE",
  );
});

test("extensions may write critical out as FALSE", () => {
  const extension = derSequence(derObjectIdentifier("1.2.3"), derBoolean(false), derOctetString(Uint8Array.of(5)));
  const [only] = parseCertificate(assemble({ version: derInteger(2), tail: [extensions(extension)] })).extensions;
  assert.is(only!.critical, false);
  assert.equal(only!.value, Uint8Array.of(5));
});

test("an extension that is malformed does not stop the others, and its error tells its place", async () => {
  const der = await unsignedCertificate({
    extensions: [
      { oid: "2.5.29.15", critical: true, value: Uint8Array.of(4, 0) },
      basicConstraintsExtension({ ca: true }),
    ],
  });
  const certificate = parseCertificate(der);
  assert.equal(certificate.basicConstraints, { ca: true });
  const error = assertThrows(() => certificate.keyUsage, "ERR_DER_UNEXPECTED_TAG");
  assert.is(der[error["offset"] as number], 4);
  assert.is(error["offset"], certificate.extension("2.5.29.15")!.offset);
});

test("publicKey of an unsupported kind does not stop the rest", async () => {
  const spki = derSequence(derSequence(derObjectIdentifier("1.2.3.4")), derBitString(new Uint8Array(4)));
  const certificate = parseCertificate(await unsignedCertificate({ publicKey: spki }));
  assert.equal(certificate.spki, spki);
  assertThrows(() => certificate.publicKey, "ERR_KEY_UNSUPPORTED");
});

test("checkCertificate() accepts a certificate of OpenSSL with every extension", () => {
  const [certificate] = readCertificates(LEAF_PEM);
  checkCertificate(certificate!);
  assert.is(certificate!.serialNumberHex, "8f00000000000000000000000000000000000001");
  assert.is(certificate!.subject.attribute("2.5.4.11"), "Zürich");
});

test("checkCertificate() refuses text that breaks the rules of its type", async () => {
  const subject = encodeName([{ type: "CN", value: Uint8Array.of(0x13, 1, 0x40) }]);
  const error = assertThrows(
    () => checkCertificate(parseCertificate(assemble({}))) ?? checkNamed(subject),
    "ERR_DER_VALUE",
  );
  assert.is(error["reading"], "tbsCertificate.subject");
  function checkNamed(name: Uint8Array): void {
    const tbs = derSequence(derInteger(1), ALGORITHM, NAME, VALIDITY, name, BASE_POINT_SPKI);
    checkCertificate(parseCertificate(derSequence(tbs, ALGORITHM, derBitString(new Uint8Array(1)))));
  }
});

test("parseCertificate() and checkCertificate() answer every changed octet and every cut with a value or a coded error", () => {
  const [certificate] = readCertificates(LEAF_PEM);
  const der = certificate!.der.slice();
  const check = (octets: Uint8Array<ArrayBuffer>) => {
    const code = thrownCode(() => {
      const parsed = parseCertificate(octets);
      checkCertificate(parsed);
      return [parsed.serialNumberHex, parsed.subject.comparisonKey, nameText(parsed.subject)];
    });
    assert.match(code ?? "ERR_", /^ERR_/);
  };
  for (let i = 0; i < der.length; i++) {
    check(der.slice(0, i));
    const before = der[i]!;
    for (const value of [before ^ 1, before ^ 0x80, before ^ 0x20, 0, 0xff, (before + 1) & 0xff]) {
      der[i] = value;
      check(der);
    }
    der[i] = before;
  }
});

/** The code of what the action throws; undefined: nothing. An error without a code fails the test. */
function thrownCode(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    const { code } = error as { readonly code?: string };
    if (code === undefined) throw error;
    return code;
  }
}

test.run();
