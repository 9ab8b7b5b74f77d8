/**
 * Small servers on the sockets of a machine: for programs whose requests have no bodies, or short ones, and whose answers
 * are short texts, and are many. `Host.serve` is for everything else.
 *
 * @module
 */

import type { Bytes } from "../core/bytes/bytes.ts";

/** A request without its body. */
export interface PlainRequest {
  /** As it was sent, `GET` for instance. */
  readonly method: string;
  /** Path and query as they were sent, or as the platform has tidied them up. */
  readonly target: string;
  /** A header field; undefined when it is absent. @param name in lower case */
  header(name: string): string | undefined;
}

/** The same, and who sent it, and its body. */
export interface BodiedRequest extends PlainRequest {
  /** Address and port of who asks, IPv6 in brackets; `unix` where there is none. */
  readonly peer: string;
  /** The body; undefined when it is longer than so many octets. Called once. */
  body(maxLength: number): Promise<Bytes | undefined>;
}

/** An answer. */
export interface PlainAnswer {
  /** HTTP status. */
  readonly status: number;
  /** Names in lower case; `content-length` is added. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body; empty for none. Secret: it may be credentials. */
  readonly body: string;
}

/** Answers one request; at once where it can. */
export type PlainHandler = (request: PlainRequest) => PlainAnswer | Promise<PlainAnswer>;

/** The same with a body. */
export type BodiedHandler = (request: BodiedRequest) => PlainAnswer | Promise<PlainAnswer>;

/** Where to listen. */
export type ListenPlace =
  | {
    readonly kind: "tcp";
    /** Address to bind, IPv4 or IPv6 without brackets. */
    readonly hostname: string;
    /** TCP port; 0 lets the system choose. */
    readonly port: number;
    /** PEM certificate (chain) and private key: serve HTTPS. Secret: the key, which goes to the runtime. */
    readonly tls?: { readonly certificate: string; readonly privateKey: string };
  }
  | {
    readonly kind: "unix";
    /** Path of the socket, which is made for its owner alone (mode 0600); one that nobody listens on is replaced. */
    readonly path: string;
  }
  | {
    readonly kind: "descriptor";
    /** A file descriptor that listens already. */
    readonly descriptor: number;
  };

/** A server that is listening. */
export interface RunningListener {
  /** The address that it is bound to, IPv6 without brackets; undefined for a Unix socket. */
  readonly hostname: string | undefined;
  /** The TCP port; undefined for a Unix socket. */
  readonly port: number | undefined;
  /** Stops accepting, waits a moment for what is under way, and ends it. The file of a Unix socket goes, too. */
  close(): Promise<void>;
}

/** Standard input, as a way for requests to come. */
export interface StandardInput {
  /** What comes, until its end. */
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Reads no more: the pieces end. */
  close(): void;
}

/** The sockets of this machine. */
export interface Listeners {
  /** The number of this process, which systemd addresses its sockets to. */
  readonly processId: number;
  /**
   * Listens.
   *
   * @param receiveTimeoutMs how long a request may take to arrive, in milliseconds: in Node the whole of it, in Bun
   * between two pieces of it; `Deno.serve` has no such limit, and who reads a body must have one. Default {@link PLAIN_RECEIVE_TIMEOUT_MS}
   * @throws {HostError} `ERR_LISTEN_ADDRESS` when the place is taken, not there or not allowed;
   * `ERR_LISTEN_UNSUPPORTED` when the runtime cannot listen there
   */
  listen(handler: BodiedHandler, place: ListenPlace, receiveTimeoutMs?: number): Promise<RunningListener>;
  /** Opens standard input; once. */
  standardInput(): StandardInput;
  /** Tells systemd something with its own program, `systemd-notify`. @throws {HostError} `ERR_NOTIFY` */
  notify(words: readonly string[]): Promise<void>;
}

/** Who is at the other end of a connection, as text: IPv6 in brackets; `unix` for a Unix socket. */
export function peerText(address: string | undefined, port: number | undefined): string {
  if (address === undefined || port === undefined) return "unix";
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** A header block may be this long, in octets, where the runtime lets it be set (Node). */
export const MAX_PLAIN_HEADER_LENGTH = 16_384;

/** How long a request may take to arrive when the caller does not say, in milliseconds. */
export const PLAIN_RECEIVE_TIMEOUT_MS = 10_000;

/** Connections at one time, where the runtime lets it be set (Node). */
export const MAX_PLAIN_CONNECTIONS = 1024;

/**
 * Whether a Unix socket can have the path. Node makes one at what is left of a longer path when its end is cut off, and
 * says nothing.
 *
 * @param platform as Node and Deno spell it
 */
export function isSocketPath(path: string, platform: string): boolean {
  return platform === "win32" || platform === "windows" ||
    new TextEncoder().encode(path).length <= (platform === "linux" ? 107 : 103);
}
