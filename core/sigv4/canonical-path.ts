/**
 * Canonical URI: the path of the canonical request.
 *
 * @module
 */

import type { SigV4Options } from "./canonical-request.ts";
import { encodeUri, reencodeUri } from "./uri-encoding.ts";

/**
 * Writes the path canonically, as `uriEncoding` and `normalizePath` say.
 *
 * Normalized: empty and `.` segments go, and `..` takes its predecessor along. Encoded twice: the path as sent is
 * encoded once more. Encoded once (S3): it is decoded and encoded, so that every spelling of a key is the same.
 *
 * @param path as sent; an empty one is `/`
 * @throws {URIError} when the path is not percent-encoded UTF-8
 */
export function canonicalPath(path: string, { service, uriEncoding, normalizePath }: SigV4Options): string {
  if (PLAIN.test(path)) return path || "/";
  if (normalizePath ?? !takesObjectKeys(service)) {
    const segments: string[] = [];
    for (const segment of path.split("/")) {
      if (segment === "..") segments.pop();
      else if (segment && segment !== ".") segments.push(segment);
    }
    if (segments[0] && /\/$/.test(path)) segments.push("");
    path = "/" + segments.join("/");
  }
  const single = uriEncoding ? uriEncoding === "single" : takesObjectKeys(service);
  return (single ? reencodeUri : encodeUri)(path).replaceAll("%2F", "/");
}

/** Whether paths are object keys: `s3`, `s3express`, `s3-outposts` and `s3-object-lambda`, but not `s3tables`. */
export function takesObjectKeys(service: string): boolean {
  return /^s3(\b|e)/.test(service);
}

/** A path that is canonical by every rule. */
const PLAIN = /^(\/[\w~-][\w.~-]*)*\/?$/;
