import { decodeHex } from "../../../../core/bytes/hex.ts";
import { derContextConstructed, derInteger, derSequence, derTime } from "../../../../core/der/writer.ts";
import { encodeGeneralName } from "../../../../core/issue/general-name-encoding.ts";
import {
  crlNumberExtension,
  encodeName,
  issueRevocationList,
  type RevocationListTemplate,
} from "../../../../core/issue/mod.ts";
import { decodePem } from "../../../../core/pem/pem.ts";
import {
  CERTIFICATE_ISSUER,
  checkCertificateRevocationList,
  CRL_NUMBER,
  INVALIDITY_DATE,
  ISSUING_DISTRIBUTION_POINT,
  nameText,
  parseCertificateRevocationList,
  parseName,
  REASON_CODE,
} from "../../../../core/x509/mod.ts";
import { CRL_PEM } from "../../../vectors/x509/certificates.ts";
import { NOBODY } from "../../../support/x509-fixtures.ts";
import { assert, assertThrows, suite } from "../../../support/suite.ts";

const test = suite("core/x509/crl/certificate-revocation-list");

const ISSUER = [{ type: "CN", value: "Issuer" }];
const OTHER = [{ type: "CN", value: "Other" }];
const day = (n: number) => Date.UTC(2026, 0, n);

async function list(parts: Partial<RevocationListTemplate> = {}) {
  const der = await issueRevocationList(
    { issuer: ISSUER, thisUpdate: day(1), revokedCertificates: [], ...parts },
    NOBODY,
  );
  return parseCertificateRevocationList(der);
}

test("parseCertificateRevocationList() reads a list of OpenSSL", () => {
  const crl = parseCertificateRevocationList(decodePem(CRL_PEM)[0]!.octets);
  checkCertificateRevocationList(crl);
  assert.is(crl.version, 2);
  assert.is(nameText(crl.issuer), "CN=Example Root,O=Example Corp,C=US");
  assert.is(crl.nextUpdate! - crl.thisUpdate, 30 * 86_400_000);
  assert.is(crl.signatureAlgorithm.name, "ECDSA with SHA-256");
  assert.is(crl.decode(CRL_NUMBER), 42n);
  assert.is(crl.decode(ISSUING_DISTRIBUTION_POINT)!.onlyContainsUserCerts, true);
  assert.is(crl.extension(ISSUING_DISTRIBUTION_POINT.oid)!.critical, true);
  assert.is([...crl.entries()].length, 3);
  const seven = crl.find(Uint8Array.of(7))!;
  assert.is(seven.revocationDate, Date.UTC(2026, 1, 1));
  assert.is(seven.decode(REASON_CODE), "keyCompromise");
  assert.is(crl.find(Uint8Array.of(9))!.decode(INVALIDITY_DATE), Date.UTC(2026, 0, 31));
  assert.equal(crl.find(decodeHex("008f00000000000000000000000000000000000001")!)!.extensions, []);
  assert.is(crl.find(Uint8Array.of(8)), undefined);
});

test("parseCertificateRevocationList() reads version 1 and lists without entries", async () => {
  const crl = await list({ version: 1 });
  assert.is(crl.version, 1);
  assert.is(crl.nextUpdate, undefined);
  assert.is(crl.find(Uint8Array.of(1)), undefined);
  assert.equal([...crl.entries()], []);
  assert.is(crl.revokedCertificates.length, 0);
});

test("parseCertificateRevocationList() refuses extensions in version 1, of the list and of entries", async () => {
  const extensions = [crlNumberExtension(1)];
  let code: unknown;
  await list({ version: 1, extensions }).catch((error) => code = error.code);
  assert.is(code, "ERR_CERTIFICATE_VERSION");
  const crl = await list({
    version: 1,
    revokedCertificates: [{ serialNumber: 1, revocationDate: day(1), extensions }],
  });
  assertThrows(() => crl.find(Uint8Array.of(1)), "ERR_CERTIFICATE_VERSION");
});

test("parseCertificateRevocationList() refuses other versions, an empty list of entries and what is left over", async () => {
  const { der } = await list();
  const rebuilt = (version: Uint8Array, ...tail: Uint8Array[]) => {
    const algorithm = algorithmOf(der);
    const body = derSequence(version, algorithm, encodeName(ISSUER), derTime(day(1)), ...tail);
    return () => parseCertificateRevocationList(derSequence(body, algorithm, Uint8Array.of(3, 2, 0, 1)));
  };
  rebuilt(derInteger(1))();
  assertThrows(rebuilt(derInteger(0)), "ERR_CERTIFICATE_VERSION");
  assertThrows(rebuilt(derInteger(2)), "ERR_CERTIFICATE_VERSION");
  assertThrows(rebuilt(derInteger(1), derSequence()), "ERR_DER_VALUE");
  assertThrows(rebuilt(derInteger(1), derContextConstructed(0, derSequence())), "ERR_DER_VALUE");
  assertThrows(rebuilt(derInteger(1), derInteger(1)), "ERR_DER_TRAILING_DATA");
});

test("find() compares whole serial numbers of every length", async () => {
  const serials = [1n, 127n, 128n, 255n, 256n, -1n, 0n, (1n << 159n) + 1n, 1n << 159n, 1n << 2000n];
  const crl = await list({
    revokedCertificates: serials.map((serialNumber, i) => ({ serialNumber, revocationDate: day(i + 1) })),
  });
  for (const [i, entry] of [...crl.entries()].entries()) {
    assert.is(crl.find(entry.serialNumber)!.revocationDate, day(i + 1), String(serials[i]));
  }
  assert.is(crl.find(Uint8Array.of(0, 127)), undefined);
  assert.is(crl.find(new Uint8Array()), undefined);
});

test("find() refuses an entry on the way that is malformed", async () => {
  const entry = (serialNumber: Uint8Array<ArrayBuffer> | number) => ({ serialNumber, revocationDate: day(1) });
  const minimal = await list({ revokedCertificates: [entry(Uint8Array.of(0, 5)), entry(6)] });
  assertThrows(() => minimal.find(Uint8Array.of(6)), "ERR_DER_VALUE");
  assertThrows(() => [...minimal.entries()], "ERR_DER_VALUE");
  const { der } = await list({ revokedCertificates: [entry(1000), entry(2000)] });
  // The first serial number claims the octets of the second entry.
  const at = der.findIndex((octet, i) => octet === 2 && der[i + 2] === 3 && der[i + 3] === 0xe8);
  const longer = der.slice();
  longer[at + 1] = 30;
  assertThrows(() => parseCertificateRevocationList(longer).find(Uint8Array.of(7)), "ERR_DER_TRUNCATED");
  const tagged = der.slice();
  tagged[at] = 4;
  assertThrows(() => parseCertificateRevocationList(tagged).find(Uint8Array.of(7)), "ERR_DER_UNEXPECTED_TAG");
});

test("findIndirect() minds the certificate issuer, which holds for the entries behind it", async () => {
  const names = (template: typeof ISSUER) => ({
    oid: CERTIFICATE_ISSUER.oid,
    critical: true,
    value: derSequence(encodeGeneralName({ form: "directoryName", value: template })),
  });
  const crl = await list({
    revokedCertificates: [
      { serialNumber: 1, revocationDate: day(1) },
      { serialNumber: 1, revocationDate: day(2), extensions: [names(OTHER)] },
      { serialNumber: 2, revocationDate: day(3) },
      { serialNumber: 2, revocationDate: day(4), extensions: [names(ISSUER)] },
    ],
  });
  const find = (serial: number, issuer: typeof ISSUER) =>
    crl.findIndirect(Uint8Array.of(serial), parseName(encodeName(issuer)))?.revocationDate;
  assert.is(find(1, ISSUER), day(1));
  assert.is(find(1, OTHER), day(2));
  assert.is(find(2, OTHER), day(3));
  assert.is(find(2, ISSUER), day(4));
  assert.is(find(3, ISSUER), undefined);
  assert.is(find(1, [{ type: "CN", value: "nobody" }]), undefined);
});

test("a list answers every changed octet and every cut with a value or a coded error", () => {
  const der = decodePem(CRL_PEM)[0]!.octets.slice();
  const check = (octets: Uint8Array<ArrayBuffer>) => {
    for (const action of ["check", "find"]) {
      try {
        const crl = parseCertificateRevocationList(octets);
        if (action === "check") checkCertificateRevocationList(crl);
        else crl.find(Uint8Array.of(8));
      } catch (error) {
        if (!/^ERR_/.test(String((error as { code?: string }).code))) throw error;
      }
    }
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

/** The AlgorithmIdentifier of a list of ours. */
function algorithmOf(der: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return parseCertificateRevocationList(der).signatureAlgorithmDer;
}

test.run();
