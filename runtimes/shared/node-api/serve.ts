/**
 * Serves a fetch handler over `node:http` or `node:https`, which Node and Bun both have and each hands in. Bun's own
 * server refuses header blocks above 16 KiB, which certificate chains reach.
 *
 * @module
 */

import { MAX_HEADER_LENGTH, type RequestHandler, type RunningServer, type ServeOptions } from "../../host.ts";

/** The part of `IncomingMessage` that is read. */
interface Incoming extends AsyncIterable<Uint8Array> {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: { readonly host?: string | undefined };
  readonly rawHeaders: readonly string[];
}

/** The part of `ServerResponse` that is written. */
interface Outgoing {
  writeHead(status: number, headers: Record<string, string | string[]>): unknown;
  end(body: Uint8Array): unknown;
  destroy(error?: Error): unknown;
}

/** The part of `Server` that is used. */
interface HttpServer {
  once(event: "error", listener: (error: Error) => void): unknown;
  removeListener(event: "error", listener: (error: Error) => void): unknown;
  listen(port: number, hostname: string, ready: () => void): unknown;
  address(): { readonly port: number } | string | null;
  close(closed: () => void): unknown;
  closeAllConnections(): void;
}

/** `createServer` of `node:http` or `node:https`. */
export type CreateServer = (
  options: { readonly maxHeaderSize: number; readonly cert?: string; readonly key?: string },
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
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_LENGTH,
      ...(options.tls === undefined ? {} : { cert: options.tls.certificate, key: options.tls.privateKey }),
    },
    (incoming, outgoing) => {
      answer(handler, scheme, incoming, outgoing).catch((error: unknown) => {
        outgoing.destroy(error instanceof Error ? error : undefined);
      });
    },
  );
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.hostname, () => {
      server.removeListener("error", reject);
      const address = server.address();
      resolve({
        port: typeof address === "object" && address !== null ? address.port : options.port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}

async function answer(handler: RequestHandler, scheme: string, incoming: Incoming, outgoing: Outgoing): Promise<void> {
  const headers = new Headers();
  // Raw headers keep repeated fields apart; a signature may cover them all.
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) {
    headers.append(incoming.rawHeaders[i]!, incoming.rawHeaders[i + 1]!);
  }
  const bodiless = incoming.method === "GET" || incoming.method === "HEAD";
  const request = new Request(`${scheme}://${incoming.headers.host ?? "localhost"}${incoming.url ?? "/"}`, {
    method: incoming.method ?? "GET",
    headers,
    ...(bodiless ? {} : { body: streamOf(incoming), duplex: "half" }),
  } as RequestInit);
  // The request resolved the dot segments of its target, which a signature of S3 covers as they were sent.
  const target = incoming.url ?? "/";
  if (target.startsWith("/") && TARGET.test(target)) {
    Object.defineProperty(request, "url", { value: new URL(request.url).origin + target });
  }
  const response = await handler(request);
  const fields: Record<string, string | string[]> = {};
  for (const [name, value] of response.headers) {
    const earlier = fields[name];
    fields[name] = earlier === undefined ? value : [earlier, value].flat();
  }
  outgoing.writeHead(response.status, fields);
  outgoing.end(new Uint8Array(await response.arrayBuffer()));
}

/** A request's body as a stream that is read as fast as the handler takes it. */
function streamOf(incoming: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const chunks = incoming[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await chunks.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: async () => {
      await chunks.return?.();
    },
  });
}

/** What a path and query of a request line are made of (RFC 3986 §3.3, §3.4). */
const TARGET = /^[\w./?~!$&'()*+,;=:@%-]*$/;
