/**
 * `x509-limbo`: chains that libraries disagree about.
 *
 * @module
 */

import { crlChecker } from "../../../core/path/revocation/crl-checker.ts";
import {
  checkConformingList,
  CONFORMING_ISSUER_PROFILE,
  matchesServer,
  type PathProfile,
  type ValidatePathOptions,
  type VerifiedPath,
} from "../../../core/path/mod.ts";
import {
  type Certificate,
  CLIENT_AUTH,
  type KeyUsage,
  readCertificateRevocationLists,
  readCertificates,
  SERVER_AUTH,
} from "../../../core/x509/mod.ts";
import {
  type ConformanceCase,
  type ConformanceContext,
  type ConformanceSuite,
  SkipCase,
  type SuiteFiles,
  type Verdict,
} from "../conformance-suite.ts";
import { type Answer, askForPath, demandOf, judge } from "../path-case.ts";
import { fail, skip } from "../verdict.ts";

interface LimboName {
  readonly kind: "DNS" | "IP" | "RFC822";
  readonly value: string;
}

interface LimboCase {
  readonly id: string;
  /** Cases that hold under another reading of the standards. */
  readonly conflicts_with?: readonly string[];
  readonly validation_kind: "SERVER" | "CLIENT";
  readonly trusted_certs: readonly string[];
  readonly untrusted_intermediates: readonly string[];
  readonly peer_certificate: string;
  readonly crls?: readonly string[] | null;
  readonly validation_time?: string | null;
  readonly signature_algorithms: readonly string[];
  readonly key_usage: readonly string[];
  readonly extended_key_usage: readonly string[];
  readonly expected_result: "SUCCESS" | "FAILURE";
  readonly expected_peer_name?: LimboName | null;
  readonly expected_peer_names?: readonly LimboName[];
  readonly max_chain_depth?: number | null;
}

/** The suite. */
export const x509Limbo: ConformanceSuite = { name: "x509-limbo", cases };

const LIMIT_MS = 5000;

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  for (const content of files.values()) {
    // The schema is JSON too.
    for (const each of (content as { readonly testcases?: readonly LimboCase[] }).testcases ?? []) {
      yield { id: each.id, kind: each.id.split("::")[0]!, run: (context) => run(each, context) };
    }
  }
}

async function run(each: LimboCase, { crypto, clock }: ConformanceContext): Promise<Verdict> {
  const forum = each.id.startsWith("webpki::");
  if (forum && (each.conflicts_with ?? []).length > 0) {
    return skip("the Web PKI's side where RFC 5280 is read otherwise");
  }
  const startedAt = clock?.() ?? 0;
  const valid = each.expected_result === "SUCCESS";
  const answer = demandOf(
    await ask(each, crypto),
    (path) => hasNames(path, each),
    "the names of the certificate are others",
  );
  const took = (clock?.() ?? 0) - startedAt;
  if (took > LIMIT_MS) return fail(`took ${took.toFixed(0)} ms, ${LIMIT_MS} are allowed`);
  const verdict = judge(answer, valid);
  // Rules of the CA/Browser Forum are reported apart. A valid chain must be accepted all the same.
  if (forum && !valid && verdict.outcome === "fail") {
    return skip("accepted: the CA/Browser Forum forbids it, RFC 5280 does not");
  }
  return verdict;
}

/** A path for every purpose that the case names; where it names none, for its kind of validation. */
async function ask(each: LimboCase, crypto: ValidatePathOptions["crypto"]): Promise<Answer<VerifiedPath>> {
  const usual = each.validation_kind === "SERVER" ? SERVER_AUTH : CLIENT_AUTH;
  const purposes = each.extended_key_usage.length === 0 ? [usual] : each.extended_key_usage.map(purposeOf);
  let answer: Answer<VerifiedPath> | undefined;
  for (const purpose of purposes) {
    answer = await askForPath(() => [
      certificates([each.peer_certificate])[0]!,
      { ...optionsOf(each), purpose, crypto },
    ]);
    if ("refused" in answer) return answer;
  }
  return answer!;
}

/** A purpose by its name in the suite, or dotted. */
function purposeOf(name: string): string {
  const purpose = PURPOSES[name] ?? name;
  if (!/^[0-9]+(?:\.[0-9]+)+$/.test(purpose)) throw new SkipCase(`"${name}" is an unknown extended key usage`);
  return purpose;
}

function optionsOf(each: LimboCase): Omit<ValidatePathOptions, "crypto" | "purpose"> {
  const time = each.validation_time ?? undefined;
  const depth = each.max_chain_depth ?? undefined;
  const crls = each.crls ?? [];
  return {
    anchors: certificates(each.trusted_certs),
    intermediates: certificates(each.untrusted_intermediates),
    time: time === undefined ? Date.now() : Date.parse(time),
    keyUsage: each.key_usage.map((usage) => usage === "contentCommitment" ? "nonRepudiation" : usage as KeyUsage),
    revocation: crls.length === 0 ? "skip" : {
      checker: crlChecker({
        crls: crls.flatMap((pem) => readCertificateRevocationLists(pem))
          .filter((list) => checkConformingList(list) === undefined),
        expired: "enforce",
      }),
      unknown: "deny",
      depth: "chain",
    },
    profile: each.signature_algorithms.length === 0
      ? CONFORMING_ISSUER_PROFILE
      : withAlgorithms(each.signature_algorithms),
    ...(depth === undefined ? {} : { maxPathLength: depth }),
  };
}

function certificates(pems: readonly string[]): Certificate[] {
  return pems.flatMap((pem) => readCertificates(pem));
}

/** The profile, and no signatures but these. */
function withAlgorithms(names: readonly string[]): PathProfile {
  const refused = ({ signatureAlgorithm: { name } }: Certificate): string | undefined =>
    names.includes(ALGORITHMS[name] ?? name) ? undefined : `it is signed with ${name}`;
  return {
    name: "RFC 5280 conforming issuers, some algorithms",
    checkAuthority: (certificate, position) =>
      refused(certificate) ?? CONFORMING_ISSUER_PROFILE.checkAuthority(certificate, position),
    checkEndEntity: (certificate) => refused(certificate) ?? CONFORMING_ISSUER_PROFILE.checkEndEntity?.(certificate),
  };
}

/** The name of the server; or, of a client, every name that it must have, a wildcard as it stands. */
function hasNames({ endEntity }: VerifiedPath, each: LimboCase): boolean {
  return [each.expected_peer_name ?? [], each.expected_peer_names ?? []].flat().every(({ kind, value }) =>
    kind === "RFC822" || value.startsWith("*.")
      ? (endEntity.subjectAlternativeName ?? []).some((name) =>
        name.form === (kind === "RFC822" ? "rfc822Name" : "dNSName") && name.value === value
      )
      : matchesServer(endEntity, value)
  );
}

const PURPOSES: Readonly<Record<string, string>> = {
  anyExtendedKeyUsage: "2.5.29.37.0",
  serverAuth: SERVER_AUTH,
  clientAuth: CLIENT_AUTH,
  codeSigning: "1.3.6.1.5.5.7.3.3",
  emailProtection: "1.3.6.1.5.5.7.3.4",
  timeStamping: "1.3.6.1.5.5.7.3.8",
  OCSPSigning: "1.3.6.1.5.5.7.3.9",
};

/** Our names of signature algorithms to the suite's. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  "RSA with SHA-1": "RSA_WITH_SHA1",
  "RSA with SHA-224": "RSA_WITH_SHA224",
  "RSA with SHA-256": "RSA_WITH_SHA256",
  "RSA with SHA-384": "RSA_WITH_SHA384",
  "RSA with SHA-512": "RSA_WITH_SHA512",
  "RSA-PSS with SHA-1": "RSASSA_PSS",
  "RSA-PSS with SHA-224": "RSASSA_PSS",
  "RSA-PSS with SHA-256": "RSASSA_PSS",
  "RSA-PSS with SHA-384": "RSASSA_PSS",
  "RSA-PSS with SHA-512": "RSASSA_PSS",
  "ECDSA with SHA-1": "ECDSA_WITH_SHA1",
  "ECDSA with SHA-224": "ECDSA_WITH_SHA224",
  "ECDSA with SHA-256": "ECDSA_WITH_SHA256",
  "ECDSA with SHA-384": "ECDSA_WITH_SHA384",
  "ECDSA with SHA-512": "ECDSA_WITH_SHA512",
  "Ed25519": "ED25519",
};
