/**
 * Redis commands over TCP, by the two streams that every runtime has for a connection.
 *
 * Each command has a connection of its own, because in a worker none may outlive the request that opened it; a session's
 * life takes a handful. Authentication goes ahead of it in the same write, so it costs no round trip.
 *
 * @module
 */

import { type Bytes, concatBytes } from "../../../core/bytes/bytes.ts";
import { decodeUtf8, encodeUtf8 } from "../../../core/bytes/text.ts";
import { STORE_LIMIT_MS } from "../../../core/credentials/shared-sessions.ts";
import { CredentialStoreError } from "../../../core/credentials/store-error.ts";
import type { Awaitable } from "../../../core/crypto/signer.ts";
import type { Abort } from "../../../core/ports.ts";
import { sleep } from "../../../core/session/sleep.ts";
import { withinTime } from "../../../core/session/time-limit.ts";
import type { RedisSend } from "./redis-store.ts";

/**
 * An open connection: a `Socket` of `cloudflare:sockets`, a `Deno.Conn`, or `Duplex.toWeb(socket)` of `node:stream`.
 */
export interface RedisConnection {
  /** What comes: the part of a `ReadableStream` that is used. */
  readonly readable: {
    /** Locks it. */
    getReader(): {
      /** The next octets. */
      read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
      /** Ends it. */
      cancel(): Promise<void>;
    };
  };
  /** What goes: the part of a `WritableStream` that is used. */
  readonly writable: {
    /** Locks it. */
    getWriter(): {
      /** Sends octets. */
      write(octets: Uint8Array): Promise<void>;
      /** Ends it. */
      close(): Promise<void>;
    };
  };
  /** Closes it, where closing its streams does not. */
  close?(): unknown;
}

/** Where the server is and who we are. Unknown members are a TypeError. */
export interface RedisTcpOptions {
  /** Opens a connection, TLS included where the server wants it. */
  readonly connect: () => Awaitable<RedisConnection>;
  /** Default: the server's default user. */
  readonly username?: string | undefined;
  /** Secret: the password; default: none. */
  readonly password?: string | undefined;
  /** Number of the database; default 0. */
  readonly database?: number | undefined;
}

/**
 * Makes the sender of commands for `redisStore`. A command that takes longer than two seconds fails, and its connection
 * is closed.
 *
 * Secret: the password is kept; no error holds it.
 *
 * @throws {TypeError} an option that does not exist, or a user name without a password
 */
export function redisOverTcp(options: RedisTcpOptions): RedisSend {
  const { connect, username, password, database = 0, ...unknown } = options;
  for (const name of Object.keys(unknown)) throw new TypeError(`redisOverTcp() has no option "${name}"`);
  if (username !== undefined && password === undefined) throw new TypeError('"username" is given without "password"');
  const first: string[][] = [];
  if (password !== undefined) first.push(["AUTH", ...(username === undefined ? [] : [username]), password]);
  if (database !== 0) first.push(["SELECT", String(database)]);
  return (command) =>
    withinTime(async (signal) => await converse(await connect(), [...first, command], signal), {
      limitMs: STORE_LIMIT_MS,
      expired: () => new CredentialStoreError("ERR_STORE_TIMEOUT", `Redis did not answer within ${STORE_LIMIT_MS} ms`),
      sleep,
      signal: undefined,
      signalFor: "core",
    });
}

/** Sends the commands in one write, answers the reply to the last one, and closes the connection. */
async function converse(
  connection: RedisConnection,
  commands: readonly (readonly string[])[],
  signal: Abort,
): Promise<unknown> {
  const reader = connection.readable.getReader();
  const writer = connection.writable.getWriter();
  // The read that is waiting ends with it.
  signal.addEventListener("abort", () => void reader.cancel().catch(() => {}));
  try {
    // Nobody waits any longer for a connection that took so long to open.
    if (signal.aborted) return undefined;
    // A connection that fails fails the read as well, which tells it.
    writer.write(concatBytes(commands.map(encodeCommand))).catch(() => {});
    const replies = new Replies(reader);
    let reply: unknown;
    for (const [name] of commands) reply = await replies.next(name!);
    return reply;
  } finally {
    // How a connection ends that has done its work is nobody's concern.
    const endings = [reader.cancel(), writer.close(), new Promise((resolve) => resolve(connection.close?.()))];
    for (const ending of endings) ending.catch(() => {});
  }
}

/** A command in RESP2: an array of bulk strings. */
function encodeCommand(command: readonly string[]): Bytes {
  const parts = command.flatMap((text) => {
    const octets = encodeUtf8(text);
    return [encodeUtf8(`$${octets.length}\r\n`), octets, CRLF];
  });
  return concatBytes([encodeUtf8(`*${command.length}\r\n`), ...parts]);
}

type Reader = ReturnType<RedisConnection["readable"]["getReader"]>;

/** Replies in RESP2, one after the other. */
class Replies {
  readonly #reader: Reader;
  #buffer: Bytes = new Uint8Array(1024);
  /** Octets of the buffer that have come and are not taken. */
  #length = 0;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  /** A simple or bulk string, an integer, or null. */
  async next(command: string): Promise<string | number | null> {
    const line = await this.#line();
    const rest = line.slice(1);
    switch (line[0]) {
      case "+":
        return rest;
      case "-":
        // Its text may repeat the arguments, a password among them; its first word is a code.
        throw unusable(`${command} was refused with ${/^[A-Z]+\b/.exec(rest)?.[0] ?? "an error"}`);
      case ":":
        if (/^-?\d{1,15}$/.test(rest)) return Number(rest);
        break;
      case "$":
        if (rest === "-1") return null;
        if (/^\d{1,6}$/.test(rest) && Number(rest) <= MAX_TEXT_OCTETS) return await this.#text(Number(rest));
    }
    throw unusable(`${command} was answered with what is no reply of RESP2`);
  }

  async #line(): Promise<string> {
    for (;;) {
      const end = this.#buffer.subarray(0, this.#length).indexOf(0x0a);
      if (end >= 0) return this.#take(end + 1).slice(0, -2);
      if (this.#length > MAX_LINE_OCTETS) throw unusable("its answer has a line without an end");
      await this.#more();
    }
  }

  async #text(length: number): Promise<string> {
    while (this.#length < length + CRLF.length) await this.#more();
    return this.#take(length + CRLF.length).slice(0, -CRLF.length);
  }

  #take(length: number): string {
    const text = decodeUtf8(this.#buffer.subarray(0, length));
    if (text === undefined || !text.endsWith("\r\n")) throw unusable("its answer is no text");
    this.#buffer.copyWithin(0, length, this.#length);
    this.#length -= length;
    return text;
  }

  async #more(): Promise<void> {
    const { done, value } = await this.#reader.read();
    if (done) throw unusable("the server closed the connection");
    if (value === undefined) return;
    const length = this.#length + value.length;
    if (length > this.#buffer.length) {
      // Twice as long, so that an answer octet by octet is not copied as often.
      const longer = new Uint8Array(2 * length);
      longer.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = longer;
    }
    this.#buffer.set(value, this.#length);
    this.#length = length;
  }
}

function unusable(state: string): CredentialStoreError {
  return new CredentialStoreError("ERR_STORE_ANSWER", state);
}

const CRLF: Bytes = /* @__PURE__ */ Uint8Array.of(0x0d, 0x0a);
const MAX_LINE_OCTETS = 1024;

/** The base64 of the longest entry, `MAX_SEALED_OCTETS`. */
const MAX_TEXT_OCTETS = 87_384;
