/**
 * What the suites of certification paths have in common: how a path is asked for, and how the answer is judged. A path
 * that is accepted and must not be is a false accept; the other way round it is a false reject.
 *
 * @module
 */

import { decodeBase64 } from "../../core/bytes/base64.ts";
import type { Bytes } from "../../core/bytes/bytes.ts";
import {
  type AlgorithmPolicy,
  validatePath,
  type ValidatePathOptions,
  type VerifiedPath,
} from "../../core/path/mod.ts";
import { type Certificate, parseCertificate } from "../../core/x509/mod.ts";
import type { Verdict } from "./conformance-suite.ts";
import { attempt, fail, skip } from "./verdict.ts";

/** What came of a question: a value, or the coded error that refused it. */
export type Answer<T> = { readonly value: T } | { readonly refused: Error };

/** Old certificates: SHA-1, and RSA keys that nobody makes any more. */
export const OLD_ALGORITHMS: AlgorithmPolicy = {
  hashes: ["SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"],
  minimumIssuerRsaBits: 512,
  minimumEndEntityRsaBits: 512,
};

/** Octets of base64 that the data guarantees to be such. */
export function base64(text: string): Bytes {
  const octets = decodeBase64(text);
  if (octets === undefined) throw new TypeError("the case is not base64");
  return octets;
}

/** A certificate of base64. @throws what `parseCertificate` throws */
export function certificateOf(text: string): Certificate {
  return parseCertificate(base64(text));
}

/**
 * Validates a path. What cannot be parsed is refused, as a certificate that is on no path.
 *
 * @param make makes the certificate and the options, revocation aside; what it throws with a code refuses
 */
export function askForPath(
  make: () => readonly [
    certificate: Certificate,
    options: Omit<ValidatePathOptions, "revocation"> & Partial<Pick<ValidatePathOptions, "revocation">>,
  ],
): Promise<Answer<VerifiedPath>> {
  return attempt(async () => {
    const [certificate, options] = make();
    return await validatePath(certificate, { revocation: "skip", ...options });
  });
}

/** Compares the answer with what it has to be. */
export function judge(answer: Answer<unknown>, valid: boolean): Verdict {
  const accepted = !("refused" in answer);
  if (accepted !== valid) return wrong(accepted, accepted ? "" : answer.refused.message);
  return { outcome: "pass", tally: valid ? "rightly accepted" : "rightly refused" };
}

/** What any case may say of itself. */
export interface CaseRemarks {
  /** Why another answer may be right as well: then it is not scored. */
  readonly note?: string;
}

/** The verdict, but for a failure of a case that says that it is not to be scored. */
export function scored(verdict: Verdict, { note }: CaseRemarks): Verdict {
  return note === undefined || verdict.outcome !== "fail" ? verdict : skip(`not scored: ${note}`);
}

/** A false accept or a false reject. */
export function wrong(accepted: boolean, detail: string): Verdict {
  const kind = accepted ? "false accept" : "false reject";
  return { ...fail(detail === "" ? kind : `${kind}: ${detail}`), tally: kind } as Verdict;
}

/** The answer, refused when the value does not meet a further condition. */
export function demandOf<T>(answer: Answer<T>, holds: (value: T) => boolean, otherwise: string): Answer<T> {
  return "refused" in answer || holds(answer.value) ? answer : { refused: new Error(otherwise) };
}
