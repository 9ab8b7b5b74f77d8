// runtimes: node20 node deno bun workerd
import { parseRfc3339 } from "../../../runtimes/cli/rfc3339-time.ts";
import { assert, suite } from "../../support/suite.ts";

const test = suite("runtimes/cli/rfc3339-time");

test("parseRfc3339() reads times in UTC and with an offset", () => {
  const noon = Date.UTC(2026, 5, 1, 12);
  const cases: readonly (readonly [string, number])[] = [
    ["2026-06-01T12:00:00Z", noon],
    ["2026-06-01t12:00:00z", noon],
    ["2026-06-01 12:00:00Z", noon],
    ["2026-06-01T14:00:00+02:00", noon],
    ["2026-05-31T23:30:00-12:30", noon],
    ["2026-06-01T12:00:00-00:00", noon],
    ["2026-06-01T12:00:00.5Z", noon + 500],
    ["2026-06-01T12:00:00.1239Z", noon + 123],
    ["2024-02-29T00:00:00Z", Date.UTC(2024, 1, 29)],
    ["1950-01-01T00:00:00Z", Date.UTC(1950, 0, 1)],
  ];
  for (const [text, time] of cases) assert.is(parseRfc3339(text), time, text);
});

test("parseRfc3339() knows no time that is not one", () => {
  const cases = [
    "",
    "2026-06-01",
    "2026-06-01T12:00:00",
    "2026-06-01T12:00Z",
    "2026-06-01T12:00:00.Z",
    "2026-06-01T12:00:00+0200",
    "2026-06-01T12:00:00+24:00",
    "2026-06-01T12:00:00+02:60",
    "2026-13-01T12:00:00Z",
    "2026-02-29T12:00:00Z",
    "2026-06-31T12:00:00Z",
    "2026-06-01T24:00:00Z",
    "2026-06-01T12:60:00Z",
    "2026-06-01T12:00:60Z",
    " 2026-06-01T12:00:00Z",
    "2026-06-01T12:00:00Z\n",
    "1780315200",
  ];
  for (const text of cases) assert.is(parseRfc3339(text), undefined, JSON.stringify(text));
});

test.run();
