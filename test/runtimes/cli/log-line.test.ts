import { logLine } from "../../../runtimes/cli/log-line.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("runtimes/cli/log-line");

test("logLine() writes date, time and message in one line", () => {
  const time = new Date(2026, 0, 2, 3, 4, 5).getTime();
  assert.is(logLine(time, "first\r\n  second"), "2026/01/02 03:04:05 first second\n");
});

test("logLine() is done at once with a long run of spaces", () => {
  assert.match(logLine(0, `a${" ".repeat(500_000)}b\n c`), / b c\n$/);
});

test("logLine() shows what a terminal would act on", () => {
  assert.match(logLine(0, "a\x1b[2J\x07"), / a\\u\{1b\}\[2J\\u\{7\}\n$/);
});

test.run();
