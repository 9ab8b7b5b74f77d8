// runtimes: node20 node deno bun workerd
import fc from "fast-check";
import { joinConfigLine, splitConfigLine } from "../../../runtimes/cli/config-line.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("runtimes/cli/config-line");

/** Words of shlex.split of Python 3.12, and of dash. */
const POSIX: readonly (readonly [string, readonly string[]])[] = [
  ["", []],
  ["  a\t b\n", ["a", "b"]],
  [`a'b c'd "e f" ''`, ["ab cd", "e f", ""]],
  [`a\\ b "c\\"d\\\\e\\f" 'g\\h'`, ["a b", `c"d\\e\\f`, "g\\h"]],
  [`'it'"'"'s'`, ["it's"]],
  ["--certificate=/a/b.pem", ["--certificate=/a/b.pem"]],
];

const WINDOWS: readonly (readonly [string, readonly string[]])[] = [
  [`"C:\\Program Files\\a.exe" x`, ["C:\\Program Files\\a.exe", "x"]],
  [`C:\\a\\b 'c d'`, ["C:\\a\\b", "'c", "d'"]],
  [`"a\\\\" b\\"c ""`, ["a\\", `b"c`, ""]],
];

test("splitConfigLine() reads quotes and backslashes as SDKs do", () => {
  for (const [line, words] of POSIX) assert.equal(splitConfigLine(line, "linux").words, words, line);
  for (const [line, words] of WINDOWS) assert.equal(splitConfigLine(line, "windows").words, words, line);
});

test("splitConfigLine() names the characters that only a shell would act on", () => {
  assert.equal(splitConfigLine(`a $HOME ~/x "$y" '$z;' b~ c|d`, "linux").shellCharacters, ["$", "~", "|"]);
  assert.equal(splitConfigLine(`a=b:c,d/e.f '~'`, "linux").shellCharacters, []);
});

test("splitConfigLine() refuses what is not closed, and shows none of it", () => {
  for (
    const [line, platform, code] of [
      ["a 'canary", "linux", "ERR_CONFIG_LINE_QUOTE"],
      ['a "canary', "linux", "ERR_CONFIG_LINE_QUOTE"],
      ['a "canary', "windows", "ERR_CONFIG_LINE_QUOTE"],
      ["canary \\", "linux", "ERR_CONFIG_LINE_BACKSLASH"],
    ] as const
  ) {
    assert.not.match(assertThrows(() => splitConfigLine(line, platform), code).message, "canary");
  }
});

test("joinConfigLine() quotes words so that they are read again", () => {
  assert.is(joinConfigLine(["a", "/x y/z", "it's"], "linux"), `a '/x y/z' 'it'"'"'s'`);
  assert.is(joinConfigLine(["C:\\a b\\", "C:\\c"], "windows"), `"C:\\a b\\\\" C:\\c`);
  const word = fc.string().filter((text) => !/\p{Cc}|\s[#;]/u.test(text));
  fc.assert(fc.property(fc.array(word), fc.constantFrom("linux", "windows"), (words, platform) => {
    assert.equal(splitConfigLine(joinConfigLine(words, platform), platform), { words, shellCharacters: [] });
  }));
});

test("joinConfigLine() refuses what breaks a line, and what some SDKs take for a comment", () => {
  for (const word of ["a\nb", "a\0", "a #b", "a\t;b", "a ;b"]) {
    assertThrows(() => joinConfigLine([word], "linux"), "ERR_CONFIG_LINE_WORD");
  }
});

test.run();
