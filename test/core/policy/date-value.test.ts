import { parseDate } from "../../../core/policy/date-value.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("core/policy/date-value");

test("parseDate() reads the formats of the W3C note, with their zones, and seconds since 1970", () => {
  const dates: readonly (readonly [string, string])[] = [
    ["2026", "2026-01-01T00:00:00Z"],
    ["2026-06", "2026-06-01T00:00:00Z"],
    ["2026-06-30", "2026-06-30T00:00:00Z"],
    ["2024-02-29", "2024-02-29T00:00:00Z"],
    ["2026-06-30T23:59Z", "2026-06-30T23:59:00Z"],
    ["2026-06-30T23:59:59Z", "2026-06-30T23:59:59Z"],
    ["2026-06-30T12:34:56.789Z", "2026-06-30T12:34:56.789Z"],
    ["2026-06-30T12:34:56+05:30", "2026-06-30T07:04:56Z"],
    ["2026-06-30T12:34:56-23:59", "2026-07-01T12:33:56Z"],
    ["0", "1970-01-01T00:00:00Z"],
    ["1780315200", "2026-06-01T12:00:00Z"],
  ];
  for (const [text, iso] of dates) assert.is(parseDate(text), Date.parse(iso), text);
});

test("parseDate() answers undefined for days, hours and zones that do not exist, and for anything else", () => {
  const refused = [
    "",
    "today",
    "2026-00-01",
    "2026-13-01",
    "2026-06-00",
    "2026-06-31",
    "2026-06-99",
    "2026-02-29",
    "2026-06-30T24:00Z",
    "2026-06-30T12:60Z",
    "2026-06-30T12:00:60Z",
    "2026-06-30T12:00+24:00",
    "2026-06-30T12:00+00:60",
    "2026-06-30T12:00",
    "2026-06-30 12:00Z",
    "2026-6-30",
    "-1",
    "1.5",
    "2026-06-30T12:34:56,5Z",
  ];
  for (const text of refused) assert.is(parseDate(text), undefined, text);
});

test.run();
