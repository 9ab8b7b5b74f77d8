/**
 * `boringssl-names`: BoringSSL's tests of the comparison of names.
 *
 * @module
 */

import { parseName } from "../../../core/x509/mod.ts";
import type { ConformanceCase, ConformanceSuite, SuiteFiles, Verdict } from "../conformance-suite.ts";
import { base64, type CaseRemarks, judge, scored } from "../path-case.ts";
import { attempt, casesOf, fail } from "../verdict.ts";

interface NamesHeader {
  /** Names, DER, by their labels. */
  readonly names: Readonly<Record<string, string>>;
}

interface NamesCase extends CaseRemarks {
  readonly id: string;
  readonly a: string;
  readonly b: string;
  readonly match: boolean;
}

/** The suite. */
export const boringsslNames: ConformanceSuite = { name: "boringssl-names", cases, sampled: false };

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  for (const [file, each] of casesOf<NamesCase>(files)) {
    const { names } = files.get(file) as NamesHeader;
    yield { id: each.id, kind: `${each.match}`, run: async () => scored(await run(each, names), each) };
  }
}

async function run({ a, b, match }: NamesCase, names: NamesHeader["names"]): Promise<Verdict> {
  const answer = await attempt(() => {
    const [one, other] = [parseName(base64(names[a]!)), parseName(base64(names[b]!))];
    return { forth: one.equals(other), back: other.equals(one) };
  });
  if ("refused" in answer) return judge(answer, match);
  const { forth, back } = answer.value;
  if (forth !== back) return fail("the order of the two makes a difference");
  return judge(forth ? answer : { refused: new Error("the names differ") }, match);
}
