/**
 * Who calls an operation.
 *
 * @module
 */

import type { SessionTag } from "../../core/policy/mod.ts";

/** Whoever signed a request. */
export interface Caller {
  /** `user`: a long-term access key, which may do everything; `session`: temporary credentials of this emulator. */
  readonly kind: "user" | "session";
  /** Twelve digits. */
  readonly account: string;
  /** `arn:aws:iam::…:user/…` or `arn:aws:sts::…:assumed-role/…`. */
  readonly arn: string;
  /** As GetCallerIdentity answers it. */
  readonly userId: string;
  /** What a session brings with it; absent for a user. */
  readonly session?: CallerSession;
}

/** The part of a session that policies look at. */
export interface CallerSession {
  /** The role, path included. */
  readonly roleArn: string;
  /** Its source identity; absent: none. */
  readonly sourceIdentity?: string;
  /** Session tags. */
  readonly tags: readonly SessionTag[];
  /** Inline and managed session policies: JSON texts by name; none: the role's policies alone count. */
  readonly policies: readonly { readonly name: string; readonly document: string }[];
  /** When it was made, milliseconds since the epoch. */
  readonly issuedMs: number;
  /** When it ends, milliseconds since the epoch. */
  readonly expiresMs: number;
}
