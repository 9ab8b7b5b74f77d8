/**
 * Date and credential scope of a signature.
 *
 * @module
 */

/** Writes milliseconds since the epoch as `YYYYMMDDTHHMMSSZ`. @throws {RangeError} when that is no time */
export function formatAmzDate(timeMs: number): string {
  return new Date(timeMs).toISOString().replace(/[:-]|\.\d+/g, "");
}

/** Writes the scope `YYYYMMDD/region/service/aws4_request`. */
export function credentialScope(date: string, region: string, service: string): string {
  return `${date.slice(0, 8)}/${region}/${service}/aws4_request`;
}

/** Reads `YYYYMMDDTHHMMSSZ`; undefined for anything else, dates that do not exist among it. */
export function parseAmzDate(text: string): number | undefined {
  if (!/^\d{8}T([01]\d|2[0-3])([0-5]\d){2}Z$/.test(text)) return undefined;
  const number = (start: number, end: number): number => Number(text.slice(start, end));
  const month = number(4, 6) - 1;
  const date = new Date(0);
  date.setUTCFullYear(number(0, 4), month, number(6, 8));
  // A 31 February is a day in March.
  if (date.getUTCMonth() !== month) return undefined;
  return date.setUTCHours(number(9, 11), number(11, 13), number(13, 15));
}
