/**
 * A path that has been validated. Holding one is the proof.
 *
 * @module
 */

import type { Certificate } from "../x509/certificate.ts";
import type { PathExplanation } from "./path-explanation.ts";
import type { ValidPolicies } from "./policies/policy-inputs.ts";
import type { TrustAnchor } from "./trust-anchor.ts";

/** Only `validatePath` holds this; no entry point exports it. */
export const VALIDATED: unique symbol = /* @__PURE__ */ Symbol("validated");

/** What a {@link VerifiedPath} says. */
export interface VerifiedPathFields {
  readonly endEntity: Certificate;
  readonly intermediates: readonly Certificate[];
  readonly anchor: Certificate | TrustAnchor;
  readonly time: number;
  readonly policies: ValidPolicies;
  readonly explanation: PathExplanation | undefined;
}

/** From an end-entity certificate to a trust anchor, every certificate checked; only `validatePath` makes one. */
export class VerifiedPath {
  /** The end-entity certificate. */
  readonly endEntity: Certificate;
  /** The certificates between the end entity and the anchor, the end entity's issuer first. */
  readonly intermediates: readonly Certificate[];
  /** The trust anchor, as it was given. */
  readonly anchor: Certificate | TrustAnchor;
  /** The time that the path was validated for, in milliseconds since the epoch. */
  readonly time: number;
  /** The certificate policies that the path is valid for. */
  readonly policies: ValidPolicies;
  /** What was tried; present when it was asked for by `explain: "tree"`. */
  readonly explanation?: PathExplanation;

  /** Not for callers: `validatePath` makes it. @throws {TypeError} when called from anywhere but the validator */
  constructor(proof: typeof VALIDATED, fields: VerifiedPathFields) {
    if (proof !== VALIDATED) throw new TypeError("a VerifiedPath is made by validatePath() alone");
    this.endEntity = fields.endEntity;
    this.intermediates = fields.intermediates;
    this.anchor = fields.anchor;
    this.time = fields.time;
    this.policies = fields.policies;
    if (fields.explanation !== undefined) this.explanation = fields.explanation;
  }
}
