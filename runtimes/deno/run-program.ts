/**
 * Running a program to its end, on Deno.
 *
 * @module
 */

import { programError } from "../host-error.ts";
import { systemCode } from "./system-code.ts";

/** As `runProgram` of the host. Secret: the environment may hold credentials. */
export async function runProgram(
  [program, ...args]: readonly [string, ...string[]],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  let child: Deno.ChildProcess | undefined;
  const forward = (signal: Deno.Signal) => () => {
    // What the terminal sends, it sends to the child as well; twice would be a different wish.
    if (Deno.build.os === "windows" || (Deno.stdin.isTerminal() && TERMINAL_SIGNALS.includes(signal))) return;
    try {
      child?.kill(signal);
    } catch {
      // It has just ended.
    }
  };
  const signals = Deno.build.os === "windows" ? SIGNALS.slice(0, 1) : SIGNALS;
  const listeners = signals.map((signal) => [signal, forward(signal)] as const);
  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
  try {
    child = new Deno.Command(program, {
      args,
      ...environmentOf(environment),
      stdin: "inherit",
      stdout: "inherit",
      stderr: "inherit",
    }).spawn();
    return (await child.status).code;
  } catch (error) {
    const forbidden = error instanceof Deno.errors.NotCapable;
    throw programError(program, forbidden ? "this needs --allow-run and --allow-env" : systemCode(error), error);
  } finally {
    for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
  }
}

/** Deno adds to its own environment; only what is to be taken away needs a list of everything. */
function environmentOf(
  changes: Readonly<Record<string, string | undefined>>,
): { readonly env: Record<string, string>; readonly clearEnv: boolean } {
  const env = Object.fromEntries(
    Object.entries(changes).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const removed = Object.keys(changes).filter((name) => changes[name] === undefined && Deno.env.has(name));
  if (removed.length === 0) return { env, clearEnv: false };
  const own = Deno.env.toObject();
  // On Windows a name is the same in capitals and in small letters.
  const same = (name: string) => Deno.build.os === "windows" ? name.toUpperCase() : name;
  const gone = new Set(removed.map(same));
  for (const name of Object.keys(own)) if (gone.has(same(name))) delete own[name];
  return { env: { ...own, ...env }, clearEnv: true };
}

const SIGNALS: readonly Deno.Signal[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"];

const TERMINAL_SIGNALS: readonly Deno.Signal[] = ["SIGINT", "SIGQUIT"];
