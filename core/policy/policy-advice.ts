/**
 * What advice on a policy is, and what it is based on besides the policy.
 *
 * @module
 */

import type { AttributeMapping, SessionTag } from "./attribute-mapping.ts";

/** How much a piece of advice matters. */
export type AdviceSeverity = "critical" | "high" | "medium" | "low";

/** A piece of advice. */
export interface PolicyAdvice {
  /** Number of the rule: `RA013`. */
  readonly id: string;
  /** How much it matters. */
  readonly severity: AdviceSeverity;
  /** JSON pointer to what it is about; empty for the policy as a whole. */
  readonly pointer: string;
  /** What is the matter, as one sentence. */
  readonly message: string;
  /** What to do, as one sentence. */
  readonly advice: string;
}

/** What is known besides the policy. Rules that need more than is given are left out. */
export interface TrustPolicyFacts {
  /** Attribute mappings of the profile through which the role is assumed. */
  readonly attributeMappings?: readonly AttributeMapping[];
  /** Session tags that a certificate gets. */
  readonly tags?: readonly SessionTag[];
  /** `MaxSessionDuration` of the role. */
  readonly maxSessionDurationSeconds?: number;
  /** `durationSeconds` of the profile. */
  readonly profileDurationSeconds?: number;
  /** The trust anchor through which the role is assumed. */
  readonly trustAnchorArn?: string;
}
