/**
 * The half of the runner that is at work inside the runtime under test: loads test files one after the other, runs
 * their suites, and tells by records what happened.
 *
 * It walks uvu's queue itself instead of calling uvu's `exec()`: that sets an exit code where there is a `process`
 * and is silent where there is none (workerd), and it does not see a file that collected nothing.
 *
 * @module
 */

import { useLedger } from "../support/ledger.ts";
import { printRecord, type TestRecord } from "./records.ts";

/** Test files: the path under `test/`, and what loads it. */
export type TestFiles = readonly (readonly [file: string, load: () => Promise<unknown>])[];

/** One suite in uvu's queue: errors as text or true, then the counts that ran, were skipped, and all. */
type QueuedSuite = () => Promise<readonly [errors: string | true, passed: number, skipped: number, total: number]>;

interface UvuGlobals {
  UVU_DEFER?: number;
  UVU_INDEX?: number;
  UVU_QUEUE?: (QueuedSuite | null)[][];
}

/** Runs the files, prints the records, and answers how many tests (or whole files) failed. */
export async function runTestFiles(
  files: TestFiles,
  print: (record: TestRecord) => void = printRecord,
): Promise<number> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  useLedger({
    started: (name) => print({ event: "test", name }),
    skipped: (name, reason) => {
      counts.skipped++;
      counts.passed--;
      print({ event: "skip", name, reason });
    },
    noted: (text) => print({ event: "note", text }),
  });
  const fail = (name: string, text: string, howMany = 1): void => {
    counts.failed += howMany;
    print({ event: "failure", name, text });
  };
  // Where there is no process that ends of it (workerd), a rejection that nobody handles is seen here.
  const global = globalThis as { addEventListener?: (type: string, listener: (event: Event) => void) => void };
  global.addEventListener?.("unhandledrejection", (event) => {
    fail("unhandled rejection", String((event as Event & { readonly reason?: unknown }).reason));
  });
  for (const [file, load] of files) {
    print({ event: "file", file });
    let collected = 0;
    try {
      for (const suite of await collect(load)) {
        const [errors, passed, , total] = await suite();
        collected += total;
        counts.passed += passed;
        if (errors !== true) fail(file, errors, total - passed);
        // What fails while uvu describes a failure, it forgets, with the tests behind it, and says that all is well.
        else if (passed !== total) fail(file, `${total - passed} of ${total} tests were left out`, total - passed);
      }
      if (collected === 0) fail(file, "the file collected no test; is `test.run()` missing?");
    } catch (error) {
      fail(file, `outside of a test: ${error instanceof Error ? error.stack ?? error.message : String(error)}`);
    }
  }
  if (files.length === 0) fail("run", "there is no test file");
  print({ event: "end", ...counts });
  return counts.failed;
}

/** Loads one file and takes the suites that it has put into uvu's queue. */
async function collect(load: () => Promise<unknown>): Promise<QueuedSuite[]> {
  const uvu = globalThis as UvuGlobals;
  uvu.UVU_DEFER = 1;
  uvu.UVU_INDEX = 0;
  uvu.UVU_QUEUE = [[null]];
  await load();
  return (uvu.UVU_QUEUE[0] ?? []).filter((suite) => suite !== null);
}
