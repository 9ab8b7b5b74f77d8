/**
 * Talking to what runs on this machine through `node:` modules, which Node and Bun both have and each hands in: whoever
 * listens on a Unix socket, and systemd.
 *
 * @module
 */

import { HostError } from "../../host-error.ts";

/** The part of a connection that is used. */
interface Connection {
  once(event: "connect", listener: () => void): unknown;
  once(event: "error", listener: (error: { readonly code?: string }) => void): unknown;
  destroy(): unknown;
}

/** The part of a child process that is used. */
interface Child {
  once(event: "error", listener: (error: Error) => void): unknown;
  once(event: "exit", listener: (code: number | null, signal: string | null) => void): unknown;
}

/** `connect` of `node:net`. */
export type Connect = (path: string) => Connection;

/** `spawn` of `node:child_process`. */
export type Spawn = (program: string, args: string[], options: { readonly stdio: "ignore" }) => Child;

/** Whether somebody listens on a Unix socket; a file alone does not. */
export function isAnswered(connect: Connect, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    const settle = (answered: boolean) => {
      probe.destroy();
      resolve(answered);
    };
    probe.once("connect", () => settle(true));
    probe.once("error", ({ code }) => settle(code !== "ECONNREFUSED"));
  });
}

/** The pieces of a stream, which end when it is destroyed while somebody waits for the next one. */
export async function* inputPieces(stream: AsyncIterable<unknown>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const piece of stream) yield piece as Uint8Array;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
}

/** Tells systemd something with its own program. @throws {HostError} `ERR_NOTIFY` */
export function systemdNotify(spawn: Spawn, processId: number, words: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (state: string) => reject(new HostError("ERR_NOTIFY", `Cannot tell systemd: ${state}`));
    const child = spawn("systemd-notify", [`--pid=${processId}`, ...words], { stdio: "ignore" });
    child.once("error", (error) => failed(`systemd-notify does not start: ${error.message}`));
    child.once(
      "exit",
      (code, signal) => code === 0 ? resolve() : failed(`systemd-notify ended with ${code ?? signal}`),
    );
  });
}
