/**
 * The HTTP client of core on `node:http` and `node:https`. The global `fetch` would cost twice the start-up time of the
 * whole program.
 *
 * @module
 */

import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";

import type { Abort, Fetch, FetchInit, FetchResponse } from "../../core/ports.ts";
import type { HttpClientOptions } from "../host.ts";

/** Of a longer body, in octets, this much and a chunk is read; answers of the service take a few kilobytes. */
const MAX_BODY_LENGTH = 1_048_576;

type RequestFunction = (options: RequestOptions, onResponse: (response: IncomingMessage) => void) => ClientRequest;

/** Makes an HTTP client; redirects are answers like any other. */
export function httpClient(options: HttpClientOptions): Fetch {
  return async (url, init) => {
    const target = new URL(url);
    // `getBuiltinModule` would do without a promise, but Node 20 has it from 20.16 on only.
    const request: RequestFunction = target.protocol === "https:"
      ? (await import("node:https")).request
      : (await import("node:http")).request;
    return await exchange(request, target, init, options);
  };
}

function exchange(
  request: RequestFunction,
  target: URL,
  init: FetchInit,
  options: HttpClientOptions,
): Promise<FetchResponse> {
  return new Promise((resolve, reject) => {
    const body = init.body === undefined ? undefined : Buffer.from(init.body as string);
    if (init.signal?.aborted) return reject(init.signal.reason);
    const outgoing = request(
      {
        method: init.method,
        // URL writes an IPv6 address in brackets, which the socket does not want.
        hostname: target.hostname.replace(/^\[(.*)\]$/, "$1"),
        port: target.port,
        path: target.pathname + target.search,
        headers: body === undefined ? init.headers : { ...init.headers, "content-length": body.length },
        // One request a process: a pool would only keep the process alive.
        agent: false,
        ...(target.protocol === "https:" ? tlsOptions(options) : {}),
      },
      (incoming) => {
        readAnswer(incoming, init.signal).then((answer) => {
          init.signal?.removeEventListener("abort", stop);
          resolve(answer);
        }, reject);
      },
    );
    const stop = () => outgoing.destroy(abortError(init.signal!));
    init.signal?.addEventListener("abort", stop);
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function tlsOptions(options: HttpClientOptions): object {
  return {
    minVersion: "TLSv1.2",
    rejectUnauthorized: options.serverCertificate === "verify",
    ...(options.caBundle === undefined ? {} : { ca: options.caBundle() }),
  };
}

function readAnswer(incoming: IncomingMessage, signal: Abort | undefined): Promise<FetchResponse> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    incoming.on("data", (chunk: Uint8Array) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length <= MAX_BODY_LENGTH) return;
      // The caller sees by the length that this is not all, and judges it.
      finish();
      incoming.destroy();
    });
    incoming.on("error", reject);
    incoming.on("aborted", () => reject(signal?.aborted ? abortError(signal) : new Error("the answer was cut off")));
    incoming.on("end", () => finish());
    const finish = () => {
      const text = Buffer.concat(chunks).toString("utf8");
      resolve({
        status: incoming.statusCode!,
        headers: {
          get: (name) => {
            const value = incoming.headers[name.toLowerCase()];
            return value === undefined ? null : typeof value === "string" ? value : value.join(", ");
          },
        },
        text: () => Promise.resolve(text),
      });
    };
  });
}

function abortError(signal: Abort): Error {
  return signal.reason instanceof Error ? signal.reason : new Error("the request was aborted");
}
