/**
 * Building and validating a certification path (RFC 5280 §6.1, RFC 4158).
 *
 * Public: variable time; certificates are public.
 *
 * @module
 */

import type { Certificate } from "../x509/certificate.ts";
import { BudgetSpent, PathBudget } from "./budget.ts";
import { CandidatePool } from "./issuer-candidates.ts";
import { PathSearch } from "./path-search.ts";
import { resolveOptions, type ValidatePathOptions } from "./validation-options.ts";
import { VALIDATED, VerifiedPath } from "./verified-path.ts";

/**
 * Finds a path from the certificate to one of the anchors and validates it: signatures, validity, the chain of names,
 * the right to issue (basicConstraints, pathLenConstraint, keyUsage), purpose, name constraints, certificate policies,
 * critical extensions and, when it is asked for, revocation. The anchor's certificate is checked like the others but
 * for its signature, unless the anchor says otherwise.
 *
 * @throws {PathError} with the most specific reason when there is none
 * @throws {TypeError} when an option is unknown, or `revocation` is not given
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-6.1
 */
export async function validatePath(certificate: Certificate, options: ValidatePathOptions): Promise<VerifiedPath> {
  const resolved = resolveOptions(options);
  const { algorithms, crypto, keys, limits, time } = resolved;
  const search = new PathSearch(certificate, resolved, new CandidatePool("anchor", options.anchors), {
    intermediates: new CandidatePool("intermediate", options.intermediates),
    certificates: options.intermediates,
    signatures: { crypto, algorithms, keys, budget: new PathBudget(limits), imported: new Map() },
    names: undefined,
    pendingSigners: [],
  });
  let found;
  try {
    found = await search.find();
  } catch (error) {
    if (error instanceof BudgetSpent) throw search.error(error);
    throw error;
  }
  if (found === undefined) throw search.error();
  search.keepKeys(found);
  return new VerifiedPath(VALIDATED, {
    endEntity: certificate,
    intermediates: found.members.slice(1).map((member) => member.certificate!),
    anchor: found.anchor.anchor!,
    time,
    policies: found.policies,
    explanation: search.explanation,
  });
}
