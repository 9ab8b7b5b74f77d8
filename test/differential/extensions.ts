/**
 * Extensions that `core/issue` has no encoder of its own for.
 *
 * @module
 */

import {
  derContextConstructed,
  derContextPrimitive,
  derInteger,
  derObjectIdentifier,
  derSequence,
} from "../../core/der/writer.ts";
import type { ExtensionTemplate } from "../../core/issue/mod.ts";

/** Policies of the cases. */
export const POLICY_1 = "1.3.6.1.4.1.99999.1";
export const POLICY_2 = "1.3.6.1.4.1.99999.2";
export const ANY_POLICY = "2.5.29.32.0";

/** certificatePolicies; not critical. */
export function certificatePolicies(...policies: readonly string[]): ExtensionTemplate {
  const value = derSequence(...policies.map((policy) => derSequence(derObjectIdentifier(policy))));
  return { oid: "2.5.29.32", critical: false, value };
}

/** policyMappings of one pair; critical. */
export function policyMappings(issuerDomain: string, subjectDomain: string): ExtensionTemplate {
  const pair = derSequence(derObjectIdentifier(issuerDomain), derObjectIdentifier(subjectDomain));
  return { oid: "2.5.29.33", critical: true, value: derSequence(pair) };
}

/** policyConstraints with one of its two fields; critical. */
export function policyConstraints(
  field: "requireExplicitPolicy" | "inhibitPolicyMapping",
  skip: number,
): ExtensionTemplate {
  const contents = derInteger(skip).subarray(2);
  const value = derSequence(derContextPrimitive(field === "requireExplicitPolicy" ? 0 : 1, contents));
  return { oid: "2.5.29.36", critical: true, value };
}

/** inhibitAnyPolicy; critical. */
export function inhibitAnyPolicy(skip: number): ExtensionTemplate {
  return { oid: "2.5.29.54", critical: true, value: derInteger(skip) };
}

/** An extension that nobody knows. */
export function unknownExtension(critical: boolean): ExtensionTemplate {
  return { oid: "1.3.6.1.4.1.99999.9", critical, value: derSequence() };
}

/** issuingDistributionPoint with one of its flags; critical. */
export function issuingDistributionPoint(only: "users" | "authorities"): ExtensionTemplate {
  const value = derSequence(derContextPrimitive(only === "users" ? 1 : 2, Uint8Array.of(0xff)));
  return { oid: "2.5.29.28", critical: true, value };
}

/** authorityKeyIdentifier that names the issuer and its serial number alone; not critical. */
export function authorityBySerial(issuer: Uint8Array, serialNumber: number): ExtensionTemplate {
  const value = derSequence(
    derContextConstructed(1, derContextConstructed(4, issuer)),
    derContextPrimitive(2, derInteger(serialNumber).subarray(2)),
  );
  return { oid: "2.5.29.35", critical: false, value };
}
