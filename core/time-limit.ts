/**
 * Work that must end in time: by itself, by the caller's signal, or by a timer, whichever comes first.
 *
 * @module
 */

import type { Abort, Sleep } from "./ports.ts";

/** What bounds a piece of work. */
export interface TimeLimit {
  /** Milliseconds; `Infinity` for none, which starts no timer. */
  readonly limitMs: number;
  /** Makes the error of work that took longer. */
  readonly expired: () => Error;
  /** Runs the timer. */
  readonly sleep: Sleep;
  /** The caller's own signal. */
  readonly signal: Abort | undefined;
  /** Makes the error of work whose signal was aborted without a reason. */
  readonly aborted: () => Error;
  /** Whether the work hands its signal to `fetch`, which takes the platform's kind alone, or keeps it among us. */
  readonly signalFor: "fetch" | "core";
}

/**
 * Does the work and hands it a signal that ends what it started. Whatever the outcome, that signal is aborted in the
 * end: it stops the timer and frees the connection. Work that ignores it is left behind; its outcome is not looked at.
 */
export function limitTime<T>(work: (signal: Abort) => Promise<T>, limit: TimeLimit): Promise<T> {
  const { limitMs, expired, sleep, signal, aborted } = limit;
  const controller = limit.signalFor === "fetch" ? newAbortController() : new PlainAbortController();
  return new Promise<T>((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason ?? aborted());
    let settled = false;
    const settle = (outcome: () => void): void => {
      if (settled) return;
      settled = true;
      signal?.removeEventListener("abort", onAbort);
      outcome();
      // A reason of ours: the default one is an exception with a stack, made for each session in vain.
      controller.abort("settled");
    };
    const fail = (error: unknown): void => settle(() => reject(error));
    const onAbort = (): void => fail(signal!.reason ?? aborted());
    signal?.addEventListener("abort", onAbort);
    work(controller.signal).then((value) => settle(() => resolve(value)), fail);
    // Stopping the timer rejects it; by then the outcome is settled and `fail` does nothing.
    if (limitMs !== Infinity) sleep(limitMs, controller.signal).then(() => fail(expired()), fail);
  });
}

interface AbortControl {
  readonly signal: Abort;
  abort(reason: string): void;
}

/** The platform's `AbortController`, whose signal is the only kind that its `fetch` takes; else our own. */
function newAbortController(): AbortControl {
  const { AbortController } = globalThis as { readonly AbortController?: new () => AbortControl };
  return AbortController === undefined ? new PlainAbortController() : new AbortController();
}

class PlainAbortController implements AbortControl {
  readonly #listeners = new Set<() => void>();
  #aborted = false;
  readonly signal: Abort;

  constructor() {
    const aborted = (): boolean => this.#aborted;
    this.signal = {
      get aborted(): boolean {
        return aborted();
      },
      addEventListener: (_type, listener) => void this.#listeners.add(listener),
      removeEventListener: (_type, listener) => void this.#listeners.delete(listener),
    };
  }

  abort(): void {
    this.#aborted = true;
    for (const listener of this.#listeners) listener();
    this.#listeners.clear();
  }
}
