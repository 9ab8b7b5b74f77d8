/**
 * Points in time that a request for a certificate names.
 *
 * @see AWS Private CA API reference, "Validity"
 * @module
 */

import { refuse } from "../protocols/service-refusal.ts";

/** `Validity` of the API, its members checked. */
export interface Validity {
  readonly Value: number;
  readonly Type: "END_DATE" | "ABSOLUTE" | "DAYS" | "MONTHS" | "YEARS";
}

/**
 * The moment, in milliseconds since the epoch.
 *
 * @param fromMs what a relative one counts from
 * @throws {ServiceRefusal} `InvalidArgsException` when it is no date, or beyond the year 9999
 */
export function validityTime({ Value, Type }: Validity, fromMs: number): number {
  const timeMs = moment(Value, Type, fromMs);
  if (Number.isFinite(timeMs) && timeMs < LAST_MS) return timeMs;
  throw refuse(400, "InvalidArgsException", `The validity ${Value} of type ${Type} is no date.`);
}

/** The end of the year 9999, the last that a certificate can name (RFC 5280 §4.1.2.5). */
const LAST_MS = 253_402_300_800_000;

function moment(value: number, type: Validity["Type"], fromMs: number): number {
  const from = new Date(fromMs);
  switch (type) {
    case "ABSOLUTE":
      return value * 1000;
    case "DAYS":
      return fromMs + value * 86_400_000;
    case "MONTHS":
      return from.setUTCMonth(from.getUTCMonth() + value);
    case "YEARS":
      return from.setUTCFullYear(from.getUTCFullYear() + value);
    case "END_DATE":
      return endDate(String(value));
  }
}

/** `YYMMDDHHMMSS`, of 1950 to 2049, or `YYYYMMDDHHMMSS`; leading zeros are lost in a number. */
function endDate(digits: string): number {
  const short = digits.length <= 12;
  const text = digits.padStart(short ? 12 : 14, "0");
  const [, years, rest] = /^(\d{2}|\d{4})(\d{10})$/.exec(text) ?? [];
  if (years === undefined || rest === undefined) return NaN;
  const year = short ? (Number(years) >= 50 ? `19${years}` : `20${years}`) : years;
  const [month, day, hour, minute, second] = rest.match(/\d\d/g) as string[];
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const timeMs = Date.parse(`${iso}.000Z`);
  // Date.parse of some engines takes 31 February for a day of March.
  return !Number.isNaN(timeMs) && new Date(timeMs).toISOString().startsWith(iso) ? timeMs : NaN;
}
