/**
 * Names and values of a raw query (RFC 3986 §3.4), as SigV4 reads them: `+` stands for itself.
 *
 * @module
 */

import { decodeUtf8, encodeUtf8 } from "../bytes/text.ts";
import { decodeHex } from "../bytes/hex.ts";
import { malformed } from "./session-denial.ts";

/**
 * Names and values in the order of the query, percent-decoded.
 *
 * @throws {SessionDenial} when an escape is cut off, is not hexadecimal, or does not decode to UTF-8
 */
export function parseQuery(query: string): readonly (readonly [string, string])[] {
  const parameters: (readonly [string, string])[] = [];
  for (const part of query.split("&")) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const name = equals < 0 ? part : part.slice(0, equals);
    parameters.push([decodePercent(name), equals < 0 ? "" : decodePercent(part.slice(equals + 1))]);
  }
  return parameters;
}

function decodePercent(text: string): string {
  if (!text.includes("%")) return text;
  const octets = encodeUtf8(text);
  let length = 0;
  for (let i = 0; i < octets.length; i++) {
    let octet = octets[i]!;
    if (octet === 0x25) {
      const escaped = decodeHex(String.fromCharCode(octets[i + 1] ?? 0, octets[i + 2] ?? 0));
      if (escaped === undefined) throw malformed("parameters", "Cannot parse the query: a percent escape is malformed");
      octet = escaped[0]!;
      i += 2;
    }
    octets[length++] = octet;
  }
  const decoded = decodeUtf8(octets.subarray(0, length));
  if (decoded === undefined) throw malformed("parameters", "Cannot parse the query: it is not UTF-8");
  return decoded;
}
