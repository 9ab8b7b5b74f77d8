// runtimes: node20 node deno bun workerd
import * as fc from "fast-check";
import {
  environmentFileText,
  type EnvironmentFormat,
  environmentText,
  maskCommands,
} from "../../../runtimes/cli/environment-text.ts";
import { CANARY_CREDENTIALS } from "../../support/scripted-answers.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("runtimes/cli/environment-text");

const FORMATS: readonly EnvironmentFormat[] = ["sh", "fish", "powershell", "dotenv"];
const HOSTILE = "a'b\"c$(d)`e`;f&g|h\\i !j*k~\u2019l%m#n";

test("environmentText() quotes by the rules of each language", () => {
  const lines = (value: string) =>
    FORMATS.slice(0, 3).map((format) => environmentText(format, [["A", value]]).trimEnd());
  assert.equal(lines("plain/value+1=="), [
    "export A='plain/value+1=='",
    "set -gx A 'plain/value+1=='",
    "$env:A = 'plain/value+1=='",
  ]);
  assert.equal(lines("it's"), ["export A='it'\\''s'", "set -gx A 'it\\'s'", "$env:A = 'it''s'"]);
  assert.equal(lines("a\\"), ["export A='a\\'", "set -gx A 'a\\\\'", "$env:A = 'a\\'"]);
  assert.equal(lines("\u2018\u2019\u201a\u201b")[2], "$env:A = '\u2018\u2018\u2019\u2019\u201a\u201a\u201b\u201b'");
  assert.equal(lines(""), ["export A=''", "set -gx A ''", "$env:A = ''"]);
});

test("environmentText() writes a dotenv file that needs no escapes, or none", () => {
  const text = (value: string) => environmentText("dotenv", [["A", value]]);
  assert.is(text("wJalr/K7MDENG+bPx=="), "A=wJalr/K7MDENG+bPx==\n");
  assert.is(text('a b#$c"'), "A='a b#$c\"'\n");
  assert.is(text(""), "A=\n");
  for (const bad of ["a'b", "a\\b", "a\nb", "a\rb", "a\0b"]) {
    const { message } = assertThrows(() => text(CANARY_CREDENTIALS.secretAccessKey + bad), "ERR_ENVIRONMENT_VALUE");
    assert.not.match(message, "canary");
  }
});

test("environmentText() takes variables away", () => {
  assert.equal(FORMATS.map((format) => environmentText(format, [["A", undefined], ["B", "b"]])), [
    "unset A\nexport B='b'\n",
    "set -e A\nset -gx B 'b'\n",
    "Remove-Item -ErrorAction Ignore Env:A\n$env:B = 'b'\n",
    "A=\nB=b\n",
  ]);
});

test("environmentText() refuses NUL, which no variable holds", () => {
  for (const format of FORMATS) assertThrows(() => environmentText(format, [["A", "a\0"]]), "ERR_ENVIRONMENT_VALUE");
});

test("environmentFileText() lets no value begin a line of its own", () => {
  assert.is(environmentFileText([["A", HOSTILE], ["B", undefined]]), `A=${HOSTILE}\nB=\n`);
  for (const bad of ["a\nPATH=/evil", "a\rb", "a\0"]) {
    assertThrows(() => environmentFileText([["A", bad]]), "ERR_ENVIRONMENT_VALUE");
  }
});

test("maskCommands() writes one command a value, whatever is in it", () => {
  assert.is(maskCommands(["a%b", "c\r\nd"]), "::add-mask::a%25b\n::add-mask::c%0D%0Ad\n");
  fc.assert(fc.property(fc.string(), (value) => maskCommands([value]).split("\n").length === 2));
});

/** What a POSIX shell makes of a word: quotes, and backslashes outside of them. */
function shellWord(word: string): string {
  return word.replace(/'([^']*)'|\\(.)/gs, (_, quoted: string | undefined, escaped: string) => quoted ?? escaped);
}

/** What fish makes of a word in single quotes. */
function fishWord(word: string): string {
  return word.slice(1, -1).replace(/\\([\\'])/g, "$1");
}

/** What PowerShell makes of a literal string. */
function powershellWord(word: string): string {
  return word.slice(1, -1).replace(/['\u2018-\u201b](['\u2018-\u201b])/g, "$1");
}

test("environmentText() means each value, whatever is in it", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }).map((text) => text.replaceAll("\0", "")), (value) => {
    const word = (format: EnvironmentFormat, prefix: string) =>
      environmentText(format, [["A", value]]).slice(prefix.length, -1);
    assert.is(shellWord(word("sh", "export A=")), value);
    assert.is(fishWord(word("fish", "set -gx A ")), value);
    assert.is(powershellWord(word("powershell", "$env:A = ")), value);
  }));
});

test.run();
