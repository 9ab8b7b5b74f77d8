/**
 * Canonical URI: the path of the canonical request.
 *
 * @module
 */

import { encodeUri, reencodeUri } from "./uri-encoding.ts";

/**
 * Writes the path canonically.
 *
 * With `normalize`, empty and `.` segments go, and `..` takes its predecessor along. With `double`, the path as sent is
 * encoded once more; without it (S3), it is decoded and encoded, so that every spelling of a key is the same.
 *
 * @param path as sent; an empty one is `/`
 */
export function canonicalPath(path: string, double: boolean, normalize: boolean): string {
  if (PLAIN.test(path)) return path;
  if (normalize) {
    const segments: string[] = [];
    for (const segment of path.split("/")) {
      if (segment === "..") segments.pop();
      else if (segment !== "" && segment !== ".") segments.push(segment);
    }
    path = segments.join("/") + (segments.length > 0 && path.endsWith("/") ? "/" : "");
  }
  path = (double ? encodeUri : reencodeUri)(path).replaceAll("%2F", "/");
  return path.startsWith("/") ? path : "/" + path;
}

/** A path that is canonical by every rule. */
const PLAIN = /^(?:\/[\w~-][\w.~-]*)+\/?$/;
