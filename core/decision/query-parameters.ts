/**
 * Names and values of a raw query (RFC 3986 §3.4), as SigV4 reads them: `+` stands for itself.
 *
 * @module
 */

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
  try {
    return decodeURIComponent(text);
  } catch {
    // It does not say what is wrong.
    throw malformed("parameters", `Cannot parse the query: ${percentFault(text)}`);
  }
}

/** Why a text cannot be decoded. */
function percentFault(text: string): string {
  return /%(?![0-9A-Fa-f]{2})/.test(text) ? "a percent escape is malformed" : "it is not UTF-8";
}
