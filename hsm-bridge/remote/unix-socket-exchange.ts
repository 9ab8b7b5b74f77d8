/**
 * One question and one answer over a Unix socket, or a named pipe of Windows, through `node:net`, which Node, Bun and
 * Deno have.
 *
 * @module
 */

import { connect } from "node:net";

import { type Bytes, concatBytes } from "../../core/bytes/bytes.ts";
import type { Abort } from "../../core/ports.ts";

/** Sends a question and answers what comes back until it is complete. */
export type ExchangeOctets = (
  path: string,
  question: Bytes,
  /** How long an answer is that begins so, in octets; undefined: that cannot be seen yet. */
  lengthOf: (beginning: Bytes) => number | undefined,
  signal: Abort,
) => Promise<Bytes>;

/** The connection is closed when the answer is there. Rejects with the system's error, or when it breaks off. */
export const exchangeOverSocket: ExchangeOctets = (path, question, lengthOf, signal) =>
  new Promise((resolve, reject) => {
    let received: Bytes = new Uint8Array();
    const socket = connect(path);
    const settle = (finish: () => void) => {
      signal.removeEventListener("abort", abort);
      finish();
      socket.destroy();
    };
    const abort = () => settle(() => reject(signal.reason ?? new Error("it was aborted")));
    signal.addEventListener("abort", abort);
    socket.on("connect", () => socket.write(question));
    socket.on("data", (piece: Uint8Array) => {
      received = concatBytes([received, piece]);
      const length = lengthOf(received);
      if (length !== undefined && received.length >= length) settle(() => resolve(received.slice(0, length)));
    });
    socket.on("error", (error: Error) => settle(() => reject(error)));
    socket.on(
      "close",
      () => settle(() => reject(new Error("the connection was closed before the answer was complete"))),
    );
  });
