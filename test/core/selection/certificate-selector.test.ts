import {
  type CertificateSelector,
  EVERY_CERTIFICATE,
  parseCertificateSelector,
  parseSelectorFile,
  selectorFilePath,
} from "../../../core/selection/certificate-selector.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("core/selection/certificate-selector");

const shown = ({ subject, issuer, serialNumber }: CertificateSelector) => [subject?.text, issuer?.text, serialNumber];
const inline = (text: string) => shown(parseCertificateSelector(text));

test("parseCertificateSelector() reads one to three items with any white space", () => {
  assert.equal(inline("Key=x509Subject,Value=CN=Subject"), ["CN=Subject", undefined, undefined]);
  assert.equal(inline("  Key=x509Subject,Value=CN=Subject\t"), ["CN=Subject", undefined, undefined]);
  const all = ["CN=Subject", "CN=Issuer,O=X", "15d19632234bf759a32802c0da88f9e8afc8702d"];
  for (const space of [" ", "\t", "\n", "\r\n  \t"]) {
    const text = [
      "Key=x509Subject,Value=CN=Subject",
      "Key=x509Issuer,Value=CN=Issuer,O=X",
      "Key=x509Serial,Value=15D19632234BF759A32802C0DA88F9E8AFC8702D",
    ].join(space);
    assert.equal(inline(text), all, JSON.stringify(space));
    assert.equal(inline(`${space}${text}${space}`), all);
  }
});

test("parseCertificateSelector() keeps white space and key words inside of a value", () => {
  assert.equal(
    inline("Key=x509Subject,Value=  CN=With Trailing Spaces  ,O=X  Key=x509Issuer,Value=CN=a,Value=b"),
    ["CN=With Trailing Spaces  ,O=X", "CN=a,Value=b", undefined],
  );
});

test("parseCertificateSelector() reads serial numbers in every dress", () => {
  for (
    const [text, number] of [
      ["0a1B", "a1b"],
      ["000A1b", "a1b"],
      ["0A:1B", "a1b"],
      ["00:0a:1b", "a1b"],
      ["0x0a1b", "a1b"],
      ["+a1b", "a1b"],
      ["-0A1B", "-a1b"],
      ["0", "0"],
      ["-00", "0"],
      ["00:00", "0"],
    ] as const
  ) {
    assert.is(parseCertificateSelector(`Key=x509Serial,Value=${text}`).serialNumber, number, text);
  }
  for (const text of ["g", "0x", "--1", "1 2", "0a:1", "0a:", "a:1b", "0a::1b", "1.5", "zoë"]) {
    const error = assertThrows(() => parseCertificateSelector(`Key=x509Serial,Value=${text}`), "ERR_SELECTOR_SERIAL");
    assert.match(error.message, "is not hexadecimal");
  }
});

test("parseCertificateSelector() reports what is no selector", () => {
  for (
    const text of [
      "",
      "  ",
      "x509Subject",
      "Key=x509Subject",
      "Key=x509Subject,Value=",
      "Key=x509Subject,Value=  ",
      "Key=,Value=a",
      "garbage Key=x509Subject,Value=CN=a",
      "key=x509Subject,value=CN=a",
      "Value=CN=a,Key=x509Subject",
      "Key=x509Subject, Value=CN=a",
      "Key=x509Subject,Value=CN=a\nb",
      "Key=x509Subject,Value=CN=MonKey=a",
      "Key=x509Subject,Value=Key=x509Issuer,Value=b",
      `Key=x509Subject,Value=${"a".repeat(70_000)}`,
    ]
  ) {
    const error = assertThrows(() => parseCertificateSelector(text), "ERR_SELECTOR_SYNTAX");
    assert.match(error.message, "unable to parse cert selector string");
  }
});

test("parseCertificateSelector() reports unknown and duplicate keys, and escapes what is not seen", () => {
  for (const key of ["x509subject", "Subject", "x509Subject ", "__proto__", "constructor"]) {
    assertThrows(() => parseCertificateSelector(`Key=${key},Value=a`), "ERR_SELECTOR_KEY");
  }
  const twice = "Key=x509Issuer,Value=a Key=x509Issuer,Value=a";
  assert.match(
    assertThrows(() => parseCertificateSelector(twice), "ERR_SELECTOR_DUPLICATE").message,
    "duplicate x509Issuer keys can't be present",
  );
  const { message } = assertThrows(() => parseCertificateSelector("Key=\u202ea\u001b,Value=a"), "ERR_SELECTOR_KEY");
  assert.match(message, /^[ -~]*$/);
});

test("parseCertificateSelector() reads a JSON array in place", () => {
  assert.equal(inline(' [{"Key":"x509Subject","Value":"CN=a"}]'), ["CN=a", undefined, undefined]);
  assertThrows(() => parseCertificateSelector("[1"), "ERR_SELECTOR_SYNTAX");
});

test("parseSelectorFile() reads members in any case, passes over others, and takes nothing for everything", () => {
  const all = parseSelectorFile(`\ufeff[
    {"Key": "x509Subject", "Value": "CN=a"},
    {"key": "x509Issuer", "VALUE": " CN=b ", "Comment": 1},
    {"Key": "x509Serial", "Value": "0F"}
  ]`);
  assert.equal(shown(all), ["CN=a", " CN=b ", "f"]);
  for (const json of ["[]", "null", '[{"Key":"x509Subject","Value":""}]', '[{"Key":"x509Subject"}]']) {
    assert.equal(parseSelectorFile(json), EVERY_CERTIFICATE, json);
  }
});

test("parseSelectorFile() reports everything else", () => {
  for (
    const json of [
      "",
      "x",
      "{}",
      '"x"',
      "1",
      "[1]",
      "[null]",
      "[[]]",
      '{"Key":"x509Subject","Value":"CN=a"}',
      '[{"Key":1,"Value":"a"}]',
      '[{"Key":"x509Subject","Value":{}}]',
      "[".repeat(60_000),
    ]
  ) {
    assertThrows(() => parseSelectorFile(json), "ERR_SELECTOR_SYNTAX");
  }
  for (const json of ["[{}]", '[{"Name":"x509Subject","Value":"a"}]', '[{"Key":"x509Subjects","Value":""}]']) {
    assertThrows(() => parseSelectorFile(json), "ERR_SELECTOR_KEY");
  }
  const twice = '[{"Key":"x509Subject","Value":""},{"Key":"x509Subject","Value":"a"}]';
  assertThrows(() => parseSelectorFile(twice), "ERR_SELECTOR_DUPLICATE");
});

test("selectorFilePath() tells files, whose paths it does not decode", () => {
  assert.is(selectorFilePath("file:///etc/a%20b.json"), "/etc/a%20b.json");
  assert.is(selectorFilePath("file://selector.json"), "selector.json");
  assert.is(selectorFilePath("Key=x509Subject,Value=file://a"), undefined);
  assert.is(selectorFilePath("FILE://a"), undefined);
});

test.run();
