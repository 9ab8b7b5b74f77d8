/**
 * Dates of conditions: the formats of the W3C note on ISO 8601, or seconds since 1970.
 *
 * Four digits are a year. A time needs its zone; a date without a time is the midnight, UTC, that begins it.
 *
 * @see IAM user guide, "IAM JSON policy elements: Condition operators", Date condition operators
 * @see W3C NOTE-datetime
 * @module
 */

/** Reads a date into milliseconds since 1970; undefined for anything else, also for a day that no month has. */
export function parseDate(text: string): number | undefined {
  if (/^(?:\d{1,3}|\d{5,13})$/.test(text)) return Number(text) * 1000;
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = [0, 1, 1, 0, 0, 0].map((least, i) => Number(match[i + 1] ?? least));
  const [hourBehind, minuteBehind] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (hour! > 23 || minute! > 59 || second! > 59 || hourBehind > 23 || minuteBehind > 59) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year!, month! - 1, day!);
  if (date.getUTCMonth() !== month! - 1) return undefined;
  const offset = (match[8] === "-" ? -1 : 1) * (hourBehind * 60 + minuteBehind);
  const minutes = hour! * 60 + minute! - offset;
  return date.getTime() + minutes * 60_000 + second! * 1000 + Math.floor(Number(`0${match[7] ?? ""}`) * 1000);
}

const DATE = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?(?:Z|([+-])(\d\d):(\d\d)))?)?)?$/;
