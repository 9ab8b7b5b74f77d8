/**
 * Conditions under which a request is to be served (RFC 9110 §13).
 *
 * @see Amazon S3 user guide, "Conditional requests"
 * @module
 */

import type { SessionRequest } from "../../../core/decision/mod.ts";
import { headerField } from "../protocols/header-field.ts";
import { refuse, type ServiceRefusal } from "../protocols/service-refusal.ts";
import type { ObjectRecord } from "../store/records.ts";

/**
 * Checks the conditions of a request that reads (RFC 9110 §13.2.2).
 *
 * @returns `"not-modified"` when the client has the object already
 * @throws {ServiceRefusal} `PreconditionFailed`
 */
export function checkReadConditions(request: SessionRequest, object: ObjectRecord): "serve" | "not-modified" {
  const match = headerField(request, "if-match");
  const noneMatch = headerField(request, "if-none-match");
  if (match !== undefined) {
    if (!namesTag(match, object)) throw preconditionFailed("If-Match");
  } else {
    const unmodifiedSince = httpDate(headerField(request, "if-unmodified-since"));
    if (unmodifiedSince !== undefined && object.lastModifiedMs > unmodifiedSince) {
      throw preconditionFailed("If-Unmodified-Since");
    }
  }
  if (noneMatch !== undefined) return namesTag(noneMatch, object) ? "not-modified" : "serve";
  const modifiedSince = httpDate(headerField(request, "if-modified-since"));
  return modifiedSince !== undefined && object.lastModifiedMs <= modifiedSince ? "not-modified" : "serve";
}

/**
 * Checks the conditions of a request that writes.
 *
 * @param object what is there already
 * @throws {ServiceRefusal} `PreconditionFailed`, `NoSuchKey`, `NotImplemented`
 */
export function checkWriteConditions(request: SessionRequest, object: ObjectRecord | undefined): void {
  const match = headerField(request, "if-match");
  const noneMatch = headerField(request, "if-none-match");
  if (noneMatch !== undefined) {
    if (noneMatch.trim() !== "*") {
      // The answer of S3 itself, which knows no tag here (PutObject, If-None-Match).
      throw refuse(501, "NotImplemented", "A header you provided implies functionality that is not implemented");
    }
    if (object !== undefined) throw preconditionFailed("If-None-Match");
  }
  if (match === undefined) return;
  if (object === undefined) throw refuse(404, "NoSuchKey", "The specified key does not exist.");
  if (!namesTag(match, object)) throw preconditionFailed("If-Match");
}

function namesTag(header: string, { etag }: ObjectRecord): boolean {
  return header.split(",").some((one) => {
    const tag = one.trim().replace(/^W\//, "").replace(/^"(.*)"$/, "$1");
    return tag === "*" || tag === etag;
  });
}

/** Milliseconds since the epoch; undefined for what is no date, which a server ignores. */
function httpDate(text: string | undefined): number | undefined {
  const timeMs = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

function preconditionFailed(condition: string): ServiceRefusal {
  return refuse(
    412,
    "PreconditionFailed",
    `At least one of the pre-conditions you specified did not hold: ${condition}`,
  );
}
