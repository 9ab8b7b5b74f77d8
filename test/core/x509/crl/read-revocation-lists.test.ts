import { type Bytes, concatBytes } from "../../../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../../../core/bytes/text.ts";
import { issueRevocationList } from "../../../../core/issue/mod.ts";
import { encodePem } from "../../../../core/pem/pem.ts";
import { MAX_CRLS, readCertificateRevocationLists } from "../../../../core/x509/mod.ts";
import { NOBODY } from "../../../support/x509-fixtures.ts";
import { assert, assertThrows, suite } from "../../../support/suite.ts";

const test = suite("core/x509/crl/read-revocation-lists");

function list(day: number): Promise<Bytes> {
  return issueRevocationList({
    issuer: [{ type: "CN", value: "Issuer" }],
    thisUpdate: Date.UTC(2026, 0, day),
    revokedCertificates: [],
  }, NOBODY);
}

const days = (input: Bytes | string): number[] =>
  readCertificateRevocationLists(input).map(({ thisUpdate }) => new Date(thisUpdate).getUTCDate());

test("readCertificateRevocationLists() reads PEM, as text and as octets, and DER, one and several", async () => {
  const one = await list(1);
  const two = await list(2);
  const pem = `first\n${encodePem("X509 CRL", one)}\n${encodePem("CERTIFICATE", two)}${encodePem("X509 CRL", two)}`;
  assert.equal(days(one), [1]);
  assert.equal(days(concatBytes([one, two])), [1, 2]);
  assert.equal(days(pem), [1, 2]);
  assert.equal(days(`\ufeff${pem.replaceAll("\n", "\r\n")}`), [1, 2]);
  assert.equal(days(encodeUtf8(pem)), [1, 2]);
  // The digit 0 is the octet that DER begins with.
  for (const text of ["0\n", "0 revoked\n", "0x10\n"]) assert.equal(days(encodeUtf8(text + pem)), [1, 2]);
});

test("readCertificateRevocationLists() says which list is malformed and where", async () => {
  const one = await list(1);
  const broken = one.slice();
  broken[one.length - 1 - 4 - 1]! ^= 1;
  const cut = assertThrows(
    () => readCertificateRevocationLists(concatBytes([one, one.slice(0, 50)])),
    "ERR_CERTIFICATE_MALFORMED",
  );
  assert.is(cut["index"], 1);
  assert.is(cut["offset"], one.length);
  const pem = `${encodePem("X509 CRL", one)}${encodePem("X509 CRL", broken)}`;
  const second = assertThrows(() => readCertificateRevocationLists(pem), "ERR_CERTIFICATE_MALFORMED");
  assert.is(second["index"], 1);
  assert.is(second["offset"], encodePem("X509 CRL", one).length);
});

test("readCertificateRevocationLists() refuses inputs without a list, damaged blocks and too many lists", async () => {
  for (const input of ["", "text", encodePem("CERTIFICATE", await list(1)), new Uint8Array(0)]) {
    assertThrows(() => readCertificateRevocationLists(input), "ERR_PEM_MISSING");
  }
  const pem = encodePem("X509 CRL", await list(1));
  assertThrows(() => readCertificateRevocationLists(pem.replace("-----END", "x")), "ERR_PEM_MALFORMED");
  assertThrows(() => readCertificateRevocationLists(pem.repeat(MAX_CRLS + 1)), "ERR_CERTIFICATE_LIMIT");
});

test.run();
