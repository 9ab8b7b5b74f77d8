/**
 * `acvp-mldsa`: NIST's vectors for ML-DSA: keys, signatures and verification through every interface of FIPS 204.
 *
 * @module
 */

import type { Bytes } from "../../../core/bytes/bytes.ts";
import type { MlDsaMessageOptions } from "../../../core/crypto/portable/ml-dsa.ts";
import { preHash } from "../../../core/crypto/portable/pre-hash.ts";
import type { MlDsaParameterSet } from "../../../core/crypto/signature-algorithm.ts";
import {
  type ConformanceCase,
  type ConformanceContext,
  type ConformanceSuite,
  SkipCase,
  type SuiteFiles,
  type Verdict,
} from "../conformance-suite.ts";
import { expandMlDsa, signMlDsa, verifyMlDsa } from "../ml-dsa-case.ts";
import { attempt, casesOf, demand, hex } from "../verdict.ts";

interface AcvpCase {
  readonly id: string;
  readonly parameterSet: MlDsaParameterSet;
  readonly seed?: string;
  readonly sk?: string;
  readonly pk?: string;
  readonly rnd?: string;
  readonly deterministic?: boolean;
  readonly signatureInterface?: "external" | "internal";
  readonly preHash?: "pure" | "preHash";
  readonly hashAlg?: string;
  readonly externalMu?: boolean;
  readonly mu?: string;
  readonly message?: string;
  readonly context?: string;
  readonly signature?: string;
  readonly expected: {
    readonly pk?: string;
    readonly sk?: string;
    readonly signature?: string;
    readonly testPassed?: boolean;
    readonly reason?: string;
  };
}

/** The suite. */
export const acvpMldsa: ConformanceSuite = { name: "acvp-mldsa", cases };

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  for (const [file, each] of casesOf<AcvpCase>(files)) {
    const { parameterSet, signatureInterface, externalMu, preHash: form, hashAlg } = each;
    const kind = [file, parameterSet, signatureInterface, externalMu, form, hashAlg].join(" ");
    yield { id: each.id, kind, run: (context) => run(each, context) };
  }
}

async function run(each: AcvpCase, context: ConformanceContext): Promise<Verdict> {
  const { parameterSet, seed, sk, expected } = each;
  if (seed !== undefined) {
    return await expandMlDsa(parameterSet, hex(seed), { pk: expected.pk!, sk: expected.sk! }, context);
  }
  const { message, options } = messageOf(each);
  if (sk !== undefined) {
    const randomness = each.deterministic === true || each.rnd === undefined ? {} : { randomness: hex(each.rnd) };
    const key = { parameterSet, expanded: hex(sk) };
    return await signMlDsa(key, message, { ...options, ...randomness }, expected.signature!, context);
  }
  const answer = await attempt(() =>
    verifyMlDsa(parameterSet, hex(each.pk!), message, hex(each.signature!), options, context)
  );
  const accepted = "value" in answer && answer.value;
  return demand(
    accepted === expected.testPassed,
    `${accepted ? "accepted" : "refused"} (${expected.reason ?? "no reason given"})`,
  );
}

function messageOf(each: AcvpCase): { readonly message: Bytes; readonly options: MlDsaMessageOptions } {
  if (each.signatureInterface === "internal") {
    return each.externalMu === true
      ? { message: hex(each.mu!), options: { form: "mu" } }
      : { message: hex(each.message!), options: { form: "internal" } };
  }
  const options = each.context === undefined ? {} : { context: hex(each.context) };
  const message = hex(each.message ?? "");
  if (each.preHash !== "preHash") return { message, options };
  const hash = preHash(each.hashAlg!);
  if (hash === undefined) throw new SkipCase(`HashML-DSA with ${each.hashAlg} is not supported`);
  return { message, options: { ...options, preHash: hash } };
}
