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
  if (!/^\d{8}T\d{6}Z$/.test(text)) return undefined;
  const timeMs = Date.parse(text.replace(/(....)(..)(..T..)(..)/, "$1-$2-$3:$4:"));
  return Number.isNaN(timeMs) || formatAmzDate(timeMs) !== text ? undefined : timeMs;
}
