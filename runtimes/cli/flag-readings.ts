/**
 * What several commands read from their flags in the same way.
 *
 * @module
 */

import { type FlagValues, invalid } from "./flags.ts";
import { parseRfc3339 } from "./rfc3339-time.ts";
import { UsageError } from "./usage-error.ts";

/** The value of a flag that must be given. @throws {UsageError} */
export function requiredFlag(values: FlagValues, name: string): string {
  const value = values.text(name);
  if (value === undefined) throw missingFlag(name);
  return value;
}

/** The error of a flag that is not there. */
export function missingFlag(name: string): UsageError {
  return new UsageError("ERR_USAGE_MISSING_FLAG", `required flag is not set: --${name}`);
}

/** `--time` in milliseconds since the epoch, or `now`. @throws {UsageError} when it is no time */
export function timeFlag(values: FlagValues, now: number): number {
  const text = values.text("time");
  if (text === undefined) return now;
  const time = parseRfc3339(text);
  if (time === undefined) throw invalid("time", text, "must be a time like 2026-06-01T12:00:00Z");
  return time;
}
