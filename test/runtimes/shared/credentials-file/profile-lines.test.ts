// runtimes: node20 node deno bun workerd
import * as fc from "fast-check";
import { profileLines } from "../../../../runtimes/shared/credentials-file/profile-lines.ts";
import { assert, suite } from "../../../support/suite.ts";

const test = suite("runtimes/shared/credentials-file/profile-lines");

test("profileLines() loses no character of any text", () => {
  const texts = fc.string({
    unit: fc.constantFrom("\n", "\r", " ", "\t", "[", "]", "=", "#", "a", "\xef", "\xbb", "\xbf"),
  });
  fc.assert(fc.property(texts, (text) => {
    const lines = profileLines(text);
    assert.is(lines.map((line) => line.text + line.ending).join(""), text);
    for (const { text, indent, ending } of lines) {
      assert.ok(text.startsWith(indent) && ["\n", "\r\n", ""].includes(ending));
    }
  }));
});

test("profileLines() tells the kinds of lines apart", () => {
  const kinds = (text: string) => profileLines(text).map(({ kind, name }) => name === undefined ? kind : [kind, name]);
  assert.equal(kinds(" a = b\n"), [["property", "a"]]);
  assert.equal(kinds("A Key: b\n  c=\n c\n"), [["property", "a key"], ["continuation", "c"], "continuation"]);
  assert.equal(kinds("a=\n  b=\n[c]\n  d=\n  e=\n"), [
    ["property", "a"],
    ["continuation", "b"],
    ["header", "c"],
    ["property", "d"],
    ["property", "e"],
  ]);
  assert.equal(kinds("[a]b]\n[ a ]\n[a\n []\n"), [["header", "a"], ["header", " a "], "header", ["header", ""]]);
  assert.equal(kinds("#a=\n ;b\n\n \t\r\nfoo\n=a\n"), ["comment", "comment", "blank", "blank", "other", "other"]);
  assert.equal(kinds("\xef\xbb\xbf[a]\n\xef\xbb\xbf[a]\n"), [["header", "a"], "other"]);
  assert.equal(kinds(""), []);
});

test("profileLines() knows whether a property has a value on its line", () => {
  assert.equal(profileLines("a=\nb= \t\nc=d\ne:=\n").map(({ hasValue }) => hasValue), [false, false, true, true]);
});

test.run();
