/**
 * Asks ourselves and others about generated chains, and sorts the disagreements.
 *
 * @module
 */

import { X509Certificate } from "node:crypto";
import { isCoded } from "../../core/base-error.ts";
import type { CryptoProvider } from "../../core/crypto/provider.ts";
import { validatePath, type ValidatePathOptions } from "../../core/path/mod.ts";
import { crlChecker } from "../../core/path/revocation/crl-checker.ts";
import { verifySignature } from "../../core/sign/mod.ts";
import {
  type Certificate,
  CLIENT_AUTH,
  parseCertificate,
  parseCertificateRevocationList,
} from "../../core/x509/mod.ts";
import { NOW } from "./chain-plan.ts";
import { explain, type Peer } from "./disagreements.ts";
import { generateCases, type GeneratedCase } from "./generated-case.ts";
import { askOpenssl, opensslVersion, type PeerAnswer } from "./openssl-answers.ts";
import { askPkijs } from "./pkijs-answers.ts";

/** What came of a run. */
export interface DifferentialReport {
  readonly cases: number;
  /** Cases in which we are not of RFC 5280's opinion, as the generator has it. */
  readonly wrong: readonly string[];
  /** Disagreements that no rule explains. */
  readonly unexplained: readonly string[];
  /** How often each peer was asked, agreed, and disagreed for a known reason. */
  readonly peers: ReadonlyMap<Peer, { readonly asked: number; readonly agreed: number; readonly explained: number }>;
  /** How often each reason explained a disagreement. */
  readonly reasons: ReadonlyMap<string, number>;
  /** Peers that are not here. */
  readonly missing: readonly string[];
}

/** Every run starts from the same seed. */
export const SEED = 20260601;

/** Runs that many cases. */
export async function runDifferential(count: number, crypto: CryptoProvider): Promise<DifferentialReport> {
  const cases: GeneratedCase[] = [];
  for await (const each of generateCases(count, SEED, crypto)) cases.push(each);
  const wrong: string[] = [];
  const unexplained: string[] = [];
  const peers = new Map<Peer, { asked: number; agreed: number; explained: number }>();
  const reasons = new Map<string, number>();
  const openssl = opensslVersion() === undefined ? undefined : askOpenssl(cases);
  const compare = (
    peer: Peer,
    { id, mutation }: GeneratedCase,
    ours: PeerAnswer,
    theirs: PeerAnswer | undefined,
  ): void => {
    if (theirs === undefined) return;
    const counts = peers.get(peer) ?? { asked: 0, agreed: 0, explained: 0 };
    peers.set(peer, counts);
    counts.asked++;
    if (ours.accepted === theirs.accepted) counts.agreed++;
    else {
      const reason = explain(peer, mutation, theirs);
      if (reason !== undefined) {
        counts.explained++;
        const line = `${peer} ${theirs.accepted ? "accepts" : "refuses"}: ${reason}`;
        reasons.set(line, (reasons.get(line) ?? 0) + 1);
        return;
      }
      const [we, they] = [ours, theirs].map(({ accepted, why }) => accepted ? "accept" : `refuse (${why})`);
      unexplained.push(`${id} (${mutation}): we ${we}, ${peer}: ${they}`);
    }
  };
  for (const each of cases) {
    const ours = await askOurselves(each, crypto);
    if (ours.accepted !== each.valid) {
      wrong.push(`${each.id} (${each.mutation}): we ${ours.accepted ? "accept" : `refuse: ${ours.why}`}`);
    }
    compare("openssl", each, ours, openssl?.get(each.id));
    compare("pkijs", each, ours, await askPkijs(each));
    for (const [mine, nodes] of await compareLinks(each, crypto)) compare("node:crypto", each, mine, nodes);
  }
  return { cases: count, wrong, unexplained, peers, reasons, missing: openssl === undefined ? ["openssl"] : [] };
}

async function askOurselves({ chain, question }: GeneratedCase, crypto: CryptoProvider): Promise<PeerAnswer> {
  const { purpose, revocation, policies } = question;
  const options: ValidatePathOptions = {
    anchors: [parseCertificate(chain.anchor)],
    intermediates: chain.intermediates.map(parseCertificate),
    time: NOW,
    crypto,
    revocation: !revocation ? "skip" : {
      checker: crlChecker({ crls: chain.lists.map(parseCertificateRevocationList), expired: "enforce" }),
      unknown: "deny",
      depth: "chain",
    },
    ...(purpose ? { purpose: CLIENT_AUTH } : {}),
    ...(policies === undefined || policies.length === 0
      ? {}
      : { policies: { acceptable: policies, requireExplicitPolicy: true } }),
  };
  try {
    await validatePath(parseCertificate(chain.endEntity), options);
    return { accepted: true, why: "" };
  } catch (error) {
    if (!isCoded(error)) throw error;
    return { accepted: false, why: error.message };
  }
}

/** Of each certificate and the one above it: who is named as the issuer, and whose key signed. */
async function compareLinks(
  { chain }: GeneratedCase,
  crypto: CryptoProvider,
): Promise<(readonly [PeerAnswer, PeerAnswer])[]> {
  const pairs: (readonly [PeerAnswer, PeerAnswer])[] = [];
  const answer = (accepted: boolean, why: string): PeerAnswer => ({ accepted, why });
  for (let i = 1; i < chain.path.length; i++) {
    const [issuer, child] = [parseCertificate(chain.path[i - 1]!), parseCertificate(chain.path[i]!)];
    const [nodeIssuer, nodeChild] = [new X509Certificate(issuer.der), new X509Certificate(child.der)];
    const issued = child.issuer.equals(issuer.subject);
    pairs.push([answer(issued, "issuer"), answer(nodeChild.checkIssued(nodeIssuer), "issuer")]);
    const signed = await madeSignature(issuer, child, crypto);
    pairs.push([answer(signed, "signature"), answer(nodeChild.verify(nodeIssuer.publicKey), "signature")]);
  }
  return pairs;
}

async function madeSignature(issuer: Certificate, child: Certificate, crypto: CryptoProvider): Promise<boolean> {
  const { signatureAlgorithm: algorithm, tbsCertificate, signature } = child;
  if (algorithm.scheme === "unknown") return false;
  try {
    return await verifySignature(crypto, algorithm, issuer.publicKey, tbsCertificate, signature);
  } catch (error) {
    // A key of another kind.
    if (isCoded(error) && error.code === "ERR_CRYPTO_INVALID_KEY") return false;
    throw error;
  }
}
