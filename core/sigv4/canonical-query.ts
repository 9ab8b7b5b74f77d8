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
  // A space sorts before all that encoded text is made of: the order of the lines is that of the pairs.
  return text && text.split("&").filter((pair) => pair).map((pair) => {
    const [name, ...value] = pair.split("=");
    return `${reencodeUri(name!)} ${reencodeUri(value.join("="))}`;
  }).sort().join("&").replaceAll(" ", "=");
}
