/**
 * Runs the cases of a suite and counts.
 *
 * @module
 */

import {
  type ConformanceCase,
  type ConformanceContext,
  type ConformanceSuite,
  SkipCase,
  type SuiteFiles,
  type Verdict,
} from "./conformance-suite.ts";
import { describeError, fail, skip } from "./verdict.ts";

/** Where and with what a suite is run. */
export interface ConformanceRun {
  readonly runtime: string;
  readonly context: ConformanceContext;
  /** Only every so many-th case of each kind, the first among them; 1: all. */
  readonly stride: number;
}

/** A case that is expected to fail; without `runtime` and `provider`, everywhere. */
export interface Exception {
  readonly runtime?: string;
  readonly provider?: string;
  readonly reason: string;
}

/** Expected failures of a suite by the cases' ids. */
export type Exceptions = Readonly<Record<string, Exception | readonly Exception[]>>;

/** What became of a suite. */
export interface SuiteResult {
  readonly suite: string;
  readonly runtime: string;
  readonly provider: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Failures that the exceptions file expects. */
  readonly excepted: number;
  /** Ids of the cases that failed. */
  readonly failures: readonly string[];
  /** Why cases were skipped, and other things for the reader; never a failure. */
  readonly notes: readonly string[];
  /** Ids and reasons. */
  readonly details: readonly (readonly [id: string, detail: string])[];
}

/** Runs the suite; a suite without a case has failed. */
export async function scoreSuite(
  suite: ConformanceSuite,
  files: SuiteFiles,
  run: ConformanceRun,
  exceptions: Exceptions = {},
): Promise<SuiteResult> {
  const { runtime, context } = run;
  const stride = suite.sampled === false ? 1 : run.stride;
  const counts = { passed: 0, failed: 0, skipped: 0, excepted: 0 };
  const details: [string, string][] = [];
  const tallies = new Map<string, number>();
  const seen = new Map<string, number>();
  const ids = new Set<string>();
  let all = 0;
  const failed = (id: string, detail: string): void => {
    counts.failed++;
    details.push([id, detail]);
  };
  try {
    for (const each of suite.cases(files)) {
      all++;
      const id = ids.has(each.id) ? `${each.id} (case ${all})` : each.id;
      ids.add(id);
      const index = seen.get(each.kind) ?? 0;
      seen.set(each.kind, index + 1);
      if (index % stride !== 0) continue;
      const verdict = await runCase(each, context);
      const exception = findException(exceptions[id], runtime, context.provider);
      if (verdict.outcome === "skip") {
        counts.skipped++;
        count(tallies, `skipped: ${verdict.detail}`);
      } else if (verdict.outcome === "pass") {
        if (verdict.tally !== undefined) count(tallies, verdict.tally);
        if (exception === undefined) counts.passed++;
        else failed(id, `unexpected success; exceptions.json says: ${exception.reason}`);
      } else {
        if (verdict.tally !== undefined) count(tallies, verdict.tally);
        if (exception === undefined) failed(id, verdict.detail);
        else {
          counts.excepted++;
          count(tallies, `excepted: ${exception.reason}`);
        }
      }
    }
  } catch (error) {
    failed(suite.name, `the data cannot be read: ${describeError(error)}`);
  }
  if (all === 0 && counts.failed === 0) failed(suite.name, "there is no case");
  const notes = [...tallies].map(([text, times]) => `${text} (${times})`);
  if (stride > 1) notes.unshift(`a sample: every ${stride}th case of each kind, ${all} cases in all`);
  const failures = details.map(([id]) => id);
  return { suite: suite.name, runtime, provider: context.provider, ...counts, failures, notes, details };
}

async function runCase(each: ConformanceCase, context: ConformanceContext): Promise<Verdict> {
  try {
    return await each.run(context);
  } catch (error) {
    return error instanceof SkipCase ? skip(error.message) : fail(`threw ${describeError(error)}`);
  }
}

/** The exception that holds for this run. */
function findException(
  exceptions: Exception | readonly Exception[] | undefined,
  runtime: string,
  provider: string,
): Exception | undefined {
  return [exceptions ?? []].flat().find((each) =>
    (each.runtime ?? runtime) === runtime && (each.provider ?? provider) === provider
  );
}

function count(tallies: Map<string, number>, text: string): void {
  tallies.set(text, (tallies.get(text) ?? 0) + 1);
}
