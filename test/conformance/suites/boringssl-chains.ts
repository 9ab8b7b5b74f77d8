/**
 * `boringssl-chains`: BoringSSL's tests of chain verification.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import { type TrustAnchor, trustAnchor } from "../../../core/path/mod.ts";
import { type Certificate, CLIENT_AUTH, readCertificates, SERVER_AUTH } from "../../../core/x509/mod.ts";
import type {
  ConformanceCase,
  ConformanceContext,
  ConformanceSuite,
  SuiteFiles,
  Verdict,
} from "../conformance-suite.ts";
import { askForPath, type CaseRemarks, judge, OLD_ALGORITHMS, scored } from "../path-case.ts";
import { casesOf, compare, skip } from "../verdict.ts";

interface ChainCase extends CaseRemarks {
  readonly id: string;
  /** A file of PEM: the target first, the anchor last. */
  readonly chain: string;
  readonly anchorTrust: string;
  readonly keyPurpose: string;
  readonly time: string;
  /** `STRONG` refuses SHA-1. */
  readonly digestPolicy?: string;
  readonly valid: boolean;
  readonly expectedUserConstrainedPolicySet?: readonly string[];
}

/** The suite. */
export const boringsslChains: ConformanceSuite = { name: "boringssl-chains", cases, otherFiles };

/** Purposes that are more than an extended key usage are Chromium's own profiles. */
const PURPOSES: Readonly<Record<string, string | undefined>> = {
  ANY_EKU: undefined,
  SERVER_AUTH,
  CLIENT_AUTH,
};

function* otherFiles(files: SuiteFiles): Generator<string> {
  for (const [, { chain }] of casesOf<ChainCase>(files)) yield chain;
}

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  for (const [, each] of casesOf<ChainCase>(files)) {
    const kind = `${each.keyPurpose} ${each.anchorTrust}`;
    yield {
      id: each.id,
      kind,
      run: async (context) => scored(await run(each, files.get(each.chain) as Bytes, context), each),
    };
  }
}

async function run(each: ChainCase, pem: Bytes, { crypto }: ConformanceContext): Promise<Verdict> {
  const { keyPurpose, anchorTrust, valid, expectedUserConstrainedPolicySet: policies } = each;
  if (!Object.hasOwn(PURPOSES, keyPurpose)) return skip("a profile of Chromium");
  const chain = readCertificates(pem);
  if (anchorTrust.includes("LEAF") && chain.length === 1) return skip("a target that is trusted itself has no path");
  const answer = await askForPath(() => {
    const purpose = PURPOSES[keyPurpose];
    return [chain[0]!, {
      // An anchor is not the target itself.
      anchors: chain.length === 1 ? [] : anchorsOf(chain.at(-1)!, anchorTrust),
      intermediates: chain.slice(1, -1),
      time: Date.parse(each.time),
      crypto,
      algorithms: {
        minimumIssuerRsaBits: 1024,
        ...(each.digestPolicy === "STRONG" ? {} : { hashes: OLD_ALGORITHMS.hashes }),
      },
      ...(purpose === undefined ? {} : { purpose }),
    }];
  });
  const verdict = judge(answer, valid);
  if (verdict.outcome === "fail" && valid) {
    const choice = choiceOfChromium(chain, anchorTrust);
    if (choice !== undefined) return skip(choice);
  }
  if ("refused" in answer || policies === undefined || verdict.outcome !== "pass") return verdict;
  const text = (set: readonly string[]): string => [...set].sort().join(" ");
  const sets = compare(["policies", text(answer.value.policies.userConstrained), text(policies)]);
  return sets.outcome === "pass" ? verdict : sets;
}

/** What Chromium accepts and RFC 5280 does not know. */
function choiceOfChromium(chain: readonly Certificate[], trust: string): string | undefined {
  if (chain.some(({ extendedKeyUsage }) => extendedKeyUsage?.includes(SERVER_GATED_CRYPTO))) {
    return "server-gated cryptography is no serverAuth here";
  }
  // We ask of an anchor whose constraints count that it says to be a CA.
  return trust.includes("_WITH_CONSTRAINTS") && chain.at(-1)!.basicConstraints === undefined
    ? "an anchor with constraints and without basicConstraints"
    : undefined;
}

const SERVER_GATED_CRYPTO = "2.16.840.1.113730.4.1";

/** The last certificate, trusted as the case says; what is trusted as a target alone is no anchor. */
function anchorsOf(certificate: Certificate, trust: string): readonly TrustAnchor[] {
  if (!trust.startsWith("TRUSTED_ANCHOR")) return [];
  const constraints = trust.includes("_WITH_CONSTRAINTS") || trust.includes("_REQUIRE_BASIC_CONSTRAINTS");
  return [trustAnchor(certificate, {
    validity: trust.includes("_WITH_EXPIRATION") ? "enforce" : "ignore",
    constraints: constraints ? "enforce" : "ignore",
  })];
}
