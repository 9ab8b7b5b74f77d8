/**
 * Policy constraints (RFC 5280 §4.2.1.11).
 *
 * @module
 */

import type { DerReader } from "../../der/reader.ts";
import { contextPrimitive } from "../../der/tag.ts";
import type { ExtensionType } from "./extension.ts";

/** After how many more certificates policies are constrained; at least one field is there. */
export interface PolicyConstraints {
  /** Certificates that may follow before an acceptable policy is required. */
  readonly requireExplicitPolicy?: number;
  /** Certificates that may follow before policy mapping is forbidden. */
  readonly inhibitPolicyMapping?: number;
}

/** Policy constraints. */
export const POLICY_CONSTRAINTS: ExtensionType<PolicyConstraints> = {
  oid: "2.5.29.36",
  name: "policyConstraints",
  read(reader) {
    const offset = reader.position;
    const sequence = reader.sequence("policyConstraints");
    if (sequence.done) sequence.fail("ERR_DER_VALUE", "policyConstraints", offset, "there is no constraint");
    const requireExplicitPolicy = readSkip(sequence, 0, "policyConstraints.requireExplicitPolicy");
    const inhibitPolicyMapping = readSkip(sequence, 1, "policyConstraints.inhibitPolicyMapping");
    sequence.finish("policyConstraints");
    return {
      ...(requireExplicitPolicy === undefined ? {} : { requireExplicitPolicy }),
      ...(inhibitPolicyMapping === undefined ? {} : { inhibitPolicyMapping }),
    };
  },
};

function readSkip(reader: DerReader, tag: number, reading: string): number | undefined {
  return reader.peek() === contextPrimitive(tag)
    ? reader.smallInteger(reading, 0, 0x7fffffff, contextPrimitive(tag))
    : undefined;
}
