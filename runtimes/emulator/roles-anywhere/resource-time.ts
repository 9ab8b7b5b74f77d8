/**
 * Times of resources as the service prints them.
 *
 * @module
 */

/**
 * ISO 8601 in UTC with microseconds: `2026-06-01T12:00:00.129000Z`.
 *
 * @param after a time of this form that the result must be later than, by a microsecond at least
 */
export function resourceTime(timeMs: number, after?: string): string {
  const now = format(timeMs, 0);
  if (after === undefined || now > after) return now;
  const micros = Number(after.slice(MICROS, MICROS + 3)) + 1;
  const milliseconds = Date.parse(`${after.slice(0, MICROS)}Z`);
  return micros < 1000 ? format(milliseconds, micros) : format(milliseconds + 1, 0);
}

function format(timeMs: number, micros: number): string {
  return `${new Date(timeMs).toISOString().slice(0, MICROS)}${String(micros).padStart(3, "0")}Z`;
}

/** Where the microseconds stand. */
const MICROS = 23;
