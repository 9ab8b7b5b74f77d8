/**
 * A `fetch` that leads to a Unix socket, through `node:http`, which Node, Bun and Deno have. The global `fetch` has none
 * that all of them share.
 *
 * @module
 */

import { request } from "node:http";

import { concatBytes } from "../../core/bytes/bytes.ts";
import { decodeUtf8 } from "../../core/bytes/text.ts";
import type { Abort, Fetch, FetchInit, FetchResponse } from "../../core/ports.ts";
import { MAX_SIGNING_ANSWER_LENGTH } from "../../core/sign/signing-protocol.ts";

/**
 * Makes a `fetch` for `remoteSigner` whose requests all go to one socket; of their URLs, path and host alone count.
 *
 * Of an answer that is longer than a document of the signing protocol may be, so much is read that this is seen.
 *
 * @example
 * ```ts
 * import { unixSocketFetch } from "anyrole/hsm";
 * import { remoteSigner } from "anyrole/sign";
 *
 * export async function sidecarSigner(socketPath: string) {
 *   const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
 *   return await remoteSigner({ endpoint: "http://localhost", fetch: unixSocketFetch(socketPath), sleep });
 * }
 * ```
 */
export function unixSocketFetch(socketPath: string): Fetch {
  const fetch = (url: string, init: FetchInit): Promise<FetchResponse> => exchange(socketPath, new URL(url), init);
  return Object.assign(fetch, { takesAnySignal: true });
}

function exchange(socketPath: string, url: URL, init: FetchInit): Promise<FetchResponse> {
  const { method, headers, body } = init;
  const signal = init.signal as Abort | undefined;
  return new Promise((resolve, reject) => {
    const outgoing = request({
      socketPath,
      method,
      path: url.pathname + url.search,
      headers: {
        ...headers,
        host: url.host,
        ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
      },
      // A connection that is kept may be closed by the other side just when it is used again.
      agent: false,
    }, (incoming) => {
      const pieces: Uint8Array[] = [];
      let length = 0;
      const settle = () => {
        const text = decodeUtf8(concatBytes(pieces)) ?? "";
        resolve({
          status: incoming.statusCode ?? 0,
          headers: {
            get: (name) => {
              const value = incoming.headers[name.toLowerCase()];
              return value === undefined ? null : String(value);
            },
          },
          text: () => Promise.resolve(text),
        });
      };
      incoming.on("data", (piece: Uint8Array) => {
        pieces.push(piece);
        length += piece.length;
        if (length <= MAX_SIGNING_ANSWER_LENGTH) return;
        settle();
        incoming.destroy();
      });
      incoming.on("end", settle);
      incoming.on("error", reject);
      incoming.on("close", () => reject(new Error("the answer broke off")));
    });
    outgoing.on("error", reject);
    const abort = () => {
      outgoing.destroy();
      reject(signal?.reason ?? new Error("it was aborted"));
    };
    if (signal?.aborted) return abort();
    signal?.addEventListener("abort", abort);
    outgoing.end(body);
  });
}
