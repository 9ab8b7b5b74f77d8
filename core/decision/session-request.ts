/**
 * A CreateSession request as it arrived.
 *
 * @module
 */

import type { Bytes } from "../bytes/bytes.ts";
import { accessDenied, malformed, type SessionDenial } from "./session-denial.ts";
import type { CheckName } from "./decision-trace.ts";

/** An HTTP request, nothing of it decoded. */
export interface SessionRequest {
  /** HTTP method, upper case. */
  readonly method: string;
  /** The path as it was sent: `/sessions`. */
  readonly path: string;
  /** The query as it was sent, without the question mark; empty: none. */
  readonly query: string;
  /** Header fields in the order of the request, names in any case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The body as it was sent. */
  readonly body: Bytes;
}

/**
 * The one value of a header field; undefined when it is not there.
 *
 * @param check the check that asks, which a field that is there twice fails
 * @throws {SessionDenial} when it is there twice
 */
export function singleHeader(request: SessionRequest, name: string, check: CheckName): string | undefined {
  let found: string | undefined;
  for (const [field, value] of request.headers) {
    if (field.toLowerCase() !== name) continue;
    if (found !== undefined) throw twice(name, check);
    found = value;
  }
  return found;
}

function twice(name: string, check: CheckName): SessionDenial {
  return check === "authorization"
    ? accessDenied(check, "Invalid signature", `the ${name} header is there twice`)
    : malformed(check, `Header '${name}' is given twice`);
}
