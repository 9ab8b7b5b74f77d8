/**
 * Policies as they come in requests.
 *
 * @module
 */

import { parsePolicy, type PolicyDocument, type PolicyKind } from "../../../core/policy/mod.ts";
import { isCoded } from "../../../core/base-error.ts";
import { refuse } from "../protocols/service-refusal.ts";

/**
 * Reads a policy.
 *
 * @throws {ServiceRefusal} `MalformedPolicyDocument`, with a JSON pointer
 */
export function readPolicy(text: string, kind: PolicyKind): PolicyDocument {
  try {
    return parsePolicy(text, kind, { maxSize: Infinity });
  } catch (error) {
    if (isCoded(error) && error.code.startsWith("ERR_POLICY_")) {
      throw refuse(400, "MalformedPolicyDocument", error.message);
    }
    throw error;
  }
}

/** Characters of a policy as IAM counts them: without white space. */
export function policySize(text: string): number {
  return text.replace(/\s+/g, "").length;
}
