/**
 * What PKI.js says.
 *
 * @module
 */

import * as pkijs from "pkijs";
import { NOW } from "./chain-plan.ts";
import type { GeneratedCase } from "./generated-case.ts";
import { CIRCLE } from "./mutations.ts";
import type { PeerAnswer } from "./openssl-answers.ts";

/** The answer; undefined: its engine has no such question. */
export async function askPkijs({ chain, mutation, question }: GeneratedCase): Promise<PeerAnswer | undefined> {
  // It knows no purposes, and of a circle of certificates it does not come back.
  if (question.purpose || mutation === CIRCLE) return undefined;
  try {
    const certificate = (der: Uint8Array) => pkijs.Certificate.fromBER(der.slice());
    const engine = new pkijs.CertificateChainValidationEngine({
      trustedCerts: [certificate(chain.anchor)],
      certs: [...chain.intermediates, chain.endEntity].map(certificate),
      crls: chain.lists.map((der) => pkijs.CertificateRevocationList.fromBER(der.slice())),
      checkDate: new Date(NOW),
    });
    const { policies = [] } = question;
    const { result, resultMessage } = await engine.verify({
      passedWhenNotRevValues: false,
      ...(policies.length === 0 ? {} : { initialPolicySet: [...policies], initialExplicitPolicy: true }),
    });
    return { accepted: result, why: resultMessage };
  } catch (error) {
    // Some of what it refuses comes as an error.
    return { accepted: false, why: `threw ${String(error)}` };
  }
}
