/**
 * A request as it arrived, read whole and within limits.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import type { SessionRequest } from "../../core/decision/mod.ts";
import type { ServiceFailure } from "./service-error.ts";

/** Largest header block, in characters of names and values; as large as the servers in front accept, but Deno's. */
export const MAX_HEADER_CHARACTERS = 131_072;

/** The request, or why it is not read. */
export type Received = { readonly request: SessionRequest } | { readonly failure: ServiceFailure };

/**
 * Reads a request.
 *
 * @param maxBodyOctets largest body; reading stops there
 */
export async function receiveRequest(request: Request, maxBodyOctets: number): Promise<Received> {
  const url = new URL(request.url);
  const headers: (readonly [string, string])[] = [...request.headers];
  let characters = 0;
  for (const [name, value] of headers) characters += name.length + value.length;
  if (characters > MAX_HEADER_CHARACTERS) {
    const message = `The header fields exceed ${MAX_HEADER_CHARACTERS} characters`;
    return { failure: { status: 431, code: "RequestHeaderFieldsTooLargeException", message } };
  }
  // A request that never crossed a socket may have no Host; its URL names it.
  if (!headers.some(([name]) => name.toLowerCase() === "host")) headers.push(["host", url.host]);
  const body = await readBody(request, maxBodyOctets);
  if (body === undefined) {
    const message = `The request body exceeds ${maxBodyOctets} octets`;
    return { failure: { status: 413, code: "RequestEntityTooLargeException", message } };
  }
  return { request: { method: request.method, path: url.pathname, query: url.search.slice(1), headers, body } };
}

/** The body, or undefined when it is too large; reading stops there. */
async function readBody(request: Request, maxOctets: number): Promise<Bytes | undefined> {
  if (request.body === null) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return concatBytes(parts);
    length += value.length;
    if (length > maxOctets) {
      await reader.cancel();
      return undefined;
    }
    parts.push(value);
  }
}
