import {
  believedSkewMs,
  MAX_CORRECTION_MS,
  MAX_SKEW_MS,
  parseHttpDate,
  shownSkewMs,
} from "../../../core/session/http-date.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/session/http-date");

test("parseHttpDate() reads what toUTCString() writes", () => {
  for (const time of [0, 784_111_777_000, Date.UTC(2026, 1, 28, 23, 59, 59), Date.UTC(9999, 11, 31)]) {
    assert.is(parseHttpDate(new Date(time).toUTCString()), time);
  }
});

test("parseHttpDate() answers undefined for anything else", () => {
  const refused = [
    "",
    "now",
    "2026-06-01T12:00:00Z",
    "Sun, 06 Nov 1994 08:49:37",
    "Sun, 06 Nov 1994 24:49:37 GMT",
    "Sunday, 06-Nov-94 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994",
    "Sun, 06 Nix 1994 08:49:37 GMT",
    "Sun, 00 Nov 1994 08:49:37 GMT",
    "Sun, 32 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1969 08:49:37 GMT",
    "Sun, 06 Nov 1994 08:60:37 GMT",
    "Sun, 06 Nov 1994 08:49:61 GMT",
  ];
  for (const text of refused) assert.is(parseHttpDate(text), undefined, text);
});

test("shownSkewMs() tells what exceeds the tolerance", () => {
  const now = Date.UTC(2026, 5, 1, 12);
  const shown = (offMs: number) => shownSkewMs(new Date(now + offMs).toUTCString(), now);
  for (const sign of [1, -1]) {
    assert.is(shown(sign * MAX_SKEW_MS), 0);
    assert.is(shown(sign * (MAX_SKEW_MS + 1000)), sign * (MAX_SKEW_MS + 1000));
    assert.is(shown(sign * 10 * MAX_CORRECTION_MS), sign * 10 * MAX_CORRECTION_MS);
  }
  for (const text of [null, "", "now"]) assert.is(shownSkewMs(text, now), undefined);
});

test("believedSkewMs() believes nothing beyond a day", () => {
  for (const sign of [1, -1]) {
    assert.is(believedSkewMs(sign * MAX_CORRECTION_MS), sign * MAX_CORRECTION_MS);
    assert.is(believedSkewMs(sign * (MAX_CORRECTION_MS + 1)), undefined);
  }
  assert.is(believedSkewMs(0), 0);
  assert.is(believedSkewMs(undefined), undefined);
});

test.run();
