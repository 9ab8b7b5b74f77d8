/**
 * Canonical query string: names and values percent-encoded, sorted by name, then by value, as octets.
 *
 * @module
 */

import type { QueryParameters } from "./canonical-request.ts";
import { encodeUri, reencodeUri } from "./uri-encoding.ts";

/** Writes pairs as query text, encoded, in the order given; text stays as it is. */
export function queryText(query: QueryParameters = ""): string {
  return typeof query === "string" ? query : query.map((pair) => pair.map(encodeUri).join("=")).join("&");
}

/** Decodes and encodes each name and value of the query text, and sorts. A name without `=` has an empty value. */
export function canonicalQuery(text: string): string {
  if (text === "") return "";
  return text.split("&").filter((pair) => pair !== "").map((pair) => {
    const equals = pair.indexOf("=");
    return equals < 0 ? [reencodeUri(pair), ""] : [reencodeUri(pair.slice(0, equals)), reencodeUri(pair.slice(equals + 1))];
  }).sort(comparePairs).map((pair) => pair.join("=")).join("&");
}

/** Encoded text is ASCII, so that the order of code units is that of octets. */
function comparePairs(a: readonly string[], b: readonly string[]): number {
  const i = a[0] === b[0] ? 1 : 0;
  return a[i]! < b[i]! ? -1 : a[i]! > b[i]! ? 1 : 0;
}
