import fc from "fast-check";
import { compileResource } from "../../../core/policy/arn-pattern.ts";
import { ANY_RUN, compilePattern, matchesPattern, SECTION_RUN } from "../../../core/policy/wildcard.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/policy/wildcard");

const pattern = (text: string) => compilePattern([{ text, literal: false }]);

test("matchesPattern() matches the whole text", () => {
  assert.ok(matchesPattern(pattern("a*"), "abc"));
  assert.not.ok(matchesPattern(pattern("a*"), "xabc"));
  assert.not.ok(matchesPattern(pattern("a"), "ab"));
  assert.ok(matchesPattern(pattern(""), ""));
  assert.not.ok(matchesPattern(pattern(""), "a"));
});

test("matchesPattern() counts code points, and takes half a surrogate pair for one", () => {
  assert.ok(matchesPattern(pattern("?"), "😀"));
  assert.not.ok(matchesPattern(pattern("??"), "😀"));
  assert.ok(matchesPattern(pattern("?"), "\ud83d"));
  assert.ok(matchesPattern(pattern("*\ud83d"), "x\ud83d"));
  assert.not.ok(matchesPattern(pattern("\ud83d*"), "😀"));
  assert.not.ok(matchesPattern(pattern("\ud800"), "\ud801"));
});

test("compilePattern() takes what a variable brought in literally", () => {
  const parts = [{ text: "*", literal: true }, { text: "*", literal: false }];
  assert.equal(compilePattern(parts), [0x2a, ANY_RUN]);
  assert.ok(matchesPattern(compilePattern(parts), "*a"));
  assert.not.ok(matchesPattern(compilePattern(parts), "aa"));
});

test("compileResource() keeps stars within their section, unless they end it", () => {
  assert.ok(compileResource([{ text: "arn:a*b:*", literal: false }]).includes(SECTION_RUN));
  assert.not.ok(compileResource([{ text: "arn:*:*:*:*:a*b", literal: false }]).includes(SECTION_RUN));
});

test("matchesPattern() gives the states of two stars back to the earlier one where the later must stop", () => {
  const mixed = [ANY_RUN, 0x62, SECTION_RUN, 0x63];
  assert.ok(matchesPattern(mixed, "b:bc"));
  assert.not.ok(matchesPattern(mixed, "b:c"));
});

test("matchesPattern() does the same by both of its ways", () => {
  const text = fc.array(fc.constantFrom("a", "b", "*", "?", ":"), { maxLength: 8 }).map((signs) => signs.join(""));
  const value = fc.array(fc.constantFrom("a", "b", ":"), { maxLength: 12 }).map((signs) => signs.join(""));
  fc.assert(
    fc.property(text, value, (text, value) => {
      // A star that stops at colons adds nothing beside one that does not, but takes the other way.
      const free = pattern(text).flatMap((sign) => sign === ANY_RUN ? [ANY_RUN, SECTION_RUN] : [sign]);
      assert.is(matchesPattern(free, value), matchesPattern(pattern(text), value));
    }),
    { numRuns: 1000, seed: 4 },
  );
});

test("matchesPattern() takes few steps for many stars over a long text", () => {
  // With backtracking to every star these do not end within the life of the universe.
  const long = "a".repeat(100_000);
  assert.not.ok(matchesPattern(pattern("*a".repeat(100) + "*b"), long));
  assert.ok(matchesPattern(pattern("*a".repeat(100) + "*"), long));
  assert.not.ok(matchesPattern(pattern("*?a".repeat(50) + "b"), long));
  const arn = compileResource([{ text: `arn:${"a*".repeat(20)}b:c`, literal: false }]);
  assert.not.ok(matchesPattern(arn, `arn:${long}`));
  assert.not.ok(matchesPattern(pattern("*".repeat(100_000) + "b"), "a".repeat(1000)));
});

test.run();
