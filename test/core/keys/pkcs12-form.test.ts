import { decodeBase64 } from "../../../core/bytes/base64.ts";
import { decodeHex } from "../../../core/bytes/hex.ts";
import { encodeUtf8 } from "../../../core/bytes/text.ts";
import { isPkcs12 } from "../../../core/keys/pkcs12-form.ts";
import { decodePem } from "../../../core/pem/pem.ts";
import { assert, suite } from "../../support/suite.ts";
import { FILES, KEY, LEAF } from "../../vectors/pkcs12/files.ts";

const test = suite("core/keys/pkcs12-form");

test("isPkcs12() tells files of every length, DER and BER, and of every version", () => {
  for (const text of Object.values(FILES)) assert.ok(isPkcs12(decodeBase64(text.replace(/\s/g, ""))!));
  for (
    const start of [
      "301a020103301506092a864886f70d0107",
      "3080020103308006092a864886f70d0107",
      "3081ff020102301506092a864886f70d0107",
    ]
  ) {
    assert.ok(isPkcs12(decodeHex(`${start}01`)!), start);
    assert.not.ok(isPkcs12(decodeHex(start.slice(0, -2))!), start);
  }
});

test("isPkcs12() takes nothing else for one: keys, certificates, text, nothing", () => {
  for (const pem of [KEY, LEAF]) {
    assert.not.ok(isPkcs12(decodePem(pem)[0]!.octets));
    assert.not.ok(isPkcs12(encodeUtf8(pem)));
  }
  for (const hex of ["", "30", "3080", "3084", "30800201", "02010330800609"]) assert.not.ok(isPkcs12(decodeHex(hex)!));
});

test.run();
