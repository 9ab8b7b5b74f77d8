/**
 * Where suites note what uvu does not keep: which test is running, and which were skipped and why. It lives on
 * `globalThis`, as uvu's own queue does, and the runner puts one there that prints records. A test file that is
 * run by itself (`deno run …/hex.test.ts`) gets one that prints reasons for people.
 *
 * @module
 */

/** Receives what happens inside the tests. */
export interface Ledger {
  /** A test begins. */
  started(name: string): void;
  /** A test has ended as skipped; uvu counts it as passed. */
  skipped(name: string, reason: string): void;
  /** Something to look at that is no failure. */
  noted(text: string): void;
}

/** The ledger of this run. */
export function ledger(): Ledger {
  return (globalThis as { ANYROLE_LEDGER?: Ledger }).ANYROLE_LEDGER ?? PRINTING;
}

/** Puts a ledger in place for the rest of the run. */
export function useLedger(value: Ledger): void {
  (globalThis as { ANYROLE_LEDGER?: Ledger }).ANYROLE_LEDGER = value;
}

const PRINTING: Ledger = {
  started: () => {},
  skipped: (name, reason) => console.log(`skipped ${name}: ${reason}`),
  noted: (text) => console.log(`note: ${text}`),
};
