/**
 * The `Date` header of an answer (RFC 9110 §5.6.7, IMF-fixdate), which shows how far our clock is off.
 *
 * @module
 */

/** Reads `Sun, 06 Nov 1994 08:49:37 GMT` as milliseconds since the epoch; undefined for anything else. */
export function parseHttpDate(text: string): number | undefined {
  const match = /^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/.exec(text);
  if (match === null) return undefined;
  const month = MONTHS.indexOf(match[2]!);
  const [day, year, hour, minute, second] = [match[1], match[3], match[4], match[5], match[6]].map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 0 || year < 1970 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return undefined;
  return Date.UTC(year, month, day, hour, minute, second);
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
