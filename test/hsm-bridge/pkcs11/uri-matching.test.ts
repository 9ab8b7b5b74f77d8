// runtimes: node20 node deno bun
import { CKA, CKO } from "../../../hsm-bridge/pkcs11/constants.ts";
import { parsePkcs11Uri } from "../../../hsm-bridge/pkcs11/pkcs11-uri-parsing.ts";
import type { TokenSlot } from "../../../hsm-bridge/pkcs11/slots.ts";
import { fitsModule, fitsSlot, objectUri, searchTemplate } from "../../../hsm-bridge/pkcs11/uri-matching.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("hsm-bridge/pkcs11/uri-matching");

const SLOT: TokenSlot = {
  id: 0n,
  slot: { description: "A reader 00", manufacturer: "Reader Inc.", flags: 1 },
  token: {
    label: "my token",
    manufacturer: "Token Ltd",
    model: "T1",
    serial: "0042",
    flags: 0,
    minPinLength: 4,
    maxPinLength: 8,
  },
};

test("fitsSlot() compares each attribute to the letter, without padding", () => {
  for (
    const right of [
      "pkcs11:",
      "pkcs11:slot-id=0",
      "pkcs11:token=my%20token",
      "pkcs11:token=my%20token%20%20",
      "pkcs11:manufacturer=Token%20Ltd;model=T1;serial=0042",
      "pkcs11:slot-description=A%20reader%2000;slot-manufacturer=Reader%20Inc.",
      "pkcs11:object=whatever;type=private;library-version=9;vendor=1",
    ]
  ) {
    assert.ok(fitsSlot(parsePkcs11Uri(right), SLOT), right);
  }
  for (
    const wrong of [
      "pkcs11:slot-id=1",
      "pkcs11:token=My%20token",
      "pkcs11:token=my",
      "pkcs11:token=",
      "pkcs11:serial=42",
      "pkcs11:token=my%20token;model=T2",
      "pkcs11:slot-description=A%20reader",
      "pkcs11:slot-manufacturer=x",
      "pkcs11:manufacturer=x",
    ]
  ) {
    assert.not(fitsSlot(parsePkcs11Uri(wrong), SLOT), wrong);
  }
});

test("fitsModule() compares what the URI says of the library", () => {
  const info = {
    cryptokiVersion: { major: 2, minor: 40 },
    manufacturer: "Maker",
    libraryDescription: "Library",
    libraryVersion: { major: 2, minor: 6 },
  };
  for (
    const right of [
      "pkcs11:token=x",
      "pkcs11:library-manufacturer=Maker;library-version=2.6;library-description=Library",
    ]
  ) {
    assert.ok(fitsModule(parsePkcs11Uri(right), info), right);
  }
  for (const wrong of ["library-version=2", "library-version=3.6", "library-description=x", "library-manufacturer=x"]) {
    assert.not(fitsModule(parsePkcs11Uri(`pkcs11:${wrong}`), info), wrong);
  }
});

test("searchTemplate() looks for the class that is needed, by label and id", () => {
  assert.equal(searchTemplate(parsePkcs11Uri("pkcs11:object=a;id=%01;type=cert"), "private key"), [
    { type: CKA.CLASS, value: CKO.PRIVATE_KEY },
    { type: CKA.LABEL, value: "a" },
    { type: CKA.ID, value: Uint8Array.of(1) },
  ]);
  assert.equal(searchTemplate(parsePkcs11Uri("pkcs11:"), "certificate"), [
    { type: CKA.CLASS, value: CKO.CERTIFICATE },
    { type: CKA.CERTIFICATE_TYPE, value: 0 },
  ]);
  assert.equal(searchTemplate(parsePkcs11Uri("pkcs11:"), "public key"), [{ type: CKA.CLASS, value: CKO.PUBLIC_KEY }]);
});

test("objectUri() leads back to its token", () => {
  const uri = objectUri(SLOT, { id: Uint8Array.of(0xab), object: "o", type: "cert" });
  assert.is(
    String(uri),
    "pkcs11:token=my%20token;manufacturer=Token%20Ltd;serial=0042;model=T1;object=o;id=%ab;type=cert",
  );
  assert.ok(fitsSlot(parsePkcs11Uri(String(uri)), SLOT));
});

test.run();
