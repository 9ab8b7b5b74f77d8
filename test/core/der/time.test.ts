import { encodeLatin1 } from "../../../core/bytes/text.ts";
import { TAG } from "../../../core/der/tag.ts";
import { decodeTime } from "../../../core/der/time.ts";
import { assert, assertThrows, suite } from "../../support/suite.ts";

const test = suite("core/der/time");
const utc = (text: string) => decodeTime(TAG.utcTime, encodeLatin1(text)!, "x", 0);
const generalized = (text: string) => decodeTime(TAG.generalizedTime, encodeLatin1(text)!, "x", 0);

test("decodeTime() agrees with the platform's calendar", () => {
  const pairs: readonly (readonly [number, string])[] = [
    [utc("500101000000Z"), "1950-01-01T00:00:00Z"],
    [utc("491231235959Z"), "2049-12-31T23:59:59Z"],
    [utc("000229120000Z"), "2000-02-29T12:00:00Z"],
    [generalized("00000101000000Z"), "0000-01-01T00:00:00Z"],
    [generalized("00000229000000Z"), "0000-02-29T00:00:00Z"],
    [generalized("19000228235959Z"), "1900-02-28T23:59:59Z"],
    [generalized("99991231235959Z"), "9999-12-31T23:59:59Z"],
  ];
  for (const [milliseconds, iso] of pairs) assert.is(milliseconds, Date.parse(iso), iso);
});

test("decodeTime() agrees with the platform's calendar on every day of two centuries, and of every 25th year", () => {
  const years = Array.from({ length: 400 }, (_, i) => 25 * i).concat(Array.from({ length: 200 }, (_, i) => 1899 + i));
  const first = Date.parse("0000-01-01T00:00:00Z");
  for (const year of years) {
    const start = new Date(first).setUTCFullYear(year);
    const end = new Date(first).setUTCFullYear(year + 1);
    for (let day = start; day < end; day += 86_400_000) {
      const date = new Date(day).toISOString();
      const digits = date.slice(0, 10).replaceAll("-", "") + "123456Z";
      if (generalized(digits) !== day + 45_296_000) assert.unreachable(`${digits} is not ${date}`);
    }
  }
});

test("decodeTime() refuses the day behind the last one of every month", () => {
  for (const [i, days] of [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].entries()) {
    const month = String(i + 1).padStart(2, "0");
    assert.is(utc(`23${month}${days}000000Z`), Date.UTC(2023, i, days));
    assertThrows(() => utc(`23${month}${days + 1}000000Z`), "ERR_DER_VALUE");
  }
});

test("decodeTime() refuses dates that do not exist", () => {
  for (const text of ["210229000000Z", "000001000000Z", "001301000000Z", "000100000000Z", "000132000000Z"]) {
    assertThrows(() => utc(text), "ERR_DER_VALUE");
  }
  for (const text of ["000101240000Z", "000101006000Z", "000101000060Z", "000431000000Z"]) {
    assertThrows(() => utc(text), "ERR_DER_VALUE");
  }
  for (const text of ["19000229000000Z", "21000229000000Z"]) assertThrows(() => generalized(text), "ERR_DER_VALUE");
});

test("decodeTime() refuses other forms", () => {
  const wrong = [
    "",
    "0001010000Z",
    "000101000000",
    "000101000000+0000",
    "000101000000z",
    " 00101000000Z",
    "0001010000-1Z",
  ];
  for (const text of wrong) assertThrows(() => utc(text), "ERR_DER_VALUE");
  for (const text of ["20000101000000.5Z", "20000101000000", "2000010100000Z", "000101000000Z", "2000010100000:Z"]) {
    assertThrows(() => generalized(text), "ERR_DER_VALUE");
  }
  assertThrows(() => decodeTime(TAG.octetString, encodeLatin1("000101000000Z")!, "x", 3), "ERR_DER_UNEXPECTED_TAG");
});

test.run();
