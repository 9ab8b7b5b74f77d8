/**
 * Small servers on Bun's own HTTP server.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { lstatSync, rmSync, unlinkSync } from "node:fs";
import { connect } from "node:net";
import process from "node:process";

import type { Bytes } from "../../core/bytes/bytes.ts";
import { HostError, listenError } from "../host-error.ts";
import { CLOSE_GRACE_MS } from "../host.ts";
import {
  type BodiedHandler,
  type BodiedRequest,
  type Listeners,
  type ListenPlace,
  peerText,
  PLAIN_RECEIVE_TIMEOUT_MS,
  type PlainAnswer,
  type RunningListener,
} from "../listeners.ts";
import { readStream } from "../shared/bounded-read.ts";
import { inputPieces, isAnswered, type Spawn, systemdNotify } from "../shared/node-api/local-services.ts";

/** The part of `Bun.serve` that is used. */
interface BunServer {
  readonly port: number;
  stop(closeActiveConnections?: boolean): Promise<void>;
  requestIP(request: Request): { readonly address: string; readonly port: number } | null;
}

declare const Bun: { serve(options: object): BunServer };

/** The sockets of this machine. */
export function listeners(): Listeners {
  return {
    processId: process.pid,
    listen,
    standardInput: () => ({ pieces: inputPieces(process.stdin), close: () => void process.stdin.destroy() }),
    notify: (words) => systemdNotify(spawn as unknown as Spawn, process.pid, words),
  };
}

async function listen(
  handler: BodiedHandler,
  place: ListenPlace,
  receiveTimeoutMs: number = PLAIN_RECEIVE_TIMEOUT_MS,
): Promise<RunningListener> {
  if (place.kind === "descriptor") {
    throw new HostError(
      "ERR_LISTEN_UNSUPPORTED",
      "Cannot listen on a socket that systemd opened: Bun takes none; use Node, or no socket unit",
    );
  }
  try {
    return start(handler, place, receiveTimeoutMs);
  } catch (error) {
    const code = (error as { readonly code?: string }).code;
    if (place.kind === "tcp") throw listenError(`${place.hostname} port ${place.port}`, code, error);
    const left = code === "EADDRINUSE" && lstatSync(place.path).isSocket();
    if (!left || (await isAnswered(connect, place.path))) throw listenError(place.path, code, error);
    // What a process left behind that did not end well.
    unlinkSync(place.path);
    return start(handler, place, receiveTimeoutMs);
  }
}

function start(
  handler: BodiedHandler,
  place: Exclude<ListenPlace, { readonly kind: "descriptor" }>,
  receiveTimeoutMs: number,
): RunningListener {
  const tls = place.kind !== "tcp" || place.tls === undefined
    ? {}
    : { tls: { cert: place.tls.certificate, key: place.tls.privateKey } };
  const where = place.kind === "tcp" ? { hostname: place.hostname, port: place.port, ...tls } : { unix: place.path };
  // The system makes a socket's file within this call, with the permissions that the mask leaves.
  const mask = process.umask(0o177);
  try {
    const server = Bun.serve({
      ...where,
      // A connection that is silent for so many seconds is cut.
      idleTimeout: Math.ceil(receiveTimeoutMs / 1000),
      development: false,
      // Without this, what is no development shares its port with whoever asks for it, too.
      reusePort: false,
      fetch: (request: Request, own: BunServer) => {
        const result = handler(new FetchRequest(request, own));
        return result instanceof Promise ? result.then(responseOf) : responseOf(result);
      },
      error: () => new Response(null, { status: 500 }),
    });
    return {
      hostname: place.kind === "tcp" ? place.hostname : undefined,
      port: place.kind === "tcp" ? server.port : undefined,
      close: async () => {
        const patience = setTimeout(() => void server.stop(true), CLOSE_GRACE_MS);
        await server.stop();
        clearTimeout(patience);
        if (place.kind === "unix") rmSync(place.path, { force: true });
      },
    };
  } finally {
    process.umask(mask);
  }
}

function responseOf({ status, headers, body }: PlainAnswer): Response {
  return new Response(body, { status, headers });
}

class FetchRequest implements BodiedRequest {
  readonly method: string;
  readonly #request: Request;
  readonly #server: Pick<BunServer, "requestIP">;

  constructor(request: Request, server: Pick<BunServer, "requestIP">) {
    this.method = request.method;
    this.#request = request;
    this.#server = server;
  }

  get peer(): string {
    const address = this.#server.requestIP(this.#request);
    return peerText(address?.address, address?.port);
  }

  get target(): string {
    const { url } = this.#request;
    // Without a Host it is the path alone.
    return url.startsWith("/") ? url : url.slice(url.indexOf("/", url.indexOf("://") + 3));
  }

  header(name: string): string | undefined {
    return this.#request.headers.get(name) ?? undefined;
  }

  body(maxLength: number): Promise<Bytes | undefined> {
    return readStream(this.#request.body, maxLength);
  }
}
