/**
 * Header fields of a received request.
 *
 * @module
 */

import type { SessionRequest } from "../../../core/decision/mod.ts";

/** The value of a field, fields of the same name joined with a comma; undefined when it is not there. */
export function headerField(request: SessionRequest, name: string): string | undefined {
  const values = request.headers.filter(([field]) => field.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(",");
}
