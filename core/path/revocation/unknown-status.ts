/**
 * Why no list settled the status of a certificate: of several reasons, the most specific.
 *
 * @module
 */

import { isCoded } from "../../base-error.ts";
import type { UnknownStatus, UnknownStatusCode } from "./revocation-checker.ts";

/** An unknown status. @param why completes "the revocation status is not known: …" */
export function unknown(code: UnknownStatusCode, why: string): UnknownStatus {
  return { status: "unknown", code, why };
}

/** What is known without any list. */
export function noList(): UnknownStatus {
  return unknown("no-list", "there is no list of the certificate's issuer");
}

/** The more useful of two reasons, the first of equal ones. */
export function moreUseful(first: UnknownStatus | undefined, second: UnknownStatus): UnknownStatus {
  return first === undefined || RANK[second.code] > RANK[first.code] ? second : first;
}

/** What a parser said about octets that are not what they should be; undefined: the error is about something else. */
export function unreadable(what: string, error: unknown): UnknownStatus | undefined {
  if (!isCoded(error) || !/^ERR_(DER|CERTIFICATE|PEM|KEY)_/.test(error.code)) return undefined;
  const code = error.code === "ERR_CERTIFICATE_LIMIT" ? "limit" : "malformed";
  return unknown(code, `${what} cannot be read: ${error.message}`);
}

/** How near a list came to settling the status. */
const RANK: { readonly [code in UnknownStatusCode]: number } = {
  "no-list": 0,
  "scope": 1,
  "no-base": 2,
  "malformed": 3,
  "limit": 4,
  "unsupported-algorithm": 5,
  "signature": 6,
  "signer": 7,
  "critical-extension": 8,
  "not-yet-valid": 9,
  "reasons": 10,
  "expired": 11,
};
