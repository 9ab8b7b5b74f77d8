/**
 * Certificate policies along a path (RFC 5280 §6.1.1 to §6.1.5 as RFC 9618 updates them).
 *
 * @module
 */

import { isCoded } from "../../base-error.ts";
import type { Certificate } from "../../x509/certificate.ts";
import { ANY_POLICY, CERTIFICATE_POLICIES } from "../../x509/extensions/certificate-policies.ts";
import { INHIBIT_ANY_POLICY } from "../../x509/extensions/inhibit-any-policy.ts";
import { POLICY_CONSTRAINTS } from "../../x509/extensions/policy-constraints.ts";
import { POLICY_MAPPINGS } from "../../x509/extensions/policy-mappings.ts";
import { type Refusal, refuse } from "../path-refusal.ts";
import { PolicyGraph } from "./policy-graph.ts";
import type { PolicyInputs, ValidPolicies } from "./policy-inputs.ts";

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
  for (let depth = 0; depth <= n; depth++) {
    const certificate = certificates[depth]?.certificate ?? anchor;
    const refusal = certificate === undefined ? undefined : checkExtensions(certificate, spend);
    if (refusal !== undefined) return { refusal, depth };
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

/**
 * Refuses extensions that are malformed, and critical policies whose qualifiers are not those of RFC 5280: who cannot
 * interpret a qualifier must refuse those (§4.2.1.4).
 */
function checkExtensions(certificate: Certificate, spend: (steps: number) => void): Refusal | undefined {
  try {
    for (const type of [POLICY_MAPPINGS, POLICY_CONSTRAINTS, INHIBIT_ANY_POLICY]) certificate.decode<unknown>(type);
    const policies = certificate.decode(CERTIFICATE_POLICIES) ?? [];
    if (certificate.extension(CERTIFICATE_POLICIES.oid)?.critical !== true) return undefined;
    spend(policies.length);
    const strange = policies.flatMap(({ qualifiers = [] }) => qualifiers)
      .find(({ oid }) => oid !== CPS && oid !== USER_NOTICE);
    return strange === undefined ? undefined : refuse(
      "ERR_PATH_CRITICAL_EXTENSION",
      `its critical certificatePolicies have an unsupported qualifier, ${strange.oid}`,
    );
  } catch (cause) {
    if (!isCoded(cause)) throw cause;
    // What is malformed is read again for every path that it is on.
    spend(certificate.der.length);
    return refuse("ERR_PATH_MALFORMED", `it is malformed: ${cause.message}`, cause);
  }
}

function failure(state: string, depth: number): PolicyFailure {
  return { refusal: refuse("ERR_PATH_POLICY", state), depth };
}

const CPS = "1.3.6.1.5.5.7.2.1";
const USER_NOTICE = "1.3.6.1.5.5.7.2.2";
