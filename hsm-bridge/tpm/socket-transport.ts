/**
 * A TPM behind a socket that speaks plain commands and responses: swtpm's `unixio` and `tcp`, and other emulators.
 *
 * One connection is made for every command: such servers serve one client at a time, and some end the connection
 * after one command.
 *
 * @module
 */

import { createConnection } from "node:net";
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

function exchange(name: string, address: SocketAddress, command: Bytes, timeoutMs: number): Promise<Bytes> {
  const socket = createConnection({ ...address });
  const answer = new Promise<Bytes>((resolve, reject) => {
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
  return withinTimeLimit(answer, timeoutMs, name, () => {}).finally(() => socket.destroy());
}
