/**
 * `botan-name-constraints`: Botan's chains with name constraints.
 *
 * @module
 */

import type {
  ConformanceCase,
  ConformanceContext,
  ConformanceSuite,
  SuiteFiles,
  Verdict,
} from "../conformance-suite.ts";
import { askForPath, type CaseRemarks, certificateOf, judge, scored } from "../path-case.ts";
import { casesOf, skip } from "../verdict.ts";

interface ConstraintsHeader {
  readonly time: string;
  readonly trustAnchor: string;
}

interface ConstraintsCase extends CaseRemarks {
  readonly id: string;
  /** The target first. */
  readonly chain: readonly string[];
  readonly valid: boolean;
  /** Botan itself answers otherwise, or the RFCs contradict each other. */
  readonly contested?: boolean;
}

/** The suite. */
export const botanNameConstraints: ConformanceSuite = { name: "botan-name-constraints", cases };

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  for (const [file, each] of casesOf<ConstraintsCase>(files)) {
    const header = files.get(file) as ConstraintsHeader;
    yield { id: each.id, kind: `${each.valid}`, run: (context) => run(each, header, context) };
  }
}

async function run(
  each: ConstraintsCase,
  { time, trustAnchor }: ConstraintsHeader,
  { crypto }: ConformanceContext,
): Promise<Verdict> {
  const { chain, valid, contested } = each;
  const answer = await askForPath(() => [certificateOf(chain[0]!), {
    anchors: [certificateOf(trustAnchor)],
    intermediates: chain.slice(1).map(certificateOf),
    time: Date.parse(time),
    crypto,
  }]);
  if (contested === true) return skip(`contested, we ${"refused" in answer ? "refuse" : "accept"}`);
  return scored(judge(answer, valid), each);
}
