/**
 * A TPM behind a socket that speaks plain commands and responses: swtpm's `unixio` and `tcp`, and other emulators.
 *
 * One connection is made for every operation: such servers serve one client at a time, and each new connection costs them
 * and us about as much as a small command. Some end the connection after one command; then one is made for every command.
 *
 * @module
 */

import { createConnection, type Socket } from "node:net";
import type { Bytes } from "../../core/bytes/bytes.ts";
import type { TpmError } from "./tpm-error.ts";
import {
  DEFAULT_TPM_TIMEOUT_MS,
  ResponseCollector,
  systemFailure,
  type TpmTransport,
  withinTimeLimit,
} from "./transport.ts";

/** Where the socket is. */
export type SocketAddress =
  /** A socket of the file system. */
  | { readonly path: string }
  /** TCP. Nothing protects a connection to another machine: sessions hide passwords, and no more. */
  | { readonly host: string; readonly port: number };

/**
 * Makes the transport of a socket.
 *
 * @param timeoutMs time for one command, the connection included; default {@linkcode DEFAULT_TPM_TIMEOUT_MS}
 */
export function socketTransport(address: SocketAddress, timeoutMs: number = DEFAULT_TPM_TIMEOUT_MS): TpmTransport {
  const name = "path" in address ? address.path : `${address.host}:${address.port}`;
  let keeps = true;
  return {
    name,
    open: () => {
      let held: Line | undefined;
      return Promise.resolve({
        transmit: async (command) => {
          const open = held;
          held = undefined;
          const { line, response } = await exchange(name, address, open, command, timeoutMs);
          if (open !== undefined && line !== open) keeps = false;
          // Who is refused waits perhaps for another program's room: that one must have its turn meanwhile.
          if (keeps && isSuccess(response) && !line.socket.destroyed) held = line;
          else line.socket.destroy();
          return response;
        },
        close: () => {
          held?.socket.destroy();
          held = undefined;
          return Promise.resolve();
        },
      });
    },
  };
}

/** A connection, and who waits for what comes over it; who has been served does not listen. */
interface Line {
  readonly socket: Socket;
  waiting: { readonly take: (piece: Bytes) => void; readonly end: (error?: TpmError) => void } | undefined;
}

function connect(name: string, address: SocketAddress): Line {
  const socket = createConnection({ ...address });
  const line: Line = { socket, waiting: undefined };
  // What nobody asked for would be taken for the next answer. Of ends hears who waits: the next command finds it destroyed.
  socket.on(
    "data",
    (piece) => line.waiting === undefined ? socket.destroy() : line.waiting.take(new Uint8Array(piece)),
  );
  socket.on("error", (error) => line.waiting?.end(systemFailure(error, `reach TPM at ${name}`)));
  socket.on("end", () => line.waiting?.end());
  socket.on("close", () => line.waiting?.end());
  return line;
}

interface Exchanged {
  readonly line: Line;
  readonly response: Bytes;
}

/** Sends a command over the open connection, or over a new one, which is open afterwards. */
async function exchange(
  name: string,
  address: SocketAddress,
  open: Line | undefined,
  command: Bytes,
  timeoutMs: number,
): Promise<Exchanged> {
  let line = open;
  let stopped = false;
  const work = async (): Promise<Exchanged> => {
    if (open !== undefined && !open.socket.destroyed) {
      try {
        return { line: open, response: await exchangeOver(open, name, command, "now") };
      } catch (error) {
        // Who ends the connection after each command has not read this one.
        if (!(error instanceof Ended)) throw error;
        open.socket.destroy();
      }
    }
    // A server of one client at a time has a short queue. Nothing was sent before there is a connection.
    for (let tries = 1, wait = 1; !stopped; tries++, wait = Math.min(2 * wait, MAX_WAIT_MS)) {
      const made = line = connect(name, address);
      try {
        return { line: made, response: await exchangeOver(made, name, command, "when connected") };
      } catch (error) {
        const { code } = (error as { readonly cause?: { readonly code?: string } }).cause ?? {};
        // Bun calls a full queue ECONNREFUSED, as a socket that nobody listens on: it gets less patience.
        const refused = code === "ECONNREFUSED" && "path" in address && tries < MAX_REFUSALS;
        if (code !== "EAGAIN" && !refused) throw error;
        await new Promise((resolve) => setTimeout(resolve, wait));
      }
    }
    throw new ResponseCollector(name).ended();
  };
  try {
    return await withinTimeLimit(work(), timeoutMs, name, () => stopped = true);
  } catch (error) {
    line?.socket.destroy();
    throw error;
  }
}

function exchangeOver(line: Line, name: string, command: Bytes, send: "now" | "when connected"): Promise<Bytes> {
  const { socket } = line;
  return new Promise<Bytes>((resolve, reject) => {
    const collector = new ResponseCollector(name);
    let answered = false;
    line.waiting = {
      take: (piece) => {
        answered = true;
        try {
          const response = collector.take(piece);
          if (response === undefined) return;
          line.waiting = undefined;
          resolve(response);
        } catch (error) {
          reject(error);
        }
      },
      end: (error = collector.ended()) => reject(send === "now" && !answered ? new Ended(name) : error),
    };
    if (send === "now") socket.write(command);
    else socket.once("connect", () => socket.write(command));
  });
}

/** A connection that was open ended before an answer began. */
class Ended extends Error {}

/** Whether the response code (octets 6 to 9) is zero. */
function isSuccess(response: Bytes): boolean {
  return response.subarray(6, 10).every((octet) => octet === 0);
}

/** Longest wait between two tries to connect. */
const MAX_WAIT_MS = 20;

/** How often a socket of the file system may refuse: about two seconds. */
const MAX_REFUSALS = 100;
