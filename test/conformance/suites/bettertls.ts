/**
 * `bettertls`: Netflix' tests of path building and name constraints.
 *
 * @module
 */

import { matchesServer } from "../../../core/path/mod.ts";
import { SERVER_AUTH } from "../../../core/x509/mod.ts";
import type {
  ConformanceCase,
  ConformanceContext,
  ConformanceSuite,
  SuiteFiles,
  Verdict,
} from "../conformance-suite.ts";
import { askForPath, type CaseRemarks, certificateOf, demandOf, judge, scored } from "../path-case.ts";
import { casesOf, skip } from "../verdict.ts";

interface BetterTlsHeader {
  readonly validationTime: string;
  readonly trustRoot: string;
}

interface BetterTlsCase extends CaseRemarks {
  readonly id: string;
  readonly hostname: string;
  readonly expected: "ACCEPT" | "REJECT";
  /** A miss is a warning only. */
  readonly soft: boolean;
  readonly leaf: string;
  readonly intermediates: readonly string[];
}

/** The suite. */
export const bettertls: ConformanceSuite = { name: "bettertls", cases };

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  for (const [file, each] of casesOf<BetterTlsCase>(files)) {
    const header = files.get(file) as BetterTlsHeader;
    yield { id: each.id, kind: `${file} ${each.expected}`, run: (context) => run(each, header, context) };
  }
}

async function run(each: BetterTlsCase, header: BetterTlsHeader, { crypto }: ConformanceContext): Promise<Verdict> {
  const { hostname, expected, soft } = each;
  const answer = await askForPath(() => [certificateOf(each.leaf), {
    anchors: [certificateOf(header.trustRoot)],
    intermediates: each.intermediates.map(certificateOf),
    time: Date.parse(header.validationTime),
    purpose: SERVER_AUTH,
    crypto,
  }]);
  const named = demandOf(answer, ({ endEntity }) => matchesServer(endEntity, hostname), `it is not for ${hostname}`);
  const verdict = scored(judge(named, expected === "ACCEPT"), each);
  return soft && verdict.outcome === "fail" ? skip(`soft, ${verdict.detail.split(":")[0]}`) : verdict;
}
