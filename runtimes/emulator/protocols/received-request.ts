/**
 * A request as it arrived, read whole and within limits.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../../core/bytes/bytes.ts";
import type { SessionRequest } from "../../../core/decision/mod.ts";
import type { Sleep } from "../../../core/ports.ts";
import type { ServiceFailure } from "./service-error.ts";

/** Largest header block, in characters of names and values; as large as the servers in front accept, but Deno's. */
export const MAX_HEADER_CHARACTERS = 131_072;

/** How long a body may take to arrive, in milliseconds. */
export const BODY_TIMEOUT_MS = 30_000;

/** The request, or why it is not read. */
export type Received = { readonly request: SessionRequest } | { readonly failure: ServiceFailure };

/**
 * Reads a request.
 *
 * @param maxBodyOctets largest body; reading stops there
 * @param sleep waits for the body's time to run out
 */
export async function receiveRequest(request: Request, maxBodyOctets: number, sleep: Sleep): Promise<Received> {
  // Not by URL, which resolves dot segments: keys of S3 may have them, and some servers leave them in.
  const [, host, path, query] = /^[^:]*:\/\/([^/?#]*)([^?#]*)\??([^#]*)/.exec(request.url) ?? [];
  const headers: (readonly [string, string])[] = [...request.headers];
  let characters = 0;
  for (const [name, value] of headers) characters += name.length + value.length;
  if (characters > MAX_HEADER_CHARACTERS) {
    const message = `The header fields exceed ${MAX_HEADER_CHARACTERS} characters`;
    return { failure: { status: 431, code: "RequestHeaderFieldsTooLargeException", message } };
  }
  // A request that never crossed a socket may have no Host; its URL names it.
  if (!headers.some(([name]) => name.toLowerCase() === "host")) headers.push(["host", host!]);
  const body = await readBody(request, maxBodyOctets, sleep);
  if (!(body instanceof Uint8Array)) return { failure: body };
  return { request: { method: request.method, path: path || "/", query: query ?? "", headers, body } };
}

/** The body, or why it is not read to its end. */
async function readBody(request: Request, maxOctets: number, sleep: Sleep): Promise<Bytes | ServiceFailure> {
  if (request.body === null) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = request.body.getReader();
  const timer = new AbortController();
  const late = sleep(BODY_TIMEOUT_MS, timer.signal).then(() => "late" as const, () => "late" as const);
  try {
    for (;;) {
      const read = await Promise.race([reader.read(), late]);
      if (read === "late") {
        await reader.cancel();
        const message = `The request body took longer than ${BODY_TIMEOUT_MS / 1000} seconds`;
        return { status: 408, code: "RequestTimeoutException", message };
      }
      if (read.done) return concatBytes(parts);
      length += read.value.length;
      if (length > maxOctets) {
        await reader.cancel();
        const message = `The request body exceeds ${maxOctets} octets`;
        return { status: 413, code: "RequestEntityTooLargeException", message };
      }
      parts.push(read.value);
    }
  } catch (error) {
    // The client went away, or its body is no body of HTTP.
    const state = error instanceof Error ? error.name : "Error";
    return { status: 400, code: "BadRequestException", message: `The request body broke off: ${state}` };
  } finally {
    timer.abort();
  }
}
