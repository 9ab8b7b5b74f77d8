/**
 * Certificate policies (RFC 5280 §4.2.1.4).
 *
 * @module
 */

import type { Bytes } from "../../bytes/bytes.ts";
import type { DerReader } from "../../der/reader.ts";
import { readObjectIdentifier } from "../known-object-identifier.ts";
import type { ExtensionType } from "./extension.ts";

/** anyPolicy. */
export const ANY_POLICY = "2.5.29.32.0";

/** A policy under which the certificate was issued. */
export interface PolicyInformation {
  /** Dotted. */
  readonly policy: string;
  /** Qualifiers, at least one; absent: none. */
  readonly qualifiers?: readonly PolicyQualifier[];
}

/** A qualifier of a policy: where its statement is, or a notice for users. */
export interface PolicyQualifier {
  /** policyQualifierId, dotted: 1.3.6.1.5.5.7.2.1 (CPS) or 1.3.6.1.5.5.7.2.2 (user notice). */
  readonly oid: string;
  /** The qualifier, a whole element, not looked into. */
  readonly value: Bytes;
}

/** Policies, at least one, no two the same. */
export const CERTIFICATE_POLICIES: ExtensionType<readonly PolicyInformation[]> = {
  oid: "2.5.29.32",
  name: "certificatePolicies",
  read(reader) {
    const start = reader.position;
    const sequence = reader.sequence("certificatePolicies");
    if (sequence.done) sequence.fail("ERR_DER_VALUE", "certificatePolicies", start, "there is no policy");
    const policies = new Map<string, PolicyInformation>();
    while (!sequence.done) {
      const offset = sequence.position;
      const information = sequence.sequence("certificatePolicies");
      const policy = readObjectIdentifier(information, "certificatePolicies.policyIdentifier");
      if (policies.has(policy)) {
        sequence.fail("ERR_DER_VALUE", "certificatePolicies", offset, `policy ${policy} is there twice`);
      }
      policies.set(policy, information.done ? { policy } : { policy, qualifiers: readQualifiers(information) });
      information.finish("certificatePolicies");
    }
    return [...policies.values()];
  },
};

function readQualifiers(reader: DerReader): PolicyQualifier[] {
  const reading = "certificatePolicies.policyQualifiers";
  const offset = reader.position;
  const sequence = reader.sequence(reading);
  if (sequence.done) sequence.fail("ERR_DER_VALUE", reading, offset, "there is no qualifier");
  const qualifiers: PolicyQualifier[] = [];
  while (!sequence.done) {
    const qualifier = sequence.sequence(reading);
    const oid = readObjectIdentifier(qualifier, reading);
    const value = qualifier.raw(-1, reading);
    qualifier.finish(reading);
    qualifiers.push({ oid, value });
  }
  return qualifiers;
}
