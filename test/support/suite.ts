/**
 * The test library of this project: uvu's suites and assertions, and what uvu leaves out: skipping with a reason,
 * a time limit, coded errors.
 *
 * ```ts
 * import { assert, suite } from "../../support/suite.ts";
 *
 * const test = suite("core/bytes/hex");
 *
 * test("encodeHex() writes two lower-case digits an octet", () => {
 *   assert.is(encodeHex(new Uint8Array([0, 255])), "00ff");
 * });
 *
 * test.run();
 * ```
 *
 * @module
 */

import { suite as uvuSuite } from "uvu";
import * as uvuAssert from "uvu/assert";
import { ledger } from "./ledger.ts";

/** uvu's assertions; `throws()` holds what is thrown to a class of errors, which uvu would call as a predicate. */
export const assert: typeof uvuAssert = { ...uvuAssert, throws };

function throws(...[action, expected, message]: Parameters<typeof uvuAssert.throws>): void {
  const isExpected = isErrorClass(expected) ? (error: unknown) => error instanceof expected : expected;
  uvuAssert.throws(action, isExpected, message);
}

function isErrorClass(value: unknown): value is ErrorConstructor {
  return value === Error || (typeof value === "function" && value.prototype instanceof Error);
}

/** What a test's body is. */
export type TestBody = () => void | Promise<void>;

/** A suite: call it to add a test, and call `run()` at the end of the file, once. */
export interface Suite {
  /** Adds a test; the name is a sentence that begins with the symbol under test. */
  (name: string, body: TestBody): void;
  /** Adds a test with its own time limit, for what is known to be slow. */
  slow(name: string, limitMs: number, body: TestBody): void;
  /** Adds a test that does not run; it counts as skipped and its reason is printed. */
  skip(name: string, reason: string): void;
  /** Runs before the suite's first test; when it fails, so does every test. */
  before(body: TestBody): void;
  /** Runs after the suite's last test, also when one failed. */
  after(body: TestBody): void;
  /** Hands the suite to the runner. Without it no test of the file runs, and the runner reports the file. */
  run(): void;
}

/** A test that takes longer than this has failed. */
export const TEST_LIMIT_MS = 60_000;

/** Makes a suite; the name is the path of the file under test. */
export function suite(name: string): Suite {
  const tests = uvuSuite(name);
  let unprepared: (() => never) | undefined;
  const add = (title: string, body: TestBody, limitMs: number): void => {
    tests(title, async () => {
      ledger().started(`${name}: ${title}`);
      try {
        await withinLimit(unprepared ?? body, limitMs);
      } catch (error) {
        if (!(error instanceof SkippedTest)) throw described(error);
        ledger().skipped(`${name}: ${title}`, error.message);
      }
    });
  };
  return Object.assign((title: string, body: TestBody) => add(title, body, TEST_LIMIT_MS), {
    slow: (title: string, limitMs: number, body: TestBody) => add(title, body, limitMs),
    skip: (title: string, reason: string) => add(title, () => skip(reason), TEST_LIMIT_MS),
    // uvu would take a failure of it for the end of a suite that has passed.
    before: (body: TestBody) =>
      void tests.before(async () => {
        try {
          await body();
        } catch (error) {
          unprepared = () => {
            throw error;
          };
        }
      }),
    after: (body: TestBody) => void tests.after(body),
    run: () => void tests.run(),
  });
}

/** What was thrown, as an error: uvu cannot describe anything else. */
function described(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(`it threw what is no error: ${String(thrown)}`);
}

class SkippedTest extends Error {}

/** Ends the running test as skipped; the reason is printed and the test is counted as skipped. */
export function skip(reason: string): never {
  throw new SkippedTest(reason);
}

/** Tells the reader of the summary something that is no failure. */
export function note(text: string): void {
  ledger().noted(text);
}

/** Checks that a list of faults is empty; the failure shows one a line. */
export function assertNone(faults: readonly string[]): void {
  if (faults.length === 0) return;
  const error = new Error(`${faults.length} found:\n${faults.map((fault) => `      ${fault}`).join("\n")}`);
  // The list says it all; uvu would print it a second time from the stack.
  error.stack = "";
  throw error;
}

/** An error with a `code`, as every error of this project is. */
export interface CodedError {
  /** What went wrong, as a literal. */
  readonly code: string;
  /** The sentence for people. */
  readonly message: string;
}

/** Checks that the action throws an error with this code, and answers the error. */
export function assertThrows(action: () => unknown, code: string): CodedError & Record<string, unknown> {
  let value: unknown;
  try {
    value = action();
  } catch (error) {
    return coded(error, code);
  }
  if (value instanceof Promise) throw new TypeError("assertThrows() got a promise: use assertRejects()");
  throw new Error(`expected an error with code ${code}, got a value: ${String(value)}`);
}

/** Checks that the promise, or the promise of the action, rejects with this code, and answers the error. */
export async function assertRejects(
  action: PromiseLike<unknown> | (() => unknown),
  code: string,
): Promise<CodedError & Record<string, unknown>> {
  let value: unknown;
  try {
    value = await (typeof action === "function" ? action() : action);
  } catch (error) {
    return coded(error, code);
  }
  throw new Error(`expected an error with code ${code}, got a value: ${String(value)}`);
}

function coded(error: unknown, code: string): CodedError & Record<string, unknown> {
  const found = error as CodedError & Record<string, unknown>;
  if (!(error instanceof Error) || found.code !== code) {
    const what = error instanceof Error ? `${error.name} ${String(found.code)}: ${error.message}` : String(error);
    throw new Error(`expected an error with code ${code}, got ${what}`, { cause: error });
  }
  return found;
}

async function withinLimit(body: TestBody, limitMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the test took longer than ${limitMs / 1000} s`)), limitMs);
  });
  try {
    await Promise.race([body(), limit]);
  } finally {
    clearTimeout(timer);
  }
}
