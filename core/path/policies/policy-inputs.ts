/**
 * What a caller may ask of certificate policies, and what it hears about them (RFC 5280 §6.1.1, §6.1.6).
 *
 * @module
 */

import { ANY_POLICY } from "../../x509/extensions/certificate-policies.ts";

/** What the caller wants of policies (RFC 5280 §6.1.1 (c), (e), (f), (g)). */
export interface PolicyInputs {
  /** user-initial-policy-set, dotted; anyPolicy (`2.5.29.32.0`) stands for all. */
  readonly acceptable: readonly string[];
  /** initial-explicit-policy: the path must be valid for one of the acceptable policies. */
  readonly requireExplicitPolicy: boolean;
  /** initial-policy-mapping-inhibit: policies may not be mapped. */
  readonly inhibitPolicyMapping: boolean;
  /** initial-any-policy-inhibit: anyPolicy in a certificate stands for nothing. */
  readonly inhibitAnyPolicy: boolean;
}

/** Any policy will do, and none is required: what RFC 5280 §6.2 expects of most applications. */
export const DEFAULT_POLICY_INPUTS: PolicyInputs = {
  acceptable: [ANY_POLICY],
  requireExplicitPolicy: false,
  inhibitPolicyMapping: false,
  inhibitAnyPolicy: false,
};

/** For which policies a path is valid. */
export interface ValidPolicies {
  /** Policies that all certificates of the path carry, by the names that the certificate nearest to the anchor uses. */
  readonly authorityConstrained: readonly string[];
  /** Those of them that the caller accepts. */
  readonly userConstrained: readonly string[];
  /** Whether one was required: by the caller or by a certificate of the path. */
  readonly explicit: boolean;
}
