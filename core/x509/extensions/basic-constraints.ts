/**
 * Basic constraints (RFC 5280 §4.2.1.9).
 *
 * @module
 */

import { TAG } from "../../der/tag.ts";
import type { ExtensionType } from "./extension.ts";

/** Whether the subject is a certification authority, and how long paths below it may be. */
export interface BasicConstraints {
  /** Whether the key may sign certificates. */
  readonly ca: boolean;
  /** How many intermediate certificates may follow; absent: any number. May stand, without effect, where `ca` is false. */
  readonly pathLength?: number;
}

/** Basic constraints. `cA` written out as FALSE is accepted. */
export const BASIC_CONSTRAINTS: ExtensionType<BasicConstraints> = {
  oid: "2.5.29.19",
  name: "basicConstraints",
  read(reader) {
    const sequence = reader.sequence("basicConstraints");
    const ca = sequence.peek() === TAG.boolean && sequence.boolean("basicConstraints.cA");
    const pathLength = sequence.done
      ? undefined
      : sequence.smallInteger("basicConstraints.pathLenConstraint", 0, 0x7fffffff);
    sequence.finish("basicConstraints");
    return pathLength === undefined ? { ca } : { ca, pathLength };
  },
};
