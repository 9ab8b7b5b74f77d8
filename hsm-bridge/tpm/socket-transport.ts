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
      let held: Socket | undefined;
      return Promise.resolve({
        transmit: async (command) => {
          const open = held;
          held = undefined;
          const { socket, response } = await exchange(name, address, open, command, timeoutMs);
          if (open !== undefined && socket !== open) keeps = false;
          // Who is refused waits perhaps for another program's room: that one must have its turn meanwhile.
          if (keeps && isSuccess(response) && !socket.destroyed) held = socket;
          else socket.destroy();
          return response;
        },
        close: () => {
          held?.destroy();
          held = undefined;
          return Promise.resolve();
        },
      });
    },
  };
}

interface Exchanged {
  readonly socket: Socket;
  readonly response: Bytes;
}

/** Sends a command over the open socket, or over a new one, which is open afterwards. */
async function exchange(
  name: string,
  address: SocketAddress,
  open: Socket | undefined,
  command: Bytes,
  timeoutMs: number,
): Promise<Exchanged> {
  let socket = open;
  let stopped = false;
  const work = async (): Promise<Exchanged> => {
    if (open !== undefined && !open.destroyed) {
      try {
        return { socket: open, response: await exchangeOver(open, name, command, "now") };
      } catch (error) {
        // Who ends the connection after each command has not read this one.
        if (!(error instanceof Ended)) throw error;
        open.destroy();
      }
    }
    // A server of one client at a time has a short queue. Nothing was sent before there is a connection.
    for (let tries = 1, wait = 1; !stopped; tries++, wait = Math.min(2 * wait, MAX_WAIT_MS)) {
      const made = socket = createConnection({ ...address });
      try {
        return { socket: made, response: await exchangeOver(made, name, command, "when connected") };
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
    socket?.destroy();
    throw error;
  }
}

function exchangeOver(
  socket: Socket,
  name: string,
  command: Bytes,
  send: "now" | "when connected",
): Promise<Bytes> {
  return new Promise<Bytes>((resolve, reject) => {
    const collector = new ResponseCollector(name);
    let answered = false;
    const take = (piece: Uint8Array): void => {
      answered = true;
      try {
        const response = collector.take(new Uint8Array(piece));
        if (response === undefined) return;
        socket.removeListener("data", take);
        resolve(response);
      } catch (error) {
        reject(error);
      }
    };
    const ended = (error: Error): void => reject(send === "now" && !answered ? new Ended(name) : error);
    socket.on("data", take);
    // Of later ends nobody hears: the next command finds the socket destroyed.
    socket.on("error", (error) => ended(systemFailure(error, `reach TPM at ${name}`)));
    socket.on("end", () => ended(collector.ended()));
    socket.on("close", () => ended(collector.ended()));
    if (send === "now") socket.write(command);
    else socket.on("connect", () => socket.write(command));
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
