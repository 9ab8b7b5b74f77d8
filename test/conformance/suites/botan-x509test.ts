/**
 * `botan-x509test`: the chains of x509test.
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
import { askForPath, type CaseRemarks, certificateOf, demandOf, judge, OLD_ALGORITHMS, scored } from "../path-case.ts";
import { casesOf } from "../verdict.ts";

interface X509TestHeader {
  readonly time: string;
  readonly hostname: string;
  readonly trustAnchor: string;
}

interface X509TestCase extends CaseRemarks {
  readonly id: string;
  /** The target first. */
  readonly chain: readonly string[];
  readonly valid: boolean;
}

/** The suite. */
export const botanX509test: ConformanceSuite = { name: "botan-x509test", cases };

/** They carry the host name in the common name alone, which does not count: their path is checked without it. */
const NAMED_BY_COMMON_NAME: readonly string[] = ["ValidCert", "ValidChained", "ValidIntCALen", "ValidWildcard"];

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  for (const [file, each] of casesOf<X509TestCase>(files)) {
    const header = files.get(file) as X509TestHeader;
    yield { id: each.id, kind: `${each.valid}`, run: (context) => run(each, header, context) };
  }
}

async function run(
  { id, chain, valid, note }: X509TestCase,
  { time, hostname, trustAnchor }: X509TestHeader,
  { crypto }: ConformanceContext,
): Promise<Verdict> {
  const answer = await askForPath(() => [certificateOf(chain[0]!), {
    anchors: [certificateOf(trustAnchor)],
    intermediates: chain.slice(1).map(certificateOf),
    time: Date.parse(time),
    purpose: SERVER_AUTH,
    algorithms: OLD_ALGORITHMS,
    crypto,
  }]);
  const named = demandOf(
    answer,
    ({ endEntity }) => NAMED_BY_COMMON_NAME.includes(id) || matchesServer(endEntity, hostname),
    `it is not for ${hostname}`,
  );
  return scored(judge(named, valid), note === undefined ? {} : { note });
}
