/**
 * Policy mappings (RFC 5280 §4.2.1.5).
 *
 * @module
 */

import { readObjectIdentifier } from "../known-object-identifier.ts";
import type { ExtensionType } from "./extension.ts";

/** Two policies that the issuer considers equivalent. */
export interface PolicyMapping {
  /** A policy of the issuer, dotted. */
  readonly issuerDomainPolicy: string;
  /** The policy of the subject that stands for it, dotted. */
  readonly subjectDomainPolicy: string;
}

/** Pairs of policies, at least one; anyPolicy among them is for path validation to refuse. */
export const POLICY_MAPPINGS: ExtensionType<readonly PolicyMapping[]> = {
  oid: "2.5.29.33",
  name: "policyMappings",
  read(reader) {
    const offset = reader.position;
    const sequence = reader.sequence("policyMappings");
    if (sequence.done) sequence.fail("ERR_DER_VALUE", "policyMappings", offset, "there is no mapping");
    const mappings: PolicyMapping[] = [];
    while (!sequence.done) {
      const mapping = sequence.sequence("policyMappings");
      const issuerDomainPolicy = readObjectIdentifier(mapping, "policyMappings.issuerDomainPolicy");
      const subjectDomainPolicy = readObjectIdentifier(mapping, "policyMappings.subjectDomainPolicy");
      mapping.finish("policyMappings");
      mappings.push({ issuerDomainPolicy, subjectDomainPolicy });
    }
    return mappings;
  },
};
