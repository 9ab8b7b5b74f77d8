/**
 * The HTTP client of core on `node:http` over `node:net` and `node:tls`. The global `fetch` would cost twice the
 * start-up time of the whole program.
 *
 * @module
 */

import type { IncomingMessage, request as httpRequest } from "node:http";
import type { Socket } from "node:net";

import type { Abort, Fetch, FetchInit, FetchResponse } from "../../core/ports.ts";
import type { HttpClientOptions } from "../host.ts";

/** Of a longer body, in octets, this much and a chunk is read; answers of the service take a few kilobytes. */
const MAX_BODY_LENGTH = 1_048_576;

/** Makes an HTTP client; redirects are answers like any other. */
export function httpClient(options: HttpClientOptions): Fetch {
  const send = async (url: string, init: FetchInit): Promise<FetchResponse> => {
    const target = new URL(url);
    const { request } = await import("node:http");
    const proxy = options.proxy?.(target);
    if (proxy !== undefined) {
      const { authorizationLines, proxySocket, tunnel } = await import("./proxy-connection.ts");
      const ca = options.caBundle?.();
      if (target.protocol !== "https:") {
        return await exchange(request, target, init, () => proxySocket(proxy, ca), {
          origin: target.origin,
          headers: authorizationLines(proxy),
        });
      }
      const authority = `${target.hostname}:${target.port || 443}`;
      const socket = await tunnel(proxy, authority, ca, init.signal);
      return await exchange(request, target, init, await secureConnection(target, options, socket));
    }
    const connect = target.protocol === "https:"
      ? await secureConnection(target, options)
      : await plainConnection(target);
    return await exchange(request, target, init, connect);
  };
  return Object.assign(send, { takesAnySignal: true });
}

async function plainConnection(target: URL): Promise<() => Socket> {
  const { connect } = await import("node:net");
  return () => connect(Number(target.port || 80), hostOf(target));
}

/** @param socket a connection to the server; default: one is opened */
async function secureConnection(
  target: URL,
  options: HttpClientOptions,
  socket?: Socket,
): Promise<() => Socket> {
  const [{ connect }, { isIP }] = [await import("node:tls"), await import("node:net")];
  const host = hostOf(target);
  return () =>
    connect({
      ...(socket === undefined ? { host, port: Number(target.port || 443) } : { socket }),
      // RFC 6066 §3: an address is no server name.
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ALPNProtocols: ["http/1.1"],
      minVersion: "TLSv1.2",
      rejectUnauthorized: options.serverCertificate === "verify",
      ...(options.caBundle === undefined ? {} : { ca: options.caBundle() }),
    });
}

const DIRECT = { origin: "", headers: [] } as const;

/** The host as sockets want it: URL writes an IPv6 address in brackets. */
function hostOf(target: URL): string {
  return target.hostname.replace(/^\[(.*)\]$/, "$1");
}

function exchange(
  request: typeof httpRequest,
  target: URL,
  init: FetchInit,
  connect: () => Socket,
  /** What a proxy wants besides: the server in the target, and who asks. */
  proxied: { readonly origin: string; readonly headers: readonly string[] } = DIRECT,
): Promise<FetchResponse> {
  return new Promise((resolve, reject) => {
    const body = init.body === undefined ? undefined : Buffer.from(init.body as string);
    if (init.signal?.aborted) return reject(init.signal.reason);
    const outgoing = request(
      {
        method: init.method,
        path: proxied.origin + target.pathname + target.search,
        headers: [...headerLines(init.headers, target.host, body), ...proxied.headers],
        // A connection of its own needs no pool.
        createConnection: connect,
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

/** Names and values in turn: Node writes a list as it is, and takes an object apart first. */
function headerLines(headers: FetchInit["headers"], host: string, body: Uint8Array | undefined): string[] {
  // One request a process: the connection is not kept.
  const lines = ["host", host, "connection", "close"];
  for (const [name, value] of Object.entries(headers)) {
    if (!/^(?:host|connection)$/i.test(name)) lines.push(name, value);
  }
  if (body !== undefined) lines.push("content-length", String(body.length));
  return lines;
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
