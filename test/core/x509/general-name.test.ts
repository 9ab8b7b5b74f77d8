import { DerReader } from "../../../core/der/reader.ts";
import {
  derContextConstructed,
  derContextPrimitive,
  derInteger,
  derObjectIdentifier,
  derSequence,
  derUtf8String,
} from "../../../core/der/writer.ts";
import { encodeGeneralName, type GeneralNameTemplate } from "../../../core/issue/general-name-encoding.ts";
import { readGeneralName, readGeneralNames } from "../../../core/x509/general-name.ts";
import { nameText } from "../../../core/x509/mod.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("core/x509/general-name");

const read = (der: Uint8Array<ArrayBuffer>) => readGeneralName(new DerReader(der), "name");

test("readGeneralName() reads the forms that are text", () => {
  for (const form of ["rfc822Name", "dNSName", "uniformResourceIdentifier"] as const) {
    assert.equal(read(encodeGeneralName({ form, value: "a.example" })), { form, value: "a.example" });
  }
  assert.equal(read(encodeGeneralName({ form: "dNSName", value: "" })), { form: "dNSName", value: "" });
});

test("readGeneralName() reads the forms that are not", () => {
  const templates: GeneralNameTemplate[] = [
    { form: "otherName", oid: "1.2.3", value: derUtf8String("x") },
    { form: "iPAddress", value: Uint8Array.of(192, 0, 2, 7) },
    { form: "iPAddress", value: new Uint8Array(16) },
    { form: "registeredID", value: "1.2.3.4" },
  ];
  for (const template of templates) assert.equal(read(encodeGeneralName(template)), template);
  const directory = read(encodeGeneralName({ form: "directoryName", value: [{ type: "CN", value: "x" }] }));
  assert.ok(directory.form === "directoryName");
  assert.is(nameText(directory.value), "CN=x");
  const x400 = read(derContextConstructed(3, derSequence()));
  assert.equal(x400, { form: "x400Address", value: Uint8Array.of(0x30, 0) });
});

test("readGeneralName() reads ediPartyName with and without an assigner", () => {
  const assigner = derContextConstructed(0, derUtf8String("registry"));
  const party = derContextConstructed(1, derUtf8String("party"));
  assert.equal(read(derContextConstructed(5, party)), { form: "ediPartyName", partyName: "party" });
  assert.equal(read(derContextConstructed(5, assigner, party)), {
    form: "ediPartyName",
    nameAssigner: "registry",
    partyName: "party",
  });
  assertThrows(() => read(derContextConstructed(5, assigner)), "ERR_DER_TRUNCATED");
  assertThrows(() => read(derContextConstructed(5, derContextConstructed(1, derInteger(1)))), "ERR_DER_VALUE");
});

test("readGeneralName() refuses tags that are no form, text beyond ASCII, and addresses of a wrong length", () => {
  assertThrows(() => read(derContextPrimitive(0, new Uint8Array())), "ERR_DER_UNEXPECTED_TAG");
  assertThrows(() => read(derContextConstructed(2, new Uint8Array())), "ERR_DER_UNEXPECTED_TAG");
  assertThrows(() => read(derContextPrimitive(9, new Uint8Array())), "ERR_DER_UNEXPECTED_TAG");
  assertThrows(() => read(new Uint8Array()), "ERR_DER_TRUNCATED");
  for (const tag of [1, 2, 6]) assertThrows(() => read(derContextPrimitive(tag, Uint8Array.of(0x80))), "ERR_DER_VALUE");
  for (const length of [0, 3, 5, 8, 32]) {
    assertThrows(() => read(derContextPrimitive(7, new Uint8Array(length))), "ERR_DER_VALUE");
  }
  assertThrows(() => read(derContextPrimitive(8, Uint8Array.of(0x80))), "ERR_DER_VALUE");
});

test("readGeneralName() reads address and mask where a range is expected", () => {
  const range = derContextPrimitive(7, new Uint8Array(8));
  assert.is(readGeneralName(new DerReader(range), "name", "range").form, "iPAddress");
  const address = derContextPrimitive(7, new Uint8Array(4));
  assertThrows(() => readGeneralName(new DerReader(address), "name", "range"), "ERR_DER_VALUE");
});

test("readGeneralName() refuses octets behind the name inside its tag", () => {
  const two = derContextConstructed(4, derSequence(), derSequence());
  assertThrows(() => read(two), "ERR_DER_TRAILING_DATA");
  const other = derContextConstructed(
    0,
    derObjectIdentifier("1.2.3"),
    derContextConstructed(0, derInteger(1), derInteger(2)),
  );
  assertThrows(() => read(other), "ERR_DER_TRAILING_DATA");
});

test("readGeneralNames() refuses an empty list", () => {
  assertThrows(() => readGeneralNames(new DerReader(derSequence()), "names"), "ERR_DER_VALUE");
});

test.run();
