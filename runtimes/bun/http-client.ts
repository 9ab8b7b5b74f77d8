/**
 * The HTTP client of core on Bun's own `fetch`.
 *
 * @module
 */

import type { Fetch, FetchInit, FetchResponse } from "../../core/ports.ts";
import type { HttpClient, HttpClientOptions } from "../host.ts";

/** Of a body whose length is told, in octets, this much is read in one piece; answers of the service take a few kilobytes. */
const MAX_PLAIN_BODY_LENGTH = 1_048_576;

/** The part of Bun's `fetch` that DOM types do not know. */
declare const fetch: {
  (url: string, init: FetchInit & BunFetchInit): Promise<Response>;
  preconnect(url: string): void;
};

interface BunFetchInit {
  readonly tls?: { readonly rejectUnauthorized: boolean; readonly ca?: string } | undefined;
  readonly proxy?: { readonly url: string; readonly headers: Readonly<Record<string, string>> };
}

/** Makes an HTTP client; redirects are answers like any other. */
export function httpClient(options: HttpClientOptions): HttpClient {
  const send: Fetch = async (url, init) => {
    // `tls` is Bun's own member of the options.
    const tls = url.startsWith("https:")
      ? {
        rejectUnauthorized: options.serverCertificate === "verify",
        ...(options.caBundle === undefined ? {} : { ca: options.caBundle() }),
      }
      : undefined;
    const proxy = options.proxy?.(new URL(url));
    if (proxy === undefined) return plainly(await withoutProxy(() => fetch(url, { ...init, tls })));
    // So is `proxy`.
    const { secure, hostname, port, authorization } = proxy;
    const host = hostname.includes(":") ? `[${hostname}]` : hostname;
    return plainly(
      await fetch(url, {
        ...init,
        tls,
        proxy: {
          url: `${secure ? "https" : "http"}://${host}:${port}`,
          headers: authorization === undefined ? {} : { "proxy-authorization": authorization },
        },
      }),
    );
  };
  return Object.assign(send, { prepare: (url: string) => prepare(url, options) });
}

/** Connects ahead, as far as Bun can: with its own trust store, and to the server itself. */
function prepare(url: string, { serverCertificate, caBundle, proxy }: HttpClientOptions): void {
  if (url.startsWith("https:") && (serverCertificate !== "verify" || caBundle !== undefined)) return;
  if (proxy?.(new URL(url)) === undefined) withoutProxy(() => fetch.preconnect(url));
}

/** A body of a known length is asked for at once, which spares the process a stream. */
function plainly(response: Response): FetchResponse {
  const { status, headers } = response;
  const length = Number(headers.get("content-length") ?? Infinity);
  if (length > MAX_PLAIN_BODY_LENGTH || headers.has("content-encoding")) return response as FetchResponse;
  return { status, headers, text: () => response.text() };
}

/** Bun's `fetch` looks for the environment's proxies when it is called, and sends even what is for loopback there. */
function withoutProxy<T>(call: () => T): T {
  const before = process.env["NO_PROXY"];
  process.env["NO_PROXY"] = "*";
  try {
    return call();
  } finally {
    if (before === undefined) delete process.env["NO_PROXY"];
    else process.env["NO_PROXY"] = before;
  }
}
