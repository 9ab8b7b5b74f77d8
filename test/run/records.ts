/**
 * What a runtime under test tells the runner: one JSON object a line, marked so that it is found among whatever
 * else the tests print.
 *
 * @module
 */

/** One record, in the order of a run: a file begins, tests are skipped or fail, and `end` comes last. */
export type TestRecord =
  | { readonly event: "file"; readonly file: string }
  | { readonly event: "test"; readonly name: string }
  | { readonly event: "skip"; readonly name: string; readonly reason: string }
  | { readonly event: "note"; readonly text: string }
  | { readonly event: "failure"; readonly name: string; readonly text: string }
  | { readonly event: "end"; readonly passed: number; readonly failed: number; readonly skipped: number };

/** Prints a record for people: a run without the runner, as with Deno alone. */
export function printForPeople(record: TestRecord): void {
  if (record.event === "file") console.log(`\n${record.file}`);
  else if (record.event === "skip") console.log(`\nskipped ${record.name}: ${record.reason}`);
  else if (record.event === "note") console.log(`\nnote: ${record.text}`);
  else if (record.event === "failure") console.log(`\nFAILED ${record.name}\n${record.text}`);
  else if (record.event === "end") {
    console.log(`\n${record.passed} passed, ${record.failed} failed, ${record.skipped} skipped`);
  }
}

/** Prints a record. A line break comes first, because uvu leaves its own line unfinished. */
export function printRecord(record: TestRecord): void {
  console.log(`\n@@ ${JSON.stringify(record)}`);
}
