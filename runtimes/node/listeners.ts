/**
 * Small servers on Node's sockets: `node:http` without `Request` and `Response`, which would take most of the time.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { existsSync, lstatSync, unlinkSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect } from "node:net";
import { dirname } from "node:path";
import process from "node:process";

import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import { listenError } from "../host-error.ts";
import { CLOSE_GRACE_MS } from "../host.ts";
import {
  type BodiedHandler,
  type BodiedRequest,
  isSocketPath,
  type Listeners,
  type ListenPlace,
  MAX_PLAIN_CONNECTIONS,
  MAX_PLAIN_HEADER_LENGTH,
  peerText,
  PLAIN_RECEIVE_TIMEOUT_MS,
  type PlainAnswer,
  type RunningListener,
} from "../listeners.ts";
import { inputPieces, isAnswered, type Spawn, systemdNotify } from "../shared/node-api/local-services.ts";

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
  if (place.kind === "unix" && !isSocketPath(place.path, process.platform)) {
    throw listenError(place.path, "ENAMETOOLONG", undefined);
  }
  const open = () => start(handler, place, receiveTimeoutMs);
  try {
    return await open();
  } catch (error) {
    const code = (error as { readonly code?: string }).code;
    const left = place.kind === "unix" && code === "EADDRINUSE" && lstatSync(place.path).isSocket();
    if (left && !(await isAnswered(connect, place.path))) {
      // What a process left behind that did not end well.
      unlinkSync(place.path);
      return await open().catch((again) => Promise.reject(listenError(place.path, again.code, again)));
    }
    // Node says that a directory which is missing is not allowed.
    const missing = place.kind === "unix" && code === "EACCES" && !existsSync(dirname(place.path));
    throw listenError(nameOf(place), missing ? "ENOENT" : code, error);
  }
}

function start(handler: BodiedHandler, place: ListenPlace, receiveTimeoutMs: number): Promise<RunningListener> {
  const options = {
    maxHeaderSize: MAX_PLAIN_HEADER_LENGTH,
    headersTimeout: receiveTimeoutMs,
    requestTimeout: receiveTimeoutMs,
    connectionsCheckingInterval: Math.ceil(receiveTimeoutMs / 10),
  };
  const tls = place.kind === "tcp" ? place.tls : undefined;
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse) => answer(handler, incoming, outgoing);
  const server = tls === undefined
    ? createServer(options, listener)
    : createTlsServer({ ...options, cert: tls.certificate, key: tls.privateKey }, listener);
  server.maxConnections = MAX_PLAIN_CONNECTIONS;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    const ready = () => {
      server.removeListener("error", reject);
      const address = server.address();
      const { address: hostname, port } = typeof address === "object" && address !== null
        ? address
        : { address: undefined, port: undefined };
      resolve({
        hostname,
        port,
        close: () => close(server),
      });
    };
    if (place.kind === "tcp") server.listen(place.port, place.hostname, ready);
    else if (place.kind === "descriptor") server.listen({ fd: place.descriptor }, ready);
    else {
      // The system makes the socket's file within this call, with the permissions that the mask leaves.
      const mask = process.umask(0o177);
      try {
        server.listen(place.path, ready);
      } finally {
        process.umask(mask);
      }
    }
  });
}

function answer(handler: BodiedHandler, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const fail = (error: unknown) => void outgoing.destroy(error instanceof Error ? error : undefined);
  try {
    const result = handler(new IncomingRequest(incoming));
    if (result instanceof Promise) result.then((later) => write(outgoing, later)).catch(fail);
    else write(outgoing, result);
  } catch (error) {
    fail(error);
  }
}

function write(outgoing: ServerResponse, { status, headers, body }: PlainAnswer): void {
  outgoing.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  outgoing.end(body);
}

class IncomingRequest implements BodiedRequest {
  readonly method: string;
  readonly target: string;
  readonly #incoming: IncomingMessage;

  constructor(incoming: IncomingMessage) {
    this.method = incoming.method ?? "";
    this.target = incoming.url ?? "";
    this.#incoming = incoming;
  }

  get peer(): string {
    const { remoteAddress, remotePort } = this.#incoming.socket;
    return peerText(remoteAddress, remotePort);
  }

  header(name: string): string | undefined {
    const value = this.#incoming.headers[name];
    return typeof value === "object" ? value.join(", ") : value;
  }

  body(maxLength: number): Promise<Bytes | undefined> {
    return new Promise((resolve, reject) => {
      const pieces: Uint8Array[] = [];
      let length = 0;
      this.#incoming.on("data", (piece: Uint8Array) => {
        length += piece.length;
        if (length <= maxLength) pieces.push(piece);
        // What still comes is read and forgotten: a client that is cut off while it sends does not see the answer.
        else resolve(undefined);
      });
      this.#incoming.on("end", () => resolve(concatBytes(pieces)));
      this.#incoming.on("error", reject);
      this.#incoming.on("close", () => reject(new Error("the client went away")));
    });
  }
}

function close(server: Server): Promise<void> {
  return new Promise((closed) => {
    const patience = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
    server.close(() => {
      clearTimeout(patience);
      closed();
    });
    server.closeIdleConnections();
  });
}

function nameOf(place: ListenPlace): string {
  if (place.kind === "unix") return place.path;
  return place.kind === "tcp" ? `${place.hostname} port ${place.port}` : `descriptor ${place.descriptor}`;
}
