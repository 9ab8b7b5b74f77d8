/**
 * Certificate policies along a path (RFC 5280 §6.1.1 to §6.1.5 as RFC 9618 updates them).
 *
 * @module
 */

import type { Certificate } from "../../x509/certificate.ts";
import { ANY_POLICY, CERTIFICATE_POLICIES } from "../../x509/extensions/certificate-policies.ts";
import { INHIBIT_ANY_POLICY } from "../../x509/extensions/inhibit-any-policy.ts";
import { POLICY_CONSTRAINTS } from "../../x509/extensions/policy-constraints.ts";
import { POLICY_MAPPINGS } from "../../x509/extensions/policy-mappings.ts";
import { type Refusal, refuse } from "../path-refusal.ts";
import { PolicyGraph } from "./policy-graph.ts";

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

/** A certificate at which policy processing failed. */
export interface PolicyFailure {
  /** Why. */
  readonly refusal: Refusal;
  /** Which certificate, counted from the end entity; the anchor is one past the last. */
  readonly depth: number;
}

/** A path to check. */
export interface PolicyPath {
  /** The certificates, the end entity first, without the anchor. */
  readonly certificates: readonly { readonly certificate: Certificate; readonly selfIssued: boolean }[];
  /** The anchor's certificate, when what it says about policies counts (RFC 5937 §3.2). */
  readonly anchor: Certificate | undefined;
}

/**
 * Processes the policies of a path from the anchor to the end entity.
 *
 * @param spend pays for that many steps before they are made
 */
export function checkPolicies(
  { certificates, anchor }: PolicyPath,
  inputs: PolicyInputs,
  spend: (steps: number) => void,
): ValidPolicies | PolicyFailure {
  const n = certificates.length;
  if (!inputs.requireExplicitPolicy && !mentionsPolicies(anchor)) {
    let mentioned = false;
    for (let i = 0; i < n && !mentioned; i++) mentioned = mentionsPolicies(certificates[i]!.certificate);
    if (!mentioned) return { authorityConstrained: [], userConstrained: [], explicit: false };
  }
  const graph = new PolicyGraph();
  // §6.1.2 (d), (e), (f): how many more certificates may come.
  let explicitPolicy = inputs.requireExplicitPolicy ? 0 : n + 1;
  let inhibitAnyPolicy = inputs.inhibitAnyPolicy ? 0 : n + 1;
  let policyMapping = inputs.inhibitPolicyMapping ? 0 : n + 1;

  for (let depth = anchor === undefined ? n - 1 : n; depth >= 0; depth--) {
    const isAnchor = depth === n;
    const certificate = isAnchor ? anchor! : certificates[depth]!.certificate;
    const selfIssued = !isAnchor && certificates[depth]!.selfIssued;
    const final = depth === 0;

    const policies = certificate.decode(CERTIFICATE_POLICIES);
    if (policies !== undefined) {
      spend(policies.length + graph.width);
      // A self-issued intermediate may carry anyPolicy whatever is inhibited.
      const allowAnyPolicy = inhibitAnyPolicy > 0 || (!final && selfIssued);
      graph.addPolicies(policies.map(({ policy }) => policy), allowAnyPolicy);
    } else if (!isAnchor) graph.clear();
    if (explicitPolicy === 0 && graph.isNull) return failure("no certificate policy of the path is valid here", depth);

    if (final) {
      // §6.1.5 (a), (b).
      explicitPolicy = Math.max(0, explicitPolicy - 1);
      if (certificate.decode(POLICY_CONSTRAINTS)?.requireExplicitPolicy === 0) explicitPolicy = 0;
      break;
    }

    const mappings = certificate.decode(POLICY_MAPPINGS);
    if (mappings !== undefined) {
      // An anchor that names no policies has all of them, and they need a depth of their own to be mapped at.
      if (isAnchor && policies === undefined) graph.addPolicies([ANY_POLICY], true);
      if (mappings.some((one) => one.issuerDomainPolicy === ANY_POLICY || one.subjectDomainPolicy === ANY_POLICY)) {
        return failure("its policyMappings map from or to anyPolicy", depth);
      }
      spend(mappings.length);
      graph.map(mappings, policyMapping > 0);
    }
    // §6.1.4 (h), (i), (j).
    if (!isAnchor && !selfIssued) {
      explicitPolicy = Math.max(0, explicitPolicy - 1);
      policyMapping = Math.max(0, policyMapping - 1);
      inhibitAnyPolicy = Math.max(0, inhibitAnyPolicy - 1);
    }
    const constraints = certificate.decode(POLICY_CONSTRAINTS);
    if (constraints !== undefined) {
      explicitPolicy = Math.min(explicitPolicy, constraints.requireExplicitPolicy ?? explicitPolicy);
      policyMapping = Math.min(policyMapping, constraints.inhibitPolicyMapping ?? policyMapping);
    }
    inhibitAnyPolicy = Math.min(inhibitAnyPolicy, certificate.decode(INHIBIT_ANY_POLICY) ?? inhibitAnyPolicy);
  }

  // §6.1.5 (g) as RFC 9618 §5.6 has it.
  const authority = graph.authorityPolicies();
  const user = acceptableOf(authority, inputs.acceptable);
  const explicit = explicitPolicy === 0;
  if (explicit && user.length === 0) return failure("the path is valid for none of the acceptable policies", 0);
  return { authorityConstrained: [...authority], userConstrained: user, explicit };
}

function acceptableOf(authority: ReadonlySet<string>, acceptable: readonly string[]): readonly string[] {
  if (acceptable.includes(ANY_POLICY)) return [...authority];
  return authority.has(ANY_POLICY) ? acceptable : acceptable.filter((policy) => authority.has(policy));
}

/** Whether a certificate has any of the extensions; most paths have none, and are valid for no policy in particular. */
function mentionsPolicies(certificate: Certificate | undefined): boolean {
  if (certificate === undefined) return false;
  const { extensions } = certificate;
  for (let i = 0; i < extensions.length; i++) {
    const { oid } = extensions[i]!;
    if (
      oid === CERTIFICATE_POLICIES.oid || oid === POLICY_CONSTRAINTS.oid || oid === POLICY_MAPPINGS.oid ||
      oid === INHIBIT_ANY_POLICY.oid
    ) return true;
  }
  return false;
}

function failure(state: string, depth: number): PolicyFailure {
  return { refusal: refuse("ERR_PATH_POLICY", state), depth };
}
