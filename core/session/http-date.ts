/**
 * The `Date` header of an answer (RFC 9110 §5.6.7, IMF-fixdate), which shows how far our clock is off.
 *
 * @module
 */

/**
 * The clock that a `Date` shows minus ours, in milliseconds: 0 when they agree within {@linkcode MAX_SKEW_MS}; undefined
 * when the header says nothing.
 */
export function shownSkewMs(date: string | null, nowMs: number): number | undefined {
  const theirsMs = parseHttpDate(date ?? "");
  if (theirsMs === undefined) return undefined;
  return Math.abs(theirsMs - nowMs) > MAX_SKEW_MS ? theirsMs - nowMs : 0;
}

/**
 * What of {@linkcode shownSkewMs} is believed, and signed with.
 *
 * Whoever answers says what time it is, and gets a signature of it: no time is believed that is further than a day from
 * ours, so that nobody collects signatures for other days.
 */
export function believedSkewMs(shownMs: number | undefined): number | undefined {
  return Math.abs(shownMs ?? NaN) <= MAX_CORRECTION_MS ? shownMs : undefined;
}

/**
 * What clocks may differ by before it counts, in milliseconds: services accept five minutes either way, and a `Date` is
 * rounded to seconds and as old as the way is long.
 */
export const MAX_SKEW_MS = 240_000;

/** What a clock may be corrected by, in milliseconds. */
export const MAX_CORRECTION_MS = 86_400_000;

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
