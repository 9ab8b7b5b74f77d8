/**
 * `pkits`: the NIST Public Key Interoperability Test Suite.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import { crlChecker } from "../../../core/path/revocation/crl-checker.ts";
import type { ValidPolicies } from "../../../core/path/mod.ts";
import { parseCertificate, parseCertificateRevocationList } from "../../../core/x509/mod.ts";
import type {
  ConformanceCase,
  ConformanceContext,
  ConformanceSuite,
  SuiteFiles,
  Verdict,
} from "../conformance-suite.ts";
import { askForPath, type CaseRemarks, judge, scored } from "../path-case.ts";
import { all, casesOf, compare, skip } from "../verdict.ts";

interface PkitsHeader {
  readonly time: string;
  /** Object identifiers by the names that the cases use. */
  readonly policies: Readonly<Record<string, string>>;
}

interface PkitsCase extends CaseRemarks {
  readonly id: string;
  readonly section: string;
  /** The anchor first, the target last. */
  readonly path: readonly string[];
  readonly extraCerts: readonly string[];
  readonly crls: readonly string[];
  readonly inputs: {
    readonly initialPolicySet: readonly string[];
    readonly initialExplicitPolicy: boolean;
    readonly initialPolicyMappingInhibit: boolean;
    readonly initialInhibitAnyPolicy: boolean;
  };
  readonly expected: {
    readonly valid: boolean;
    readonly userConstrainedPolicySet?: readonly string[];
    readonly authoritiesConstrainedPolicySet?: readonly string[];
    readonly explicitPolicyIndicator?: boolean;
  };
  readonly features: readonly string[];
}

/** The suite. */
export const pkits: ConformanceSuite = { name: "pkits", cases, otherFiles };

const FILE = "pkits.json";

function* otherFiles(files: SuiteFiles): Generator<string> {
  for (const [, { path, extraCerts, crls }] of casesOf<PkitsCase>(files)) {
    for (const name of [...path, ...extraCerts]) yield certificateFile(name);
    for (const name of crls) yield listFile(name);
  }
}

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  const header = files.get(FILE) as PkitsHeader;
  for (const [, each] of casesOf<PkitsCase>(files)) {
    yield {
      id: each.id,
      kind: each.section,
      run: async (context) => scored(await run(each, header, files, context), each),
    };
  }
}

async function run(
  each: PkitsCase,
  header: PkitsHeader,
  files: SuiteFiles,
  { crypto }: ConformanceContext,
): Promise<Verdict> {
  const { path, extraCerts, inputs, expected, features } = each;
  if (features.includes("dsa") && expected.valid) return skip("DSA is not supported");
  const certificate = (name: string) => parseCertificate(files.get(certificateFile(name)) as Bytes);
  const identifiers = (names: readonly string[]): readonly string[] => names.map((name) => identifierOf(name, header));
  const answer = await askForPath(() => [certificate(path.at(-1)!), {
    anchors: [certificate(path[0]!)],
    intermediates: [...path.slice(1, -1), ...extraCerts].map(certificate),
    time: Date.parse(header.time),
    crypto,
    revocation: {
      checker: crlChecker({
        crls: each.crls.map((name) => parseCertificateRevocationList(files.get(listFile(name)) as Bytes)),
        expired: "enforce",
      }),
      unknown: "deny",
      depth: "chain",
    },
    policies: {
      acceptable: identifiers(inputs.initialPolicySet),
      requireExplicitPolicy: inputs.initialExplicitPolicy,
      inhibitPolicyMapping: inputs.initialPolicyMappingInhibit,
      inhibitAnyPolicy: inputs.initialInhibitAnyPolicy,
    },
  }]);
  const verdict = judge(answer, expected.valid);
  if ("refused" in answer || verdict.outcome !== "pass") return verdict;
  const policies = comparePolicies(answer.value.policies, expected, identifiers);
  return policies.outcome === "pass" ? verdict : all(policies);
}

function comparePolicies(
  actual: ValidPolicies,
  expected: PkitsCase["expected"],
  identifiers: (names: readonly string[]) => readonly string[],
): Verdict {
  const text = (policies: readonly string[]): string => [...policies].sort().join(" ");
  const pairs: (readonly [string, string, string])[] = [];
  const set = (what: string, found: readonly string[], wanted: readonly string[] | undefined): void => {
    if (wanted !== undefined) pairs.push([what, text(found), text(identifiers(wanted))]);
  };
  set("user-constrained-policy-set", actual.userConstrained, expected.userConstrainedPolicySet);
  set("authorities-constrained-policy-set", actual.authorityConstrained, expected.authoritiesConstrainedPolicySet);
  if (expected.explicitPolicyIndicator !== undefined) {
    pairs.push(["explicit policy indicator", `${actual.explicit}`, `${expected.explicitPolicyIndicator}`]);
  }
  return compare(...pairs);
}

/** A policy by its name in the header, or dotted. */
function identifierOf(name: string, { policies }: PkitsHeader): string {
  const identifier = policies[name] ?? name;
  if (/^[0-9]+(?:\.[0-9]+)+$/.test(identifier)) return identifier;
  throw new TypeError(`the header does not say what the policy "${name}" is`);
}

function certificateFile(name: string): string {
  return `certs/${name}.crt`;
}

function listFile(name: string): string {
  return `crls/${name}.crl`;
}
