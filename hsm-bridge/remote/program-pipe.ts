/**
 * A program that is started and talked to over its standard streams, through `node:child_process`, which Node, Bun and
 * Deno have.
 *
 * @module
 */

import { spawn } from "node:child_process";

/** How long a program that is asked to end may take, in milliseconds, before it is ended. */
export const PROGRAM_GRACE_MS = 2000;

/** What happens to a program. */
export interface ProgramEvents {
  /** It wrote a piece to standard output. */
  output(piece: Uint8Array): void;
  /** It ended, or did not start; called once. @param state `it ended with 1` */
  ended(state: string, cause?: unknown): void;
}

/** A program that was started. */
export interface ProgramPipe {
  /** Writes to its standard input; does nothing once it has ended. */
  write(text: string): void;
  /** Ends it at once. */
  kill(): void;
  /** Closes its standard input, gives it {@linkcode PROGRAM_GRACE_MS} to end, and ends it then; resolves when it is gone. */
  close(): Promise<void>;
}

/** Starts a program. */
export type StartProgram = (
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>> | undefined,
  events: ProgramEvents,
) => ProgramPipe;

/**
 * Starts a program without a shell. Its standard error is this one's.
 *
 * @param environment all of its environment; undefined: this one's
 */
export const startProgram: StartProgram = (command, environment, events) => {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    stdio: ["pipe", "pipe", "inherit"],
    windowsHide: true,
    ...(environment === undefined ? {} : { env: { ...environment } }),
  });
  let over = false;
  let gone: () => void;
  const ending = new Promise<void>((resolve) => gone = resolve);
  const end = (state: string, cause?: unknown) => {
    if (over) return;
    over = true;
    gone();
    events.ended(state, cause);
  };
  child.on("error", (cause: Error & { readonly code?: string }) => {
    end(
      cause.code === "ENOENT" ? "there is no such program" : `it does not start: ${cause.code ?? "no reason"}`,
      cause,
    );
  });
  child.on("close", (code, signal) => end(`it ended with ${code ?? signal}`));
  child.stdout.on("data", (piece: Uint8Array) => {
    if (!over) events.output(piece);
  });
  // Whoever does not read any more is about to end, which is told.
  child.stdin.on("error", () => {});
  return {
    write: (text) => {
      if (!over) child.stdin.write(text);
    },
    kill: () => void child.kill("SIGKILL"),
    close: async () => {
      if (over) return;
      child.stdin.end();
      const patience = setTimeout(() => child.kill("SIGKILL"), PROGRAM_GRACE_MS);
      await ending;
      clearTimeout(patience);
    },
  };
};
