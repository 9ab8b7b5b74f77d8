/**
 * Serves a fetch handler over `node:http` or `node:https`, which Node and Bun both have and each hands in. Bun's own
 * server refuses header blocks above 16 KiB, which certificate chains reach.
 *
 * @module
 */

import {
  CLOSE_GRACE_MS,
  KEEP_ALIVE_MS,
  MAX_HEADER_LENGTH,
  RECEIVE_TIMEOUT_MS,
  type RefusedStatus,
  type RequestHandler,
  type RunningServer,
  type ServeOptions,
} from "../../host.ts";

/** The part of `IncomingMessage` that is used. */
interface Incoming {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: { readonly host?: string | undefined };
  readonly rawHeaders: readonly string[];
  on(event: "data", listener: (chunk: Uint8Array) => void): unknown;
  on(event: "end" | "close", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  pause(): unknown;
  resume(): unknown;
}

/** The part of `ServerResponse` that is written. */
interface Outgoing {
  writeHead(status: number, headers: Record<string, string | string[]>): unknown;
  end(body: Uint8Array): unknown;
  destroy(error?: Error): unknown;
}

/** The part of `Socket` that is used. */
interface Socket {
  readonly writable: boolean;
  end(text: string): unknown;
  destroy(): unknown;
  /** The answer under way. */
  readonly _httpMessage?: { readonly headersSent?: boolean } | null | undefined;
}

/** The part of `Server` that is used. */
interface HttpServer {
  once(event: "error", listener: (error: Error) => void): unknown;
  on(event: "clientError", listener: (error: { readonly code?: string }, socket: Socket) => void): unknown;
  removeListener(event: "error", listener: (error: Error) => void): unknown;
  listen(port: number, hostname: string, ready: () => void): unknown;
  address(): { readonly port: number } | string | null;
  close(closed: () => void): unknown;
  closeIdleConnections(): void;
  closeAllConnections(): void;
}

/** `createServer` of `node:http` or `node:https`. */
export type CreateServer = (
  options: {
    readonly maxHeaderSize: number;
    readonly headersTimeout: number;
    readonly requestTimeout: number;
    readonly keepAliveTimeout: number;
    readonly connectionsCheckingInterval: number;
    readonly cert?: string;
    readonly key?: string;
  },
  listener: (incoming: Incoming, outgoing: Outgoing) => void,
) => HttpServer;

/**
 * Starts a server; resolves when it listens, rejects when the address cannot be bound.
 *
 * Secret: the private key of `tls`, which goes to the runtime.
 */
export function serveWith(
  createServer: CreateServer,
  handler: RequestHandler,
  options: ServeOptions,
): Promise<RunningServer> {
  const scheme = options.tls === undefined ? "http" : "https";
  const timeoutMs = options.receiveTimeoutMs ?? RECEIVE_TIMEOUT_MS;
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_LENGTH,
      headersTimeout: timeoutMs,
      requestTimeout: timeoutMs,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: Math.min(1000, Math.ceil(timeoutMs / 4)),
      ...(options.tls === undefined ? {} : { cert: options.tls.certificate, key: options.tls.privateKey }),
    },
    (incoming, outgoing) => {
      answer(handler, scheme, options, incoming, outgoing).catch((error: unknown) => {
        outgoing.destroy(error instanceof Error ? error : undefined);
      });
    },
  );
  server.on("clientError", ({ code }, socket) => refuseClient(code, socket, options));
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.hostname, () => {
      server.removeListener("error", reject);
      const address = server.address();
      resolve({
        port: typeof address === "object" && address !== null ? address.port : options.port,
        close: () =>
          new Promise((closed) => {
            const patience = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
            server.close(() => {
              clearTimeout(patience);
              closed();
            });
            server.closeIdleConnections();
          }),
      });
    });
  });
}

async function answer(
  handler: RequestHandler,
  scheme: string,
  options: ServeOptions,
  incoming: Incoming,
  outgoing: Outgoing,
): Promise<void> {
  const body = bodyOf(incoming);
  try {
    const request = requestOf(scheme, incoming, body.stream);
    const response = request === undefined ? refusal(400, options) : await handler(request);
    const fields: Record<string, string | string[]> = {};
    for (const [name, value] of response.headers) {
      const earlier = fields[name];
      fields[name] = earlier === undefined ? value : [earlier, value].flat();
    }
    const octets = new Uint8Array(await response.arrayBuffer());
    // Node would send a body of untold length, in chunks.
    if (octets.length > 0) fields["content-length"] ??= String(octets.length);
    outgoing.writeHead(response.status, fields);
    outgoing.end(octets);
  } finally {
    body.discard();
  }
}

/** The request; undefined when its target or method is none that a request can have. */
function requestOf(scheme: string, incoming: Incoming, body: ReadableStream<Uint8Array>): Request | undefined {
  const headers = new Headers();
  // Raw headers keep repeated fields apart; a signature may cover them all.
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) {
    headers.append(incoming.rawHeaders[i]!, incoming.rawHeaders[i + 1]!);
  }
  const bodiless = incoming.method === "GET" || incoming.method === "HEAD";
  try {
    // A target is a path, or a whole URL (RFC 9112 §3.2.2).
    const target = incoming.url ?? "/";
    const url = target.startsWith("/") ? `${scheme}://${incoming.headers.host ?? "localhost"}${target}` : target;
    const request = new Request(url, {
      method: incoming.method ?? "GET",
      headers,
      ...(bodiless ? {} : { body, duplex: "half" }),
    } as RequestInit);
    // The request has resolved the dot segments of its target, which a signature of S3 covers as they were sent.
    if (TARGET.test(target)) Object.defineProperty(request, "url", { value: new URL(url).origin + target });
    return request;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** A request's body as a stream that is read as fast as the handler takes it, and a way to be done with it. */
function bodyOf(incoming: Incoming): { readonly stream: ReadableStream<Uint8Array>; readonly discard: () => void } {
  let over = false;
  const discard = () => {
    // What still comes is read and forgotten: a client that is cut off while it sends does not see the answer.
    over = true;
    incoming.resume();
  };
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      const end = (error?: Error) => {
        if (over) return;
        over = true;
        if (error === undefined) controller.close();
        else controller.error(error);
      };
      incoming.on("data", (chunk) => {
        if (over) return;
        controller.enqueue(chunk);
        if ((controller.desiredSize ?? 0) <= 0) incoming.pause();
      });
      incoming.on("end", () => end());
      incoming.on("error", end);
      incoming.on("close", () => end(new Error("the client went away")));
    },
    pull: () => void incoming.resume(),
    cancel: discard,
  });
  return { stream, discard };
}

/** Answers what is no request, unless an answer is under way already. */
function refuseClient(code: string | undefined, socket: Socket, options: ServeOptions): void {
  if (code === "ECONNRESET" || !socket.writable || socket._httpMessage?.headersSent === true) {
    socket.destroy();
    return;
  }
  const status = code === "HPE_HEADER_OVERFLOW" ? 431 : code === "ERR_HTTP_REQUEST_TIMEOUT" ? 408 : 400;
  const { headers, text } = options.refuse?.(status) ?? { headers: {}, text: "" };
  const fields = { ...headers, "content-length": String(new TextEncoder().encode(text).length), connection: "close" };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.end(`HTTP/1.1 ${status} ${REASONS[status]}\r\n${lines}\r\n${text}`);
}

function refusal(status: RefusedStatus, options: ServeOptions): Response {
  const { headers, text } = options.refuse?.(status) ?? { headers: {}, text: "" };
  return new Response(text, { status, headers });
}

const REASONS: { readonly [status in RefusedStatus]: string } = {
  400: "Bad Request",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
};

/** A path and a query (RFC 3986 §3.3, §3.4), nothing of which has to be escaped. */
const TARGET = /^\/[\w./?~!$&'()*+,;=:@%-]*$/;
