/**
 * What a search for a path tried, as a tree: the root is the end entity, below each certificate stand the ones that
 * might have issued it, in the order they were tried.
 *
 * @module
 */

import type { Certificate } from "../x509/certificate.ts";
import type { Name } from "../x509/name.ts";
import type { PathErrorCode } from "./path-error.ts";

/** Why a certificate was refused at one place of the tree. */
export interface ExplainedRefusal {
  /** As in a `PathError`. */
  readonly code: PathErrorCode;
  /** What is wrong, without its subject: "it expired at …". */
  readonly state: string;
  /** Whom it is about: the certificate itself or one below it, whose signature or name is wrong for instance. */
  readonly certificate: Certificate;
}

/** One certificate at one place of the tree. */
export interface PathExplanation {
  /** What it was tried as. */
  readonly position: "end-entity" | "intermediate" | "anchor";
  /** Its subject; absent when it cannot be read. */
  readonly subject?: Name;
  /** The certificate; absent for a trust anchor that is a name and a key. */
  readonly certificate?: Certificate;
  /**
   * - `verified`: it is on the path that was found
   * - `refused`: a check failed: `reason` says which
   * - `abandoned`: nothing is wrong with it, and no valid path leads through it, or the search ended
   */
  readonly outcome: "verified" | "refused" | "abandoned";
  /** Why it, or the path that it completed, was refused. */
  readonly reason?: ExplainedRefusal;
  /** The candidates for its issuer that were looked at. */
  readonly issuers: readonly PathExplanation[];
}

/** A place of the tree while the search goes on. */
export interface GrowingExplanation {
  position: PathExplanation["position"];
  subject?: Name;
  certificate?: Certificate;
  outcome: PathExplanation["outcome"];
  reason?: ExplainedRefusal;
  issuers: GrowingExplanation[];
}
