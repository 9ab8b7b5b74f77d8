import { visibleText } from "../../../core/bytes/visible-text.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/bytes/visible-text");

test("visibleText() keeps what is seen", () => {
  const text = 'CN=Müller & Söhne "GmbH", 東京 😀';
  assert.is(visibleText(text), text);
});

test("visibleText() shows what a terminal would act on", () => {
  assert.is(visibleText("a\x1b[2Jb\r\nc\0\x7f"), "a\\u{1b}[2Jb\\u{d}\\u{a}c\\u{0}\\u{7f}");
  assert.is(visibleText("\x9b31m"), "\\u{9b}31m");
});

test("visibleText() shows what turns the order of reading, and what breaks lines", () => {
  assert.is(
    visibleText("\u202egpj.exe\u2066\u200b\u2028\u2029\ufeff"),
    "\\u{202e}gpj.exe\\u{2066}\\u{200b}\\u{2028}\\u{2029}\\u{feff}",
  );
});

test("visibleText() shows half a surrogate pair, also one that the limit made", () => {
  assert.is(visibleText("\ud83dx\ude00"), "\\u{d83d}x\\u{de00}");
  assert.is(visibleText("a😀b", 2), "a\\u{d83d}");
});

test.run();
