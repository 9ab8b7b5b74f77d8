/**
 * Running a program to its end, through `node:child_process`, which Node and Bun both have and each hands in.
 *
 * @module
 */

import { programError } from "../../host-error.ts";

/** The part of `ChildProcess` that is used. */
interface Child {
  on(event: "error", listener: (error: Error) => void): unknown;
  on(event: "close", listener: (code: number | null, signal: string | null) => void): unknown;
  kill(signal: string): unknown;
}

/** The functions and facts of Node's modules that are used. */
export interface ProgramApi {
  /** Of `node:child_process`. */
  spawn(
    program: string,
    args: readonly string[],
    options: { readonly env: Readonly<Record<string, string | undefined>>; readonly stdio: "inherit" },
  ): Child;
  /** Of `node:process`. */
  readonly process: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly platform: string;
    readonly stdin: { readonly isTTY?: boolean };
    on(signal: string, listener: (signal: string) => void): unknown;
    removeListener(signal: string, listener: (signal: string) => void): unknown;
  };
  /** `constants.signals` of `node:os`. */
  readonly signalNumbers: Readonly<Record<string, number>>;
}

/** As `runProgram` of the host. Secret: the environment may hold credentials. */
export function nodeApiRunProgram(
  { spawn, process, signalNumbers }: ProgramApi,
  [program, ...args]: readonly [string, ...string[]],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  return new Promise((resolve, reject) => {
    let child: Child | undefined;
    // What the terminal sends, it sends to the child as well; twice would be a different wish.
    const fromTerminal = process.stdin.isTTY === true ? TERMINAL_SIGNALS : [];
    const forward = (signal: string) => {
      if (process.platform !== "win32" && !fromTerminal.includes(signal)) child?.kill(signal);
    };
    const end = () => {
      for (const signal of SIGNALS) process.removeListener(signal, forward);
    };
    for (const signal of SIGNALS) process.on(signal, forward);
    const failed = (error: Error) => {
      end();
      reject(programError(program, (error as { code?: string }).code, error));
    };
    try {
      const started = child = spawn(program, args, { env: merged(process, environment), stdio: "inherit" });
      started.on("error", failed);
      started.on("close", (code, signal) => {
        end();
        resolve(code ?? 128 + (signalNumbers[signal ?? ""] ?? 0));
      });
    } catch (error) {
      failed(error as Error);
    }
  });
}

function merged(
  { env, platform }: ProgramApi["process"],
  changes: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  // On Windows a name is the same in capitals and in small letters.
  const same = (name: string) => platform === "win32" ? name.toUpperCase() : name;
  const changed = new Set(Object.keys(changes).map(same));
  const all = [...Object.entries(env).filter(([name]) => !changed.has(same(name))), ...Object.entries(changes)];
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

const SIGNALS: readonly string[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"];

const TERMINAL_SIGNALS: readonly string[] = ["SIGINT", "SIGQUIT"];
