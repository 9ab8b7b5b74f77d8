/**
 * Keys of S3 objects in URLs.
 *
 * @module
 */

import { encodeUri } from "../sigv4/uri-encoding.ts";
import { FetchError } from "./fetch-error.ts";

/**
 * Writes an object key as it stands in the path of a URL, behind the slash: every octet is kept. The segments `.` and
 * `..`, which URL parsers resolve, are hidden from them by writing the slashes around them as `%2F`, which S3 reads as a
 * slash.
 *
 * @throws {FetchError} `ERR_FETCH_PATH` when the key is empty or nothing but `.` or `..`, which no URL can carry, or has
 * half a surrogate pair
 * @example
 * ```ts
 * import { encodeObjectKey } from "anyrole/fetch";
 *
 * console.log(encodeObjectKey("a b/../c+d")); // a%20b%2F..%2Fc%2Bd
 * ```
 */
export function encodeObjectKey(key: string): string {
  if (/^(\.{0,2})$/.test(key)) throw new FetchError("ERR_FETCH_PATH", `no URL can carry the object key "${key}"`);
  let path: string;
  try {
    path = encodeUri(key);
  } catch (cause) {
    throw new FetchError("ERR_FETCH_PATH", "the object key has half a surrogate pair", { cause });
  }
  return DOT_SEGMENT.test(key) ? path : path.replaceAll("%2F", "/");
}

/** Whether a URL, as it is written, has a path that URL parsers change, who first take out what is no character of a URL. */
export function hasDotSegments(url: string): boolean {
  // Almost no URL gets beyond the first look.
  return /[/\\][\t\n\r]*[.%]/.test(url) &&
    /^[^?#]*?[/\\](?:\.|%2e){1,2}(?:[/\\?#]|$)/i.test(url.replace(/[\t\n\r]|[\0- ]+$/g, ""));
}

const DOT_SEGMENT = /(?:^|\/)\.{1,2}(?:\/|$)/;
