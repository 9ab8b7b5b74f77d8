/**
 * Why others answer otherwise than RFC 5280 and we do, mutation by mutation. What no rule explains is a failure.
 *
 * @module
 */

import { CIRCLE } from "./mutations.ts";
import type { PeerAnswer } from "./openssl-answers.ts";

/** Whom we are compared with. */
export type Peer = "openssl" | "pkijs" | "node:crypto";

/** Known disagreements of a peer. */
interface Rule {
  readonly peer: Peer;
  /** What the peer answers, where RFC 5280 and we say the opposite. */
  readonly answer: "accepts" | "refuses";
  /** By name, or a whole kind: `constraints:`. */
  readonly mutations: readonly string[];
  readonly reason: string;
}

const RULES: readonly Rule[] = [
  {
    peer: "openssl",
    answer: "refuses",
    mutations: ["validity: the last second"],
    reason: "it counts notAfter itself as expired; RFC 5280 §4.1.2.5 includes it",
  },
  {
    peer: "openssl",
    answer: "refuses",
    mutations: [
      "authority: basicConstraints not critical",
      "authority: no keyUsage at all",
      "extension: no authorityKeyIdentifier",
      "extension: no subjectKeyIdentifier in an intermediate",
      "name: empty subject",
    ],
    reason: "-x509_strict demands of certificates what RFC 5280 §4 demands of their issuers; path validation does not",
  },
  {
    peer: "openssl",
    answer: "refuses",
    mutations: [
      "extension: authorityKeyIdentifier of another key",
      "extension: authorityKeyIdentifier of another serial number",
    ],
    reason:
      "it takes key identifiers as conditions; RFC 5280 §6.1 does not ask for them, RFC 4158 §3.5.12 calls them hints",
  },
  {
    peer: "openssl",
    answer: "refuses",
    mutations: [CIRCLE],
    reason: "it builds one path without going back, and that may lead into the circle",
  },
  {
    peer: "openssl",
    answer: "refuses",
    mutations: ["purpose: any"],
    reason: "anyExtendedKeyUsage does not stand for the client's purpose; RFC 5280 §4.2.1.12 lets it",
  },
  {
    peer: "openssl",
    answer: "refuses",
    mutations: ["list: for end entities"],
    reason: "-crl_check_all checks the anchor as well, of whose list such a list is no part",
  },
  {
    peer: "openssl",
    answer: "accepts",
    mutations: ["extension: twice"],
    reason: "it finds extensions that are there twice among those it knows alone; RFC 5280 §4.2 forbids any",
  },
  {
    peer: "pkijs",
    answer: "accepts",
    mutations: ["constraints:"],
    reason: "it does not apply the name constraints of the trust anchor",
  },
  {
    peer: "pkijs",
    answer: "accepts",
    mutations: ["length:"],
    reason: "it does not enforce pathLenConstraint (RFC 5280 §6.1.4 (l), (m))",
  },
  {
    peer: "pkijs",
    answer: "accepts",
    mutations: [
      "extension: unknown and critical in the end entity",
      "extension: unknown and critical in an intermediate",
      "extension: unknown and critical in the anchor",
      "list: unknown and critical extension of an entry",
    ],
    reason: "it ignores critical extensions that it does not know (RFC 5280 §4.2, §5.3)",
  },
  {
    peer: "pkijs",
    answer: "accepts",
    mutations: ["extension: twice"],
    reason: "it does not look for extensions that are there twice (RFC 5280 §4.2)",
  },
  {
    peer: "pkijs",
    answer: "accepts",
    mutations: ["list: for authorities"],
    reason: "it does not process issuingDistributionPoint (RFC 5280 §6.3.3 (b) (2))",
  },
  {
    peer: "pkijs",
    answer: "accepts",
    mutations: ["list: not yet valid"],
    reason: "it does not look at thisUpdate",
  },
  {
    peer: "pkijs",
    answer: "accepts",
    mutations: ["list: missing"],
    reason: "given no list at all it does not ask for revocation",
  },
  {
    peer: "pkijs",
    answer: "accepts",
    mutations: ["policy: mapping inhibited"],
    reason: "it maps policies where a certificate above inhibits that (RFC 5280 §6.1.4 (b) (2))",
  },
  {
    peer: "pkijs",
    answer: "refuses",
    mutations: ["policy: anyPolicy in an intermediate"],
    reason: "it does not let anyPolicy of an intermediate stand for the policy below (RFC 5280 §6.1.3 (d) (1) (ii))",
  },
  {
    peer: "pkijs",
    answer: "refuses",
    mutations: ["company: the issuer's expired predecessor"],
    reason: "it validates one path, and that may be the one through the expired certificate",
  },
  {
    peer: "pkijs",
    answer: "refuses",
    mutations: [
      "extension: authorityKeyIdentifier of another key",
      "extension: authorityKeyIdentifier of another serial number",
    ],
    reason: "it takes key identifiers as conditions; they are hints",
  },
  {
    peer: "node:crypto",
    answer: "refuses",
    mutations: [
      "authority: anchor may not sign certificates",
      "authority: intermediate may not sign certificates",
      "extension: authorityKeyIdentifier of another key",
      "extension: authorityKeyIdentifier of another serial number",
      "signature: another key",
    ],
    reason:
      "checkIssued() asks for keyUsage, key identifiers and the kind of key as well, where we compare names alone",
  },
];

/** The reason of a disagreement; undefined: it is not known. */
export function explain(peer: Peer, mutation: string, theirs: PeerAnswer): string | undefined {
  const answer = theirs.accepted ? "accepts" : "refuses";
  return RULES.find((rule) =>
    rule.peer === peer && rule.answer === answer &&
    rule.mutations.some((one) => one.endsWith(":") ? mutation.startsWith(one) : mutation === one)
  )?.reason;
}
