/**
 * The session policies that a profile adds: whether STS takes them.
 *
 * @see STS API reference, "AssumeRole": Policy, PolicyArns
 * @module
 */

import { isCoded } from "../base-error.ts";
import { parsePolicy } from "../policy/policy-document.ts";
import type { DecisionContext } from "./decision-context.ts";
import type { RefuseRole } from "./session-denial.ts";
import type { ProfileState } from "./session-state.ts";

/** A policy that limits what a session may do. */
export interface SessionPolicy {
  /** `inline`, or the ARN of a managed policy. */
  readonly name: string;
  /** JSON text. */
  readonly document: string;
}

/** Most managed session policies of STS; a profile may name more. */
const MAX_MANAGED_POLICIES = 10;

/** Most characters of all session policies together. */
const MAX_CHARACTERS = 2048;

/**
 * Collects the session policies of a profile.
 *
 * @throws {SessionDenial} when there are too many, one does not exist or cannot be read, or they are too long
 */
export function checkSessionPolicies(
  { sessionPolicy, managedPolicies = [] }: ProfileState,
  { trace }: DecisionContext,
  refuse: RefuseRole,
): readonly SessionPolicy[] {
  if (sessionPolicy === undefined && managedPolicies.length === 0) {
    trace.pass("session-policy", "the profile has no session policy");
    return [];
  }
  if (managedPolicies.length > MAX_MANAGED_POLICIES) {
    const detail = `the profile names ${managedPolicies.length} managed policies, STS takes ${MAX_MANAGED_POLICIES}`;
    throw refuse("session-policy", detail, { managedPolicies: managedPolicies.length });
  }
  const policies: SessionPolicy[] = sessionPolicy === undefined ? [] : [{ name: "inline", document: sessionPolicy }];
  for (const { arn, document } of managedPolicies) {
    if (document === undefined) throw refuse("session-policy", "a managed policy does not exist", { policyArn: arn });
    policies.push({ name: arn, document });
  }
  const characters = policies.reduce((sum, { document }) => sum + document.length, 0);
  const inputs = { policies: policies.map(({ name }) => name), characters, limit: MAX_CHARACTERS };
  if (characters > MAX_CHARACTERS) {
    const detail = `the session policies have ${characters} characters, STS takes ${MAX_CHARACTERS}`;
    throw refuse("session-policy", detail, inputs);
  }
  for (const { name, document } of policies) {
    try {
      parsePolicy(document, "permissions");
    } catch (error) {
      if (!isCoded(error)) throw error;
      throw refuse("session-policy", `the session policy ${name} is malformed: ${error.message}`, inputs);
    }
  }
  trace.pass("session-policy", "the session may do what the role and these policies allow", inputs);
  return policies;
}
