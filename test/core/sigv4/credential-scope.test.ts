import { formatAmzDate, parseAmzDate } from "../../../core/sigv4/credential-scope.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/sigv4/credential-scope");

test("parseAmzDate() reads what formatAmzDate() writes, to the second", () => {
  for (const iso of ["2026-06-01T12:34:56", "2024-02-29T23:59:59", "1970-01-01T00:00:00", "0099-12-31T00:00:00"]) {
    const timeMs = Date.parse(`${iso}Z`);
    assert.is(parseAmzDate(formatAmzDate(timeMs + 999)), timeMs, iso);
  }
});

test("parseAmzDate() refuses what is no date, and days and hours that do not exist", () => {
  const refused = [
    "",
    "20260601",
    "20260601T123456",
    "20260601T123456z",
    "20260601T123456.5Z",
    "2026-06-01T12:34:56Z",
    " 20260601T123456Z",
    "20260601T123456Z\n",
    "20260601T240000Z",
    "20260601T126000Z",
    "20260601T123460Z",
    "20260001T000000Z",
    "20261301T000000Z",
    "20260600T000000Z",
    "20260631T000000Z",
    "20260699T000000Z",
    "20260229T000000Z",
    "20269999T000000Z",
  ];
  for (const text of refused) assert.is(parseAmzDate(text), undefined, text);
});

test.run();
