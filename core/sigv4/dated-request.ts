/**
 * Canonical requests with their date.
 *
 * @module
 */

import type { Sha256 } from "../crypto/sha256.ts";
import { headerPairs } from "./canonical-headers.ts";
import { queryText } from "./canonical-query.ts";
import {
  canonicalizeRequest,
  type CanonicalRequest,
  type SigV4Options,
  type SigV4Request,
} from "./canonical-request.ts";

/** A canonical request, and the scheme's header fields that are in it; they are the caller's. */
export interface DatedRequest extends CanonicalRequest {
  /** `x-amz-date` first. */
  readonly headers: Record<string, string>;
}

/** Makes the canonical request at a date, which is in the form of `X-Amz-Date`. */
export type RequestDater = (request: SigV4Request, date: string) => DatedRequest;

/**
 * Makes each canonical request anew.
 *
 * @param own the scheme's header fields but `x-amz-date`
 */
export function requestDater(
  options: SigV4Options,
  sha256: Sha256,
  own: Readonly<Record<string, string>>,
): RequestDater {
  return (request, date) => {
    const headers = { "x-amz-date": date, ...own };
    return { ...canonicalizeRequest(request, options, sha256, headers), headers };
  };
}

/**
 * The same for a signer that is asked for one request again and again: the last canonical request is kept in the two
 * pieces around its date, and with it every text that it was made of. A request of exactly these texts is put together
 * from the pieces. A body of octets, which may change in place, is never taken for the last one.
 *
 * @param own the scheme's header fields but `x-amz-date`
 */
export function repeatedRequestDater(
  options: SigV4Options,
  sha256: Sha256,
  own: Readonly<Record<string, string>>,
): RequestDater {
  const make = requestDater(options, sha256, own);
  let last: KeptRequest | undefined;

  return (request, date) => {
    const { method, path, body = "" } = request;
    const query = queryText(request.query);
    const fields = [...headerPairs(request.headers)];
    const line = `\nx-amz-date:${date}\n`;
    if (last !== undefined && isMadeOf(last.texts, method, path, query, body, fields)) {
      const { pieces: [before, after], made } = last;
      const headers = { ...made.headers, "x-amz-date": date };
      return { headers, canonicalRequest: before + line + after, signedHeaders: made.signedHeaders };
    }
    const made = make({ method, path, query, headers: fields, body }, date);
    const pieces = made.canonicalRequest.split(line);
    if (typeof body === "string" && pieces.length === 2) {
      const texts = [method, path, query, body, ...fields.flat()];
      last = { texts, pieces, made: { ...made, headers: { ...made.headers } } };
    }
    return made;
  };
}

/** The last canonical request, the texts that it was made of, and its pieces before and behind the line of the date. */
interface KeptRequest {
  readonly texts: readonly string[];
  readonly pieces: readonly string[];
  readonly made: DatedRequest;
}

/** Whether a request has these texts: method, path, query, body, and each header field. */
function isMadeOf(
  texts: readonly string[],
  method: string,
  path: string,
  query: string,
  body: unknown,
  fields: readonly (readonly [name: string, value: string])[],
): boolean {
  const [lastMethod, lastPath, lastQuery, lastBody] = texts;
  if (method !== lastMethod || path !== lastPath || query !== lastQuery || body !== lastBody) return false;
  if (texts.length !== 4 + 2 * fields.length) return false;
  for (let i = 0; i < fields.length; i++) {
    if (fields[i]![0] !== texts[4 + 2 * i] || fields[i]![1] !== texts[5 + 2 * i]) return false;
  }
  return true;
}
