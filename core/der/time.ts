/**
 * UTCTime and GeneralizedTime as RFC 5280 §4.1.2.5 profiles them: seconds present, `Z`, no fraction.
 *
 * @module
 */

import { DerError } from "./der-error.ts";
import { TAG } from "./tag.ts";

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Milliseconds since the epoch; years 1950 to 2049 for UTCTime, 0 to 9999 for GeneralizedTime.
 *
 * @param content holds the contents, from `start` to `end`, by default all of it
 */
export function decodeTime(
  tag: number,
  content: Uint8Array,
  reading: string,
  offset: number,
  start: number = 0,
  end: number = content.length,
): number {
  const fail = (state: string): never => {
    throw new DerError(
      tag === TAG.utcTime || tag === TAG.generalizedTime ? "ERR_DER_VALUE" : "ERR_DER_UNEXPECTED_TAG",
      reading,
      offset,
      state,
    );
  };
  const wide = tag === TAG.generalizedTime;
  if (!wide && tag !== TAG.utcTime) return fail("a UTCTime or GeneralizedTime is expected");
  if (end - start !== (wide ? 15 : 13) || content[end - 1] !== 0x5a) {
    return fail(`the form is ${wide ? "YYYY" : "YY"}MMDDhhmmssZ`);
  }
  for (let i = start; i < end - 1; i++) {
    const digit = content[i]! - 0x30;
    if (digit < 0 || digit > 9) return fail("it is no date and time");
  }
  const at = end - 11;
  const year = wide
    ? pair(content, start) * 100 + pair(content, start + 2)
    : pair(content, start) + (content[start]! < 0x35 ? 2000 : 1900);
  const month = pair(content, at);
  const day = pair(content, at + 2);
  const hour = pair(content, at + 4);
  const minute = pair(content, at + 6);
  const second = pair(content, at + 8);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0);
  if (day < 1 || day > days || hour > 23 || minute > 59 || second > 59) return fail("it is no date and time");
  return daysSinceEpoch(year, month, day) * 86_400_000 + ((hour * 60 + minute) * 60 + second) * 1000;
}

/** The number that two digits are. */
function pair(digits: Uint8Array, at: number): number {
  return (digits[at]! - 0x30) * 10 + digits[at + 1]! - 0x30;
}

/** Days from 1970-01-01 to a date of the proleptic Gregorian calendar. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  // Counted in years that begin in March, so that the leap day comes last.
  const y = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return y * 365 + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468;
}

/**
 * Contents and identifier octet of a time: UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5).
 *
 * @throws {RangeError} outside the years 0 to 9999, which neither type can write
 */
export function encodeTime(milliseconds: number): { readonly tag: number; readonly text: string } {
  if (!(milliseconds >= -62_167_219_200_000 && milliseconds < 253_402_300_800_000)) {
    throw new RangeError(`"milliseconds" is not a time of the years 0 to 9999: ${milliseconds}`);
  }
  const digits = new Date(milliseconds).toISOString().replace(/[-:T]|\.\d+/g, "");
  const year = Number(digits.slice(0, 4));
  return year >= 1950 && year <= 2049
    ? { tag: TAG.utcTime, text: digits.slice(2) }
    : { tag: TAG.generalizedTime, text: digits };
}
