import type { Bytes } from "../../../core/bytes/bytes.ts";
import {
  derElement,
  derIa5String,
  derObjectIdentifier,
  derPrintableString,
  derSequence,
  derSetOf,
  derUtf8String,
} from "../../../core/der/writer.ts";
import { fitsSpelling, readNameSpelling } from "../../../core/selection/name-spelling.ts";
import { helperNameText } from "../../../core/x509/helper-name-text.ts";
import { nameText } from "../../../core/x509/name-text.ts";
import { type Name, parseName } from "../../../core/x509/name.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/selection/name-spelling");

const attribute = (oid: string, value: Bytes) => derSequence(derObjectIdentifier(oid), value);
const name = (...rdns: (readonly (readonly [string, Bytes])[])[]): Name =>
  parseName(derSequence(...rdns.map((rdn) => derSetOf(...rdn.map(([oid, value]) => attribute(oid, value))))));
const utf8 = (oid: string, text: string) => [[oid, derUtf8String(text)]] as const;
const fits = (each: Name, text: string) => fitsSpelling(each, readNameSpelling(text));

/** The names of the credential helper's specification: every attribute type, every escape. */
const ODD = name(
  [["0.9.2342.19200300.100.1.25", derIa5String("com")]],
  [["0.9.2342.19200300.100.1.25", derIa5String("example")]],
  utf8("2.5.4.11", "Employees"),
  utf8("2.5.4.11", " lead #x"),
  utf8("2.5.4.3", "first"),
  utf8("2.5.4.3", '#Zoë;<b>"q"'),
  [["1.2.840.113549.1.9.1", derIa5String("who@example.com")]],
  utf8("0.9.2342.19200300.100.1.1", "u1"),
  [["2.5.4.5", derPrintableString("77")]],
  utf8("2.5.4.12", "Dr"),
  utf8("2.5.4.42", "Jo"),
  utf8("2.5.4.17", "123"),
  utf8("2.5.4.9", "Main, St"),
  utf8("2.5.4.7", "Town"),
  utf8("2.5.4.8", "ST"),
  [["2.5.4.6", derPrintableString("US")]],
);

const EDGE = name(
  [["2.5.4.6", derPrintableString("US")]],
  utf8("2.5.4.10", "Example, Inc."),
  utf8("2.5.4.11", "a"),
  utf8("2.5.4.11", "b"),
  utf8("2.5.4.3", "edge-7"),
);

test("fitsSpelling() takes the helper's canonical form to the letter", () => {
  const canonical = helperNameText(ODD);
  assert.match(canonical, /^SERIALNUMBER=77,CN=\\#Zoë\\;\\<b\\>\\"q\\",OU=Employees\+OU=\\ lead #x,POSTALCODE=123,/);
  assert.ok(fits(ODD, canonical));
  assert.not.ok(fits(ODD, canonical.replace("Zoë", "zoë")));
  assert.not.ok(fits(ODD, `${canonical} `));
  assert.ok(fits(EDGE, "CN=edge-7,OU=a+OU=b,O=Example\\, Inc.,C=US"));
});

test("fitsSpelling() takes RFC 4514, OpenSSL and Windows, in both directions", () => {
  for (
    const text of [
      nameText(EDGE),
      "CN=edge-7,OU=b,OU=a,O=Example\\, Inc.,C=US",
      "C=US,O=Example\\, Inc.,OU=a,OU=b,CN=edge-7",
      'C = US, O = "Example, Inc.", OU = a, OU = b, CN = edge-7', // openssl x509 -subject
      "/C=US/O=Example, Inc./OU=a/OU=b/CN=edge-7", // openssl -nameopt compat
      'CN=edge-7, OU=b, OU=a, O="Example, Inc.", C=US', // certutil, PowerShell
      "cn=edge-7;ou=b;ou=a;o=Example\\2c Inc.;c=US",
      "2.5.4.3=edge-7,OID.2.5.4.11=b,OU=a,O=Example\\, Inc.,C=US",
      "CN=#0c06656467652d37,OU=b,OU=a,O=Example\\, Inc.,C=#13025553",
      "commonName=edge-7, organizationalUnitName=b, OU=a, O=Example\\, Inc., countryName=US",
    ]
  ) assert.ok(fits(EDGE, text), text);
  assert.ok(fits(ODD, nameText(ODD)));
});

test("fitsSpelling() refuses other names", () => {
  for (
    const text of [
      "",
      "CN=edge-7",
      "CN=Edge-7,OU=b,OU=a,O=Example\\, Inc.,C=US",
      "CN=edge-7,OU=a,OU=b,O=Example\\, Inc.,C=US", // neither direction
      "CN=edge-7+OU=b,OU=a,O=Example\\, Inc.,C=US",
      "CN=edge-7,OU=b,OU=a,O=Example,C=US",
      "CN=edge-7,OU=b,OU=a,O=Example\\, Inc.,C=US,C=US",
      "CN=#0c06656467652d38,OU=b,OU=a,O=Example\\, Inc.,C=US",
      "SN=edge-7,OU=b,OU=a,O=Example\\, Inc.,C=US",
    ]
  ) assert.not.ok(fits(EDGE, text), text);
});

test("fitsSpelling() takes the attributes of a relative name in any order, each once", () => {
  const both = name([["2.5.4.3", derUtf8String("x")], ["2.5.4.11", derUtf8String("y")]], utf8("2.5.4.10", "z"));
  for (const text of ["O=z,CN=x+OU=y", "O=z,OU=y+CN=x", "OU = y + CN = x, O = z"]) assert.ok(fits(both, text), text);
  for (const text of ["O=z,CN=x+CN=x", "O=z,CN=x", "O=z,CN=x,OU=y"]) assert.not.ok(fits(both, text), text);
});

test("fitsSpelling() minds escaped blanks, octets of UTF-8, quotation marks and slashes", () => {
  const one = (text: string) => name(utf8("2.5.4.3", text));
  assert.ok(fits(one(" a "), "CN=\\ a\\ "));
  assert.ok(fits(one(" a "), "CN = \\20a\\20 "));
  assert.ok(fits(one("a"), "CN=  a  "));
  assert.ok(fits(one("a\\"), "CN=a\\\\  "));
  assert.ok(fits(one("Zoë"), "CN=Zo\\C3\\AB"));
  assert.ok(fits(one('say "hi"'), 'CN="say ""hi"""'));
  assert.ok(fits(one('say "hi"'), 'CN="say \\"hi\\""'));
  assert.not.ok(fits(one("a/b=c"), "/CN=a/b=c")); // b could be a type, and is none that anybody writes
  assert.ok(fits(one("a/b"), "/CN=a/b"));
  assert.ok(fits(one(""), "CN="));
});

test("readNameSpelling() keeps text that follows no rule, which fits nothing but itself", () => {
  for (
    const text of [
      "",
      "x",
      "CN",
      "=x",
      "CN=a,",
      "CN=a,b",
      'CN="a',
      'CN="a"b',
      "CN=#0",
      "CN=#0c05",
      "CN=\\",
      "CN=\\ff",
      "/x",
      "/",
      "FOO=a",
    ]
  ) {
    assert.is(readNameSpelling(text).rdns, undefined, text);
    assert.is(readNameSpelling(text).text, text);
  }
});

test("fitsSpelling() compares values that are no text as octets", () => {
  const odd = name([["2.5.4.45", derElement(0x03, Uint8Array.of(0, 1, 2))]]);
  assert.ok(fits(odd, "2.5.4.45=#0303000102"));
  assert.not.ok(fits(odd, "2.5.4.45=#0303000103"));
  assert.not.ok(fits(odd, "2.5.4.45=x"));
});

test.run();
