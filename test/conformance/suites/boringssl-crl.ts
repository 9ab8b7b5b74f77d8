/**
 * `boringssl-crl`: BoringSSL's tests of revocation lists.
 *
 * @module
 */

import { crlChecker } from "../../../core/path/revocation/crl-checker.ts";
import { parseCertificateRevocationList } from "../../../core/x509/mod.ts";
import type {
  ConformanceCase,
  ConformanceContext,
  ConformanceSuite,
  SuiteFiles,
  Verdict,
} from "../conformance-suite.ts";
import { base64, certificateOf } from "../path-case.ts";
import { attempt, casesOf, fail, skip } from "../verdict.ts";

interface CrlHeader {
  readonly time: string;
  readonly maxAgeDays: number;
}

interface CrlCase {
  readonly id: string;
  readonly crl: string;
  readonly certificate: string;
  readonly issuer: string;
  /** The issuer's issuer, after a change of keys. */
  readonly issuer2?: string;
  readonly expected: "good" | "revoked" | "unknown" | "unusable";
  /** Why another answer may be right as well. */
  readonly note?: string;
}

/** The suite. */
export const boringsslCrl: ConformanceSuite = { name: "boringssl-crl", cases };

const DAY = 86_400_000;

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  for (const [file, each] of casesOf<CrlCase>(files)) {
    const header = files.get(file) as CrlHeader;
    yield { id: each.id, kind: each.expected, run: (context) => run(each, header, context) };
  }
}

async function run(each: CrlCase, { time, maxAgeDays }: CrlHeader, { crypto }: ConformanceContext): Promise<Verdict> {
  const answer = await attempt(async () => {
    const checker = crlChecker({
      crls: [parseCertificateRevocationList(base64(each.crl))],
      expired: "enforce",
      maxAgeMs: maxAgeDays * DAY,
    });
    // The chain has been verified: both issuers are trusted.
    const issuers = [each.issuer, ...[each.issuer2 ?? []].flat()].map(certificateOf);
    return await checker.check(certificateOf(each.certificate), issuers[0]!, {
      time: Date.parse(time),
      crypto,
      spend: () => {},
      signerCandidates: issuers,
      validateSigner: () => Promise.resolve(true),
    });
  });
  const found = "refused" in answer ? "unusable" : answer.value.status;
  const settles = (status: string): boolean => status === "good" || status === "revoked";
  // That a list settles nothing is one answer, whatever the reason.
  if (found === each.expected || !(settles(found) || settles(each.expected))) {
    return { outcome: "pass", tally: `rightly ${settles(found) ? found : "neither good nor revoked"}` };
  }
  if (each.note !== undefined) return skip(`not scored: ${each.note}`);
  const why = "refused" in answer ? answer.refused.message : answer.value.status === "unknown" ? answer.value.why : "";
  const kind = found === "good" ? "false accept" : "false reject";
  return { ...fail(`${kind}: ${found}, expected ${each.expected} ${why}`.trim()), tally: kind } as Verdict;
}
