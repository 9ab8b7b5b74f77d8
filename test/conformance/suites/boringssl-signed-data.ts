/**
 * `boringssl-signed-data`: BoringSSL's tests of signatures with the algorithms of certificates.
 *
 * @module
 */

import { parseSignatureAlgorithm } from "../../../core/crypto/signature-algorithm-identifier.ts";
import { DerReader } from "../../../core/der/reader.ts";
import { parseSubjectPublicKeyInfo } from "../../../core/keys/mod.ts";
import { verifySignature } from "../../../core/sign/mod.ts";
import type {
  ConformanceCase,
  ConformanceContext,
  ConformanceSuite,
  SuiteFiles,
  Verdict,
} from "../conformance-suite.ts";
import { base64, type CaseRemarks, judge, scored } from "../path-case.ts";
import { attempt, casesOf } from "../verdict.ts";

interface SignedDataCase extends CaseRemarks {
  readonly id: string;
  readonly algorithm: string;
  readonly spki: string;
  readonly data: string;
  /** A BIT STRING, the whole element. */
  readonly signatureBitString: string;
  readonly valid: boolean;
}

/** The suite. */
export const boringsslSignedData: ConformanceSuite = { name: "boringssl-signed-data", cases };

function* cases(files: SuiteFiles): Generator<ConformanceCase> {
  for (const [, each] of casesOf<SignedDataCase>(files)) {
    // Each is about something else: a sample would leave out most of it.
    yield { id: each.id, kind: each.id, run: (context) => run(each, context) };
  }
}

async function run(each: SignedDataCase, { crypto }: ConformanceContext): Promise<Verdict> {
  const answer = await attempt(() => {
    const algorithm = parseSignatureAlgorithm(base64(each.algorithm));
    if (algorithm.scheme === "unknown") return false;
    const bits = new DerReader(base64(each.signatureBitString));
    const signature = bits.octetAlignedBitString("signatureValue");
    bits.finish("signatureValue");
    return verifySignature(
      crypto,
      algorithm,
      parseSubjectPublicKeyInfo(base64(each.spki)),
      base64(each.data),
      signature,
    );
  });
  const verified = "refused" in answer || answer.value
    ? answer
    : { refused: new Error("the signature does not verify") };
  return scored(judge(verified, each.valid), each);
}
