/**
 * A path that has been validated. Holding one is the proof.
 *
 * @module
 */

import type { Certificate } from "../x509/certificate.ts";

/** Only `validatePath` holds this; no entry point exports it. */
export const VALIDATED: unique symbol = /* @__PURE__ */ Symbol("validated");

/** From an end-entity certificate to a trust anchor, every certificate checked; only `validatePath` makes one. */
export class VerifiedPath {
  /** The end-entity certificate. */
  readonly endEntity: Certificate;
  /** The certificates between the end entity and the anchor, the end entity's issuer first. */
  readonly intermediates: readonly Certificate[];
  /** The trust anchor. */
  readonly anchor: Certificate;
  /** The time that the path was validated for, in milliseconds since the epoch. */
  readonly time: number;

  /** Not for callers: `validatePath` makes it. @throws {TypeError} when called from anywhere but the validator */
  constructor(
    proof: typeof VALIDATED,
    endEntity: Certificate,
    intermediates: readonly Certificate[],
    anchor: Certificate,
    time: number,
  ) {
    if (proof !== VALIDATED) throw new TypeError("a VerifiedPath is made by validatePath() alone");
    this.endEntity = endEntity;
    this.intermediates = intermediates;
    this.anchor = anchor;
    this.time = time;
  }
}
