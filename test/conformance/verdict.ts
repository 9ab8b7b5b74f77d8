/**
 * Verdicts, and how cases come to them.
 *
 * @module
 */

import type { SuiteFiles, Verdict } from "./conformance-suite.ts";

/** The case passed. */
export const PASS: Verdict = { outcome: "pass" };

/** The case failed for this reason. */
export function fail(detail: string): Verdict {
  return { outcome: "fail", detail };
}

/** The case cannot be run here for this reason. */
export function skip(detail: string): Verdict {
  return { outcome: "skip", detail };
}

/** A pass when the condition holds. */
export function demand(holds: boolean, detail: string): Verdict {
  return holds ? PASS : fail(detail);
}

/** A pass when all pairs agree; the failure shows the first that does not. */
export function compare(...pairs: readonly (readonly [what: string, actual: string, expected: string])[]): Verdict {
  const wrong = pairs.find(([, actual, expected]) => actual !== expected);
  if (wrong === undefined) return PASS;
  const [what, actual, expected] = wrong;
  let at = 0;
  while (actual[at] === expected[at]) at++;
  const shown = (text: string): string => JSON.stringify(text.slice(Math.max(0, at - 10), at + 40));
  return fail(`${what} differs at ${at}: ${shown(actual)}, expected ${shown(expected)}`);
}

/** The first verdict that is not a pass. */
export function all(...verdicts: readonly Verdict[]): Verdict {
  return verdicts.find(({ outcome }) => outcome !== "pass") ?? PASS;
}

/** An error of this project: a class of its own area and a literal code. */
export function isCoded(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && /^ERR_[A-Z0-9_]+$/.test(String((error as { code?: unknown }).code));
}

/** For messages: class, code and sentence. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = (error as { code?: unknown }).code;
  return `${error.name}${code === undefined ? "" : ` ${String(code)}`}: ${error.message}`;
}

/** What an action came to: its value, or the coded error that refused it. Any other error goes on. */
export async function attempt<T>(action: () => T | Promise<T>): Promise<{ value: T } | { refused: Error }> {
  try {
    return { value: await action() };
  } catch (error) {
    if (!isCoded(error)) throw error;
    return { refused: error };
  }
}

/** Octets of hexadecimal text that the data guarantees to be such. */
export function hex(text: string): Uint8Array<ArrayBuffer> {
  const octets = new Uint8Array(text.length / 2);
  for (let i = 0; i < octets.length; i++) octets[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return octets;
}

/** The elements of `cases` of every file, with the file's name. */
export function* casesOf<T>(files: SuiteFiles): Generator<readonly [file: string, each: T]> {
  for (const [file, content] of files) {
    const { cases } = content as { readonly cases?: readonly T[] };
    for (const each of cases ?? []) yield [file, each];
  }
}
