/**
 * Points in time as people write them on a command line (RFC 3339 §5.6).
 *
 * @module
 */

/**
 * Milliseconds since the epoch of `2026-06-01T12:00:00Z` or `2026-06-01T14:00:00.5+02:00`; undefined when it is no such
 * time, or does not exist. Fractions beyond milliseconds are cut off; leap seconds are not known.
 */
export function parseRfc3339(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/.exec(text);
  if (match === null) return undefined;
  const [, date, clock, fraction = "", sign, hours, minutes] = match;
  const whole = `${date}T${clock}.000Z`;
  const local = Date.parse(whole);
  // A day that its month does not have becomes one of the next month, or no time at all.
  if (!Number.isFinite(local) || new Date(local).toISOString() !== whole) return undefined;
  if (sign !== undefined && (Number(hours) > 23 || Number(minutes) > 59)) return undefined;
  const offset = sign === undefined ? 0 : (Number(hours) * 60 + Number(minutes)) * (sign === "-" ? -60_000 : 60_000);
  return local + Number(fraction.padEnd(3, "0").slice(0, 3)) - offset;
}
