/**
 * `webpki-names`: rustls-webpki's tests of name constraints and host names.
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
import { askForPath, certificateOf, judge, wrong } from "../path-case.ts";
import { casesOf, skip } from "../verdict.ts";

interface NamesHeader {
  readonly time: string;
}

interface NamesCase {
  readonly id: string;
  readonly ee: string;
  readonly root: string;
  readonly pathValid: boolean;
  readonly namesThatMatch: readonly string[];
  readonly namesThatDoNotMatch: readonly string[];
  /** A gap of webpki: not scored. */
  readonly note?: string;
}

/** The suite. */
export const webpkiNames: ConformanceSuite = { name: "webpki-names", cases };

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  for (const [file, each] of casesOf<NamesCase>(files)) {
    const { time } = files.get(file) as NamesHeader;
    // Each is about something else: a sample would leave out most of it.
    yield { id: each.id, kind: each.id, run: (context) => run(each, Date.parse(time), context) };
  }
}

async function run(each: NamesCase, time: number, { crypto }: ConformanceContext): Promise<Verdict> {
  const answer = await askForPath(() => [certificateOf(each.ee), {
    anchors: [certificateOf(each.root)],
    intermediates: [],
    time,
    purpose: SERVER_AUTH,
    crypto,
  }]);
  const verdict = judge(answer, each.pathValid);
  if (each.note !== undefined) return skip("not scored: a gap that webpki admits");
  if ("refused" in answer || verdict.outcome !== "pass") return verdict;
  const { endEntity } = answer.value;
  const missed = each.namesThatMatch.find((name) => !matchesServer(endEntity, name));
  if (missed !== undefined) return wrong(false, `${missed} does not match`);
  const matched = each.namesThatDoNotMatch.find((name) => matchesServer(endEntity, name));
  return matched === undefined ? verdict : wrong(true, `${matched} matches`);
}
