/**
 * Serves a fetch handler over HTTP or HTTPS on Bun.
 *
 * @module
 */

import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";

import type { RequestHandler, RunningServer, ServeOptions } from "../host.ts";
import { type CreateServer, serveWith } from "../shared/node-api/serve.ts";

/**
 * Starts a server; resolves when it listens, rejects when the address cannot be bound.
 *
 * Secret: the private key of `tls`, which goes to the runtime.
 */
export function serve(handler: RequestHandler, options: ServeOptions): Promise<RunningServer> {
  return serveWith((options.tls === undefined ? createServer : createTlsServer) as CreateServer, handler, options);
}
