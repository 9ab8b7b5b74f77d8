import { concatBytes } from "../../../core/bytes/bytes.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { encodePem } from "../../../core/pem/pem.ts";
import { readCertificates } from "../../../core/x509/mod.ts";
import { CA_PEM, LEAF_PEM } from "../../vectors/x509/certificates.ts";
import { unsignedCertificate } from "../../support/x509-fixtures.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("core/x509/read-certificates");

const KEY_PEM = encodePem("PRIVATE KEY", Uint8Array.of(0x30, 0));
const serials = (input: Uint8Array<ArrayBuffer> | string) => readCertificates(input).map((c) => c.serialNumberDecimal);

test("readCertificates() reads PEM with text between the blocks, as text and as octets", () => {
  const bundle = `subject=leaf\n${LEAF_PEM}\r\nissuer\n${CA_PEM}trailing`;
  assert.is(readCertificates(bundle).length, 2);
  assert.is(readCertificates(encodeUtf8(bundle))[1]!.serialNumberDecimal, "1");
  assert.is(readCertificates(encodeUtf8("0 s:C = US\n" + CA_PEM)).length, 1);
});

test("readCertificates() reads DER, one or several", async () => {
  const one = await unsignedCertificate({ serialNumber: 1 });
  const two = await unsignedCertificate({ serialNumber: 2 });
  assert.equal(serials(one), ["1"]);
  assert.equal(serials(concatBytes([two, one, one])), ["2", "1", "1"]);
});

test("readCertificates() passes over other blocks, or refuses them when told to", () => {
  assert.is(readCertificates(KEY_PEM + CA_PEM).length, 1);
  const error = assertThrows(
    () => readCertificates(CA_PEM + KEY_PEM, { otherBlocks: "refuse" }),
    "ERR_CERTIFICATE_UNEXPECTED_BLOCK",
  );
  assert.is(error["index"], 1);
  assert.match(error.message, "PRIVATE KEY");
});

test("readCertificates() says which certificate is malformed, and why", async () => {
  const error = assertThrows(
    () => readCertificates(CA_PEM + encodePem("CERTIFICATE", Uint8Array.of(0x30, 1, 0))),
    "ERR_CERTIFICATE_MALFORMED",
  );
  assert.is(error["index"], 1);
  assert.is((error["cause"] as { code: string }).code, "ERR_DER_UNEXPECTED_TAG");
  const der = await unsignedCertificate();
  const cut = assertThrows(
    () => readCertificates(concatBytes([der, der.subarray(0, 40)])),
    "ERR_CERTIFICATE_MALFORMED",
  );
  assert.is(cut["index"], 1);
  assert.is(cut["offset"], der.length);
});

test("readCertificates() refuses a damaged certificate block, not a damaged block of another kind", () => {
  const damaged = (label: string) => `-----BEGIN ${label}-----\n!!!!\n-----END ${label}-----\n`;
  assert.is(readCertificates(damaged("PRIVATE KEY") + CA_PEM).length, 1);
  const error = assertThrows(() => readCertificates(CA_PEM + damaged("CERTIFICATE")), "ERR_CERTIFICATE_MALFORMED");
  assert.is(error["index"], 1);
});

test("readCertificates() refuses inputs that hold no certificate, and says what they are", () => {
  const message = (input: string | Uint8Array<ArrayBuffer>) =>
    assertThrows(() => readCertificates(input), "ERR_CERTIFICATE_NOT_FOUND").message;
  assert.match(message(""), "empty");
  assert.match(message(new Uint8Array()), "empty");
  assert.match(message("hello"), "neither PEM nor DER");
  assert.match(message(Uint8Array.of(0, 1, 2, 3)), "neither PEM nor DER");
  assert.match(message(KEY_PEM), "PRIVATE KEY");
});

test("readCertificates() refuses inputs above the limits", async () => {
  assertThrows(() => readCertificates(new Uint8Array(10_000_000)), "ERR_CERTIFICATE_LIMIT");
  assertThrows(() => readCertificates("a".repeat(10_000_000)), "ERR_CERTIFICATE_LIMIT");
  const der = await unsignedCertificate();
  const many = concatBytes(Array.from({ length: 4 }, () => der));
  assertThrows(() => readCertificates(many, { maxCertificates: 3 }), "ERR_CERTIFICATE_LIMIT");
  assertThrows(() => readCertificates(CA_PEM.repeat(4), { maxCertificates: 3 }), "ERR_CERTIFICATE_LIMIT");
  assert.is(readCertificates(many, { maxCertificates: 4, maxLength: many.length }).length, 4);
});

test("readCertificates() refuses options that do not exist", () => {
  assert.throws(() => readCertificates(CA_PEM, { maxlength: 1 } as object), /"maxlength"/);
});

test.run();
