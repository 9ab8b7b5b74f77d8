/**
 * A TPM behind a socket that speaks plain commands and responses: swtpm's `unixio` and `tcp`, and other emulators.
 *
 * One connection is made for every command: such servers serve one client at a time, and some end the connection
 * after one command.
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
  return {
    name,
    open: () =>
      Promise.resolve({
        transmit: (command) => exchange(name, address, command, timeoutMs),
        close: () => Promise.resolve(),
      }),
  };
}

async function exchange(name: string, address: SocketAddress, command: Bytes, timeoutMs: number): Promise<Bytes> {
  let socket: Socket | undefined;
  let stopped = false;
  const work = async (): Promise<Bytes> => {
    // A server of one client at a time has a short queue. Nothing was sent before there is a connection.
    for (let tries = 1, wait = 1; !stopped; tries++, wait = Math.min(2 * wait, MAX_WAIT_MS)) {
      socket = createConnection({ ...address });
      try {
        return await exchangeOver(socket, name, command);
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
  } finally {
    socket?.destroy();
  }
}

function exchangeOver(socket: Socket, name: string, command: Bytes): Promise<Bytes> {
  return new Promise<Bytes>((resolve, reject) => {
    const collector = new ResponseCollector(name);
    socket.on("connect", () => socket.write(command));
    socket.on("data", (piece: Uint8Array) => {
      try {
        const response = collector.take(new Uint8Array(piece));
        if (response !== undefined) resolve(response);
      } catch (error) {
        reject(error);
      }
    });
    socket.on("error", (error) => reject(systemFailure(error, `reach TPM at ${name}`)));
    socket.on("end", () => reject(collector.ended()));
    socket.on("close", () => reject(collector.ended()));
  });
}

/** Longest wait between two tries to connect. */
const MAX_WAIT_MS = 20;

/** How often a socket of the file system may refuse: about two seconds. */
const MAX_REFUSALS = 100;
