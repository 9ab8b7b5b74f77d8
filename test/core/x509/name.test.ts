import type { DerError } from "../../../core/der/der-error.ts";
import { DerReader } from "../../../core/der/reader.ts";
import {
  derBitString,
  derElement,
  derInteger,
  derObjectIdentifier,
  derSequence,
  derSetOf,
  derUtf8String,
} from "../../../core/der/writer.ts";
import { type AttributeTemplate, encodeName } from "../../../core/issue/mod.ts";
import { helperNameText, nameText, parseName } from "../../../core/x509/mod.ts";
import { readRelativeName, type RelativeDistinguishedName } from "../../../core/x509/name.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("core/x509/name");

const of = (...rdns: (AttributeTemplate | AttributeTemplate[])[]) => parseName(encodeName(rdns));
const cn = (value: string | Uint8Array<ArrayBuffer>) => of({ type: "CN", value });
const text = (tag: number, ...octets: number[]) => derElement(tag, Uint8Array.from(octets));

test("parseName() tells type, tag, value and text of each attribute", () => {
  const name = of([{ type: "O", value: "Exämple" }, { type: "UID", value: "u" }], { type: "CN", value: "edge" });
  assert.is(name.rdns.length, 2);
  const [uid, o] = name.rdns[0]![0]!.oid === "2.5.4.10" ? [...name.rdns[0]!].reverse() : name.rdns[0]!;
  assert.is(o!.text, "Exämple");
  assert.is(o!.tag, 0x0c);
  assert.equal(o!.value, Uint8Array.of(0x45, 0x78, 0xc3, 0xa4, 0x6d, 0x70, 0x6c, 0x65));
  assert.is(uid!.oid, "0.9.2342.19200300.100.1.1");
  assert.is(name.attribute("2.5.4.3"), "edge");
  assert.is(name.attribute("2.5.4.4"), undefined);
  assert.is(of().empty, true);
  assert.is(name.empty, false);
});

test("parseName() reads text longer than the short way takes", () => {
  assert.is(cn("a".repeat(1000)).attribute("2.5.4.3"), "a".repeat(1000));
  assert.is(cn(derUtf8String("b".repeat(256))).attribute("2.5.4.3"), "b".repeat(256));
});

test("parseName() accepts values that are no text and leaves their text out", () => {
  const name = cn(derBitString(Uint8Array.of(1)));
  assert.is(name.rdns[0]![0]!.text, undefined);
  assert.is(name.equals(cn(derBitString(Uint8Array.of(1)))), true);
});

test("parseName() refuses empty relative names, wrong tags and elements that do not fit", () => {
  const attribute = derSequence(derObjectIdentifier("2.5.4.3"), derUtf8String("x"));
  assertThrows(() => parseName(derSequence(derSetOf())), "ERR_DER_VALUE");
  assertThrows(() => parseName(derSequence(attribute)), "ERR_DER_UNEXPECTED_TAG");
  assertThrows(() => parseName(derSequence(derSetOf(derSequence()))), "ERR_DER_TRUNCATED");
  assertThrows(() => parseName(derSequence(derSetOf(derSequence(derUtf8String("x"))))), "ERR_DER_UNEXPECTED_TAG");
  const long = derSequence(derObjectIdentifier("2.5.4.3"), derUtf8String("x"), derInteger(1));
  assertThrows(() => parseName(derSequence(derSetOf(long))), "ERR_DER_TRAILING_DATA");
  const short = attribute.slice();
  short[1] = 3;
  assertThrows(() => parseName(derSequence(derSetOf(short))), "ERR_DER_TRUNCATED");
  assertThrows(() => parseName(derSequence(derElement(0x31, attribute, Uint8Array.of(0x30)))), "ERR_DER_TRUNCATED");
});

test("parseName() reads relative names of the usual form as readRelativeName() reads them, malformed or not", () => {
  const usual = encodeName([{ type: "CN", value: "edge" }]);
  const long = encodeName([{ type: "O", value: "o".repeat(130) }]);
  const outcomes = new Set<string>();
  for (const name of [usual, long]) {
    for (let at = 0; at < 14; at++) {
      for (let octet = 0; octet < 256; octet++) {
        const mutated = name.slice();
        mutated[at] = octet;
        const [short, plain] = [() => parseName(mutated).rdns, () => readPlainly(mutated)].map(outcomeOf);
        assert.equal(short, plain, `${octet} at ${at}`);
        outcomes.add(JSON.stringify(plain));
      }
    }
  }
  assert.ok(outcomes.size > 500, `${outcomes.size} different outcomes`);
});

/** The relative names of a Name, each by the way that takes all forms. */
function readPlainly(der: Uint8Array<ArrayBuffer>) {
  const reader = new DerReader(der);
  const sequence = reader.sequence("Name");
  const rdns = [];
  while (!sequence.done) rdns.push(readRelativeName(sequence, 0x31, "Name"));
  reader.finish("Name");
  return rdns;
}

function outcomeOf(read: () => readonly RelativeDistinguishedName[]): unknown {
  try {
    return read().map((rdn) => rdn.map(({ oid, tag, text, value }) => [oid, tag, text, [...value]]));
  } catch (error) {
    const { code, offset, message } = error as DerError;
    return { code, offset, message };
  }
}

test("Name.equals() ignores case, white space and string type of text", () => {
  const name = cn("Example  Corp");
  for (const other of ["example corp", " EXAMPLE CORP ", "Example\tCorp"]) assert.ok(name.equals(cn(other)), other);
  assert.ok(name.equals(cn(derUtf8String("Example Corp"))));
  assert.ok(name.equals(cn(text(0x1e, ...[..."Example Corp"].flatMap((c) => [0, c.charCodeAt(0)])))));
  assert.not(name.equals(cn("ExampleCorp")));
});

test("Name.equals() folds letters beyond ASCII", () => {
  assert.ok(cn("STRASSE").equals(cn("Straße")));
  assert.ok(cn("Zürich").equals(cn("ZU\u0308RICH")));
  assert.not(cn("Zürich").equals(cn("Zurich")));
});

test("Name.equals() compares TeletexString as octets", () => {
  const lower = cn(text(0x14, 0x61));
  assert.ok(lower.equals(cn(text(0x14, 0x61))));
  assert.not(lower.equals(cn(text(0x14, 0x41))));
  assert.not(lower.equals(cn("a")));
});

test("Name.equals() minds the order of relative names, not that of the attributes in one", () => {
  const a = { type: "CN", value: "a" };
  const b = { type: "O", value: "b" };
  assert.ok(of([a, b]).equals(of([b, a])));
  assert.not(of(a, b).equals(of(b, a)));
  assert.not(of(a, b).equals(of([a, b])));
  assert.not(of(a).equals(of(a, a)));
  assert.not(of([a, a]).equals(of(a)));
  assert.ok(of().equals(of()));
});

test("Name.equals() is false for malformed text, even against itself", () => {
  const name = cn(text(0x13, 0x40));
  assert.not(name.equals(name));
  assert.is(name.comparisonKey, undefined);
});

test("Name.comparisonKey keeps apart what only looks alike", () => {
  const tricky = of({ type: "CN", value: "a;2.5.4.10=1:b" });
  assert.not(tricky.equals(of({ type: "CN", value: "a" }, { type: "O", value: "b" })));
  assert.not(cn("#19#61").equals(cn(text(0x02, 0x61))));
});

test("nameText() writes RFC 4514", () => {
  const name = of(
    { type: "DC", value: "com" },
    { type: "O", value: 'Sue, "Grabbit" + <Runn>; \\' },
    [{ type: "OU", value: "#1" }, { type: "CN", value: " x " }],
    { type: "emailAddress", value: "a@b" },
    { type: "L", value: " " },
    { type: "ST", value: "a\0b" },
  );
  assert.is(
    nameText(name),
    'ST=a\\00b,L=\\ ,1.2.840.113549.1.9.1=#1603614062,OU=\\#1+CN=\\ x\\ ,O=Sue\\, \\"Grabbit\\" \\+ \\<Runn\\>\\; \\\\,DC=com',
  );
});

test("nameText() escapes what is special at the end, behind another special as well", () => {
  assert.is(nameText(cn("a\\ ")), "CN=a\\\\\\ ");
});

test("nameText() escapes what a terminal or a reader would be misled by as hexadecimal pairs", () => {
  assert.is(nameText(cn("a\x1b[2J\nb")), "CN=a\\1B[2J\\0Ab");
  assert.is(nameText(cn("\x9b31m\u202eexe")), "CN=\\C2\\9B31m\\E2\\80\\AEexe");
  assert.is(nameText(cn("Müller 東京")), "CN=Müller 東京");
});

test("nameText() writes values that are no text as hexadecimal DER", () => {
  assert.is(nameText(cn(derBitString(Uint8Array.of(1)))), "CN=#03020001");
});

test("helperNameText() writes the example of the helper's canonical form", () => {
  const name = of(
    { type: "DC", value: "com" },
    { type: "DC", value: "example" },
    { type: "OU", value: "Employees" },
    { type: "OU", value: " lead #x" },
    { type: "CN", value: "first" },
    { type: "CN", value: '#Zoë;<b>"q"' },
    { type: "emailAddress", value: "who@example.com" },
    { type: "UID", value: "u1" },
    { type: "serialNumber", value: "77" },
    { type: "title", value: "Dr" },
    { type: "GN", value: "Jo" },
    { type: "postalCode", value: "123" },
    { type: "STREET", value: "Main, St" },
    { type: "L", value: "Town" },
    { type: "ST", value: "State" },
    { type: "C", value: "US" },
  );
  assert.is(
    helperNameText(name),
    'SERIALNUMBER=77,CN=\\#Zoë\\;\\<b\\>\\"q\\",OU=Employees+OU=\\ lead #x,POSTALCODE=123,STREET=Main\\, St,L=Town,' +
      "ST=State,C=US,2.5.4.42=#13024a6f,2.5.4.12=#13024472,0.9.2342.19200300.100.1.1=#13027531," +
      "1.2.840.113549.1.9.1=#0c0f77686f406578616d706c652e636f6d,0.9.2342.19200300.100.1.25=#13076578616d706c65," +
      "0.9.2342.19200300.100.1.25=#1303636f6d",
  );
});

test("helperNameText() keeps the last CN only, forgets grouping, and escapes blanks at both ends", () => {
  const name = of([{ type: "O", value: " a " }, { type: "O", value: "b" }], { type: "CN", value: "x" }, {
    type: "CN",
    value: "y",
  });
  const texts = helperNameText(name);
  assert.ok(texts === "CN=y,O=\\ a\\ +O=b" || texts === "CN=y,O=b+O=\\ a\\ ", texts);
  assert.is(helperNameText(of()), "");
});

test("Name.equals() takes marks up to eight in a row, and no longer than their number for more", () => {
  const marks = (count: number, ...of: string[]) => cn(`a${of.map((mark) => mark.repeat(count)).join("")}`);
  assert.is(marks(4, "\u0315", "\u0300").equals(marks(4, "\u0300", "\u0315")), true);
  assert.is(marks(9, "\u0300").comparisonKey, undefined);
  // To put these in order would take minutes.
  for (const  of of[["\u0315", "\u0300"], ["\u0300", "\uff9e"], ["\u0315\u0300"]]) {
    const many = marks(200_000, ...of);
    assert.is(many.equals(many), false);
    assert.is(many.comparisonKey, undefined);
  }
});

test.run();
